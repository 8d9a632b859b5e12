package report

import (
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/explain"
)

// sideNames are what the two sides are called: what the caller wants, else as their
// logs. Sides of one name are told apart by their roles.
func sideNames(r *parity.Report, names [2]string) [2]string {
	for i, in := range []*parity.Input{&r.Ref, &r.Got} {
		if names[i] == "" {
			names[i] = in.Name
			if folder, _, ok := strings.Cut(in.Name, "/trace_"); ok {
				names[i] = folder // of a report folder's trace
			}
		}
		if names[i] == "" || names[i] == "-" {
			names[i] = "standard input"
		}
	}
	if names[0] == names[1] {
		return [2]string{"the reference", "the other log"}
	}
	return names
}

// named returns the report with its sides called by name in every sentence. The rules
// that write them say "the reference" and "got".
func named(r *parity.Report, names [2]string) *parity.Report {
	say := func(s string) string { return CallByName(s, names) }
	each := func(list []string) []string {
		out := make([]string, len(list))
		for i, s := range list {
			out[i] = say(s)
		}
		return out
	}
	findings := func(list []explain.Finding) []explain.Finding {
		out := append([]explain.Finding(nil), list...)
		for i := range out {
			out[i].What = say(out[i].What)
		}
		return out
	}
	causes := func(list []explain.Cause) []explain.Cause {
		out := append([]explain.Cause(nil), list...)
		for i := range out {
			c := &out[i]
			c.Title, c.Checks, c.Evidence, c.Findings = say(c.Title), each(c.Checks), each(c.Evidence), findings(c.Findings)
			if c.Share != nil {
				share := *c.Share
				share.How = say(share.How)
				c.Share = &share
			}
		}
		return out
	}
	out := *r
	out.Findings = findings(r.Findings)
	out.Reasons, out.Residue, out.Headline = each(r.Reasons), each(r.Residue), say(r.Headline)
	out.Causes, out.Notes = causes(r.Causes), causes(r.Notes)
	out.RuledOut = append([]explain.RuledOut(nil), r.RuledOut...)
	for i := range out.RuledOut {
		out.RuledOut[i].Why = say(out.RuledOut[i].Why)
	}
	out.Roots = append([]parity.Root(nil), r.Roots...)
	for i := range out.Roots {
		out.Roots[i].Unobserved = each(out.Roots[i].Unobserved)
	}
	return &out
}

// CallByName replaces "the reference" and "got", as words of a sentence, by the names
// of the sides.
func CallByName(s string, names [2]string) string {
	if !strings.Contains(s, "got") && !strings.Contains(s, "reference") {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		bare := strings.TrimRight(w, ",.;:)")
		core := strings.TrimSuffix(bare, "'s")
		tail := w[len(core):]
		switch {
		case core == "got" || core == "(got":
			words[i] = strings.Replace(core, "got", names[1], 1) + tail
		case core == "reference" && i > 0 && strings.EqualFold(strings.TrimPrefix(words[i-1], "("), "the"):
			// The article goes; what stood before it stays.
			words[i-1], words[i] = strings.TrimSuffix(strings.TrimSuffix(words[i-1], "the"), "The")+names[0]+tail, ""
		}
	}
	out := words[:0]
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// upper starts a sentence, unless it begins with the name of a quantity or of a side: acc and Acc
// are two names.
func (b *builder) upper(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if word == b.names[0] || word == b.names[1] {
		return s
	}
	for _, q := range b.r.Schema().All() {
		if q.Name == word {
			return s
		}
	}
	for i := range b.r.Rows {
		if b.r.Rows[i].Name() == word {
			return s
		}
	}
	return doc.Upper(s)
}
