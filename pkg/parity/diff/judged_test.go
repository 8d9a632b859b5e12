package diff

import (
	stdcmp "cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// judgedLogs reads two logs for the judge, with one table of symbols. ok says
// that the judge knows all rules that they need: it infers no printed precision,
// numbers no samples, joins no block of two pieces, and no pixel that has a name to
// one that has none; and what says nothing at all it does not see.
func judgedLogs(t testing.TB, ref, got string) (logs [2]*trace.Log, ok bool) {
	t.Helper()
	symbols, how, notes := map[string]*trace.Symbol{}, map[bool]bool{}, false // how: pixels with names, and without
	ok = true
	for side, text := range []string{ref, got} {
		src := trace.Text(text, [2]string{"ref", "got"}[side])
		l, err := src.Log(context.Background(), schema.NanoBragg())
		if err != nil {
			t.Fatal(err)
		}
		logs[side] = l
		full, seen, told := false, map[string]bool{}, map[trace.BlockAt]bool{}
		for i := range l.Records {
			r := &l.Records[i]
			name := r.Name
			if q := r.Symbol.Info; q != nil && (q.Name == name || slices.Contains(q.Aliases, name)) {
				name = q.Name
			}
			id := fmt.Sprint(r.Stream, r.Key, name)
			if symbols[id] == nil {
				symbols[id] = r.Symbol
			}
			k := *r.Kind
			k.Symbol = symbols[id]
			r.Kind = &k
			ok = ok && !(r.At[schema.Sub] > 0 && r.At[schema.Layer] < 0) && plainNumbers(r, &full)
			if at := place(r); at[2] >= 0 {
				how[at[1] >= 0] = true
			}
			told[place(r)] = true
			notes = notes || r.Stream == trace.NoteStream
			id = fmt.Sprint(r.Line, r.Stream, r.Name)
			ok = ok && !seen[id] // else a line says something twice
			seen[id] = true
		}
		x, err := trace.Scan(context.Background(), src, trace.NewNames(schema.NanoBragg()), trace.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c, blocks := x.Cursor(), map[trace.BlockAt]bool{}
		for i := range x.Len() {
			at := c.At(i).At
			blocks[at] = true
			ok = ok && (told[at] || at.Setup() && at[0] == 0) // else a block has no record
		}
		for i := range l.Records {
			r := &l.Records[i]
			n := sort.Search(x.Len(), func(k int) bool { return c.At(k).Line >= int64(r.Line) }) - 1
			// A setup line among those of one of several pixels is of that pixel.
			ok = ok && !(r.Stream == trace.SetupStream && !c.At(n).At.Setup() && x.Len() > 2*x.Runs)
		}
		ok = ok && full && !x.Comma && len(blocks) == x.Len()
	}
	return logs, ok && len(how) < 2 && !(how[false] && notes) // of a note, the record does not tell that its pixel has no name
}

// plainNumbers tells whether no more than the number itself matters of the record's.
func plainNumbers(r *trace.Record, full *bool) bool {
	for _, v := range r.Values {
		if finite(v.Num) && math.Abs(v.Num) >= 1<<53 || strings.Contains(v.Text, ".") && strings.HasSuffix(v.Text, "0") || strings.ContainsAny(v.Text, "#*") {
			return false
		}
		*full = *full || Digits(v.Text) >= 15 && v.Num != math.Trunc(v.Num)
	}
	return len(r.Values) == 0 || r.Text == "" || r.Stream == trace.NoteStream // no units
}

// heldToJudge compares two logs both ways; it answers false where the judge is not
// asked.
func heldToJudge(t testing.TB, ref, got string, tolerance float64) bool {
	t.Helper()
	logs, ok := judgedLogs(t, ref, got)
	if !ok {
		return false
	}
	rows, err := All(context.Background(), trace.Text(ref, "ref"), trace.Text(got, "got"), tolerance)
	if err != nil {
		t.Fatal(err)
	}
	j := newJudge(logs)
	if j.aligned {
		return false
	}
	want, free := j.rule(tolerance)
	at := [2]map[string]*trace.Record{{}, {}}
	for side, l := range logs {
		for i := range l.Records {
			at[side][key(&l.Records[i])] = &l.Records[i]
		}
	}
	var have []ruling
	last := map[string][2]int{}
	for i := range rows {
		row := &rows[i]
		x := ruling{Name: row.Name(), Status: row.Status, Lost: row.Gap == Lost, Abs: row.Abs, Rel: row.Rel}
		id := ""
		var lines [2]int
		for side, r := range []*trace.Record{row.Ref, row.Got} {
			if r != nil {
				id, lines[side] = j.identity(side, at[side][key(r)]), r.Line
			}
		}
		x.Ref, x.Got = lines[0], lines[1]
		if !free[id] {
			have = append(have, x)
			continue
		}
		// Which of several is too much is the engine's choice. It keeps the
		// order, and what it pairs is measured like any other pair.
		if row.Ref == nil || row.Got == nil {
			continue
		}
		if lines[0] <= last[id][0] || lines[1] <= last[id][1] {
			t.Errorf("%s: lines %v are paired behind %v", x.Name, lines, last[id])
		}
		last[id] = lines
		have = append(have, x)
		want = append(want, measured(at[0][key(row.Ref)], at[1][key(row.Got)], tolerance))
	}
	open := map[string]bool{}
	for i := range want {
		if want[i].Open {
			open[fmt.Sprint(want[i].Name, want[i].Ref, want[i].Got)] = true
			want[i].Open, want[i].Lost = false, false
		}
	}
	for i := range have {
		if open[fmt.Sprint(have[i].Name, have[i].Ref, have[i].Got)] {
			have[i].Lost = false
		}
	}
	sortRulings(have)
	sortRulings(want)
	if d := cmp.Diff(want, have, cmpopts.EquateApprox(1e-12, 0), cmpopts.EquateNaNs()); d != "" {
		t.Errorf("the judge (-) and the engine (+) disagree:\n%s\n%s---\n%s", d, ref, got)
	}
	return true
}

func key(r *trace.Record) string { return fmt.Sprint(r.Line, r.Stream, r.Name) }

func sortRulings(list []ruling) {
	slices.SortFunc(list, func(x, y ruling) int {
		return stdcmp.Or(stdcmp.Compare(x.Ref, y.Ref), stdcmp.Compare(x.Got, y.Got), strings.Compare(x.Name, y.Name))
	})
}

// fullNumber is printed with 15 digits, so that no precision is inferred.
const fullNumber = "TRACE_C:close_distance_m=0.231271826111781\n"

// randomNumber is one of a few, so that many agree, and some are no numbers.
func randomNumber(r *rand.Rand) string {
	switch r.IntN(16) {
	case 0:
		return "nan"
	case 1:
		return "inf"
	case 2:
		return "-0"
	case 3:
		return strconv.FormatFloat(r.NormFloat64(), 'g', 15, 64)
	}
	return strconv.FormatFloat(1+1e-5*float64(r.IntN(3)), 'g', 15, 64)
}

// randomBlock writes lines of a pixel.
func randomBlock(r *rand.Rand, tag string) []string {
	v := func() string { return randomNumber(r) }
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)+"\n") }
	if r.IntN(4) > 0 {
		add("%s: pixel_pos_meters %s %s %s", tag, v(), v(), v())
		add("%s: R_distance_meters %s", tag, v())
	}
	for range r.IntN(6) {
		switch r.IntN(8) {
		case 0:
			add("%s: F_cell%s %s", tag, []string{"", "_nearest", "_interpolated"}[r.IntN(3)], v())
		case 1:
			add("%s: I_before_scaling%s %s", tag, []string{"", "_pre_polar"}[r.IntN(2)], []string{"NOT_EXTRACTED", v()}[r.IntN(2)])
		case 2:
			add("%s: unheard_of %s", tag, v())
		case 3:
			add("TRACE:   a = [%s, %s, %s] |a| = %s", v(), v(), v(), v())
		case 4:
			add("%s: steps %d", tag, r.IntN(3))
		case 5:
			add("%s_SOURCE%d: F_latt %s", tag, r.IntN(3), v())
		case 6:
			add("%s_TAP5: h %s k %s", tag, v(), v())
		case 7:
			add("%s: F_latt_b %s", tag, v())
		}
	}
	for tic := range r.IntN(4) {
		add("%s_PHI phi_tic=%d phi_deg=%s k_frac=%s F_latt_b=%s F_latt=%s", tag, tic, v(), v(), v(), v())
	}
	if r.IntN(3) > 0 {
		add("%s: I_pixel_final %s", tag, v())
		add("%s: floatimage_accumulated %s", tag, v())
	}
	return out
}

// randomRuns writes logs of several runs and pixels: blocks[run][pixel] lines.
func randomRuns(r *rand.Rand, tag string, named bool) [][][]string {
	var out [][][]string
	pixel := 0
	for range 1 + r.IntN(2)*r.IntN(3) {
		setup := []string{fullNumber, fmt.Sprintf("%s:fdet_after_rotz=%s %s 1\n", tag, randomNumber(r), randomNumber(r))}
		run := [][]string{setup}
		for range 1 + r.IntN(3) {
			block := randomBlock(r, tag)
			if named {
				block = slices.Insert(block, 0, fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n", pixel/2, pixel%2))
			}
			pixel++
			run = append(run, block)
			if !named {
				break
			}
		}
		out = append(out, run)
	}
	return out
}

func joined(runs [][][]string) string {
	var b strings.Builder
	for _, run := range runs {
		for _, block := range run {
			b.WriteString(strings.Join(block, ""))
		}
	}
	return b.String()
}

// damaged loses, repeats, moves, garbles and changes lines of a copy, and blocks.
func damaged(r *rand.Rand, runs [][][]string, n int) [][][]string {
	out := make([][][]string, len(runs))
	for i, run := range runs {
		for _, block := range run {
			out[i] = append(out[i], slices.Clone(block))
		}
	}
	for range n {
		run := out[r.IntN(len(out))]
		p := r.IntN(len(run))
		block := run[p]
		if len(block) < 2 {
			continue
		}
		i, k := 1+r.IntN(len(block)-1), 1+r.IntN(len(block)-1)
		switch r.IntN(7) {
		case 0:
			run[p] = slices.Delete(block, i, i+1)
		case 1:
			run[p] = slices.Insert(block, i, block[i])
		case 2:
			block[i], block[k] = block[k], block[i]
		case 3:
			if q := r.IntN(len(run)); p > 0 && q > 0 {
				run[p], run[q] = run[q], run[p]
			}
		case 4:
			block[i] = strings.Replace(block[i], " ", " x1y ", 1)
		default:
			words := strings.Fields(block[i])
			if last := words[len(words)-1]; !strings.ContainsAny(last, "=:") {
				block[i] = strings.TrimSuffix(block[i], last+"\n") + randomNumber(r) + "\n"
			}
		}
	}
	return out
}

// The engine is held to the judge on random logs: several pixels and runs, lost,
// repeated and moved lines, moved blocks, stand-ins, and numbers that are none.
// SIMTRACE_LONG takes more pairs.
func TestJudge(t *testing.T) {
	pairs, asked := 1000, 0
	switch {
	case testkit.Long():
		pairs = 200000
	case testkit.UnderRace():
		pairs = 100
	}
	for n := range pairs {
		r := rand.New(rand.NewPCG(uint64(n), 11))
		tag := []string{"TRACE_C", "TRACE_PY", "TRACE_X"}[r.IntN(3)]
		named := r.IntN(5) > 0
		ref := randomRuns(r, "TRACE_C", named)
		got := ref
		if r.IntN(4) == 0 {
			got = randomRuns(r, tag, named)
		}
		a, b := joined(damaged(r, ref, r.IntN(3))), joined(damaged(r, got, r.IntN(6)))
		if r.IntN(3) == 0 {
			b = strings.NewReplacer("TRACE_C:", tag+":", "TRACE_C_", tag+"_").Replace(b)
		}
		tolerance := []float64{0, 1e-6, 1e-3}[r.IntN(3)]
		if heldToJudge(t, a, b, tolerance) {
			asked++
		}
		if heldToJudge(t, b, a, tolerance); t.Failed() {
			t.Fatalf("pair %d", n)
		}
	}
	t.Logf("the judge was asked of %d of %d pairs", asked, pairs)
	if asked < pairs/2 {
		t.Errorf("the judge was asked of %d of %d pairs only", asked, pairs)
	}
}

func FuzzJudge(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		runs := randomRuns(r, "TRACE_C", true)
		f.Add(joined(runs), joined(damaged(r, runs, 3)))
	}
	f.Fuzz(func(t *testing.T, ref, got string) { heldToJudge(t, ref, got, 1e-6) })
}
