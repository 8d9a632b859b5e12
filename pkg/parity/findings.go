package parity

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"simtrace/internal/digits"
	"simtrace/internal/shell"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

// maxFindings is how many lines the summary points at.
const maxFindings = 4

// collectFindings picks the lines to look at: those of the causes, those of
// the notes, then roots that nobody explains, and what comes of it.
func (r *Report) collectFindings() {
	if r.Verdict == Refused {
		return // no verdict, nothing found
	}
	seen := map[string]bool{}
	add := func(f explain.Finding) {
		if p := f.Pos.String(); !seen[p] && len(r.Findings) < maxFindings {
			seen[p] = true
			f.What = strings.Replace(f.What, " ("+p+")", "", 1) // it stands before the finding
			r.Findings = append(r.Findings, f)
		}
	}
	// Each cause gets its turn before one gets a second line.
	for turn := 0; turn < 2; turn++ {
		for _, c := range append(r.CausesByShare(), r.Notes...) {
			if turn < len(c.Findings) {
				add(c.Findings[turn])
			}
		}
	}
	for _, g := range r.RootGroups() {
		if g.Unexplained() {
			add(rowFinding(g.First().Row, g.comment()))
		}
	}
	if row := r.FirstRow(); row != nil && row.Gap == diff.Lost {
		add(lostFinding(row))
	}
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Key == schema.IPixelFinal && !r.Foreign() && row.Diverged() {
			add(rowFinding(row, "what comes of it"))
		}
	}
}

// CausesByShare returns the causes with the largest part of the intensity
// first; those without a share follow in causal order.
func (r *Report) CausesByShare() []explain.Cause {
	size := func(c explain.Cause) float64 {
		if c.Share == nil {
			return 0
		}
		return math.Abs(c.Share.Value)
	}
	out := append([]explain.Cause(nil), r.Causes...)
	sort.SliceStable(out, func(i, j int) bool { return size(out[i]) > size(out[j]) })
	return out
}

func rowFinding(row *diff.Row, what string) explain.Finding {
	if row.Ref == nil || row.Got == nil {
		return lostFinding(row)
	}
	text := fmt.Sprintf("%s differs from %s", row.Got.Name, row.Ref.Pos())
	const short = 40
	if a, b := row.Ref, row.Got; len(a.Values)+len(b.Values) == 0 && 0 < min(len(a.Text), len(b.Text)) && max(len(a.Text), len(b.Text)) <= short {
		text = fmt.Sprintf("%s is %s against %s (%s)", b.Name, b.Text, a.Text, a.Pos())
	}
	if ref, got, ok := row.Pair(); ok {
		name := row.Got.Name
		if row.Component != "" {
			name += " " + diff.PartName(row.Component)
		}
		theirs, its := digits.Cut(ref.Text, got.Text)
		text = fmt.Sprintf("%s is %s against %s (%s)", name, its, theirs, row.Ref.Pos())
	}
	return explain.Finding{Pos: row.Got.Pos(), What: text + "; " + what}
}

func lostFinding(row *diff.Row) explain.Finding {
	rec := row.Ref
	if rec == nil {
		rec = row.Got
	}
	return explain.Finding{Pos: rec.Pos(), What: fmt.Sprintf("%s has no partner: %s", rec.Name, row.Note)}
}

// reproduce writes the command lines that show the divergence again. The
// configuration cannot be told from a trace: where nobody says it, it is left
// for the reader.
func (r *Report) reproduce(opt Options) {
	config := opt.Config
	if r.Config = config; len(config) == 0 {
		config = []string{"--config", "CONFIG"}
	}
	if p, ok := r.Pixel(); ok && r.Verdict != Match {
		base := fmt.Sprintf("simtrace trace %s --pixel %d %d", shell.Join(config), p.Slow, p.Fast)
		const like = " --profile nanobragg --dialect c"
		r.Reproduce = append(r.Reproduce, base+like)
		// Flags that show a cause; those that choose a profile stand alone.
		for _, c := range r.Causes {
			switch {
			case strings.HasPrefix(c.Mimic, "--profile"):
				r.Reproduce = append(r.Reproduce, base+" "+c.Mimic)
			case c.Mimic != "":
				r.Reproduce = append(r.Reproduce, base+like+" "+c.Mimic)
			}
		}
	}
	if opt.Again != "" {
		r.Reproduce = append(r.Reproduce, opt.Again)
		return
	}
	r.Reproduce = append(r.Reproduce, fmt.Sprintf("tracecmp --ref %s --got %s --tolerance %g", shell.Quote(r.Ref.Path), shell.Quote(r.Got.Path), r.Tolerance))
}
