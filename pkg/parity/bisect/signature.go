package bisect

import (
	"sort"
	"strings"

	"simtrace/pkg/parity"
)

// Signature is what makes two divergences the same in kind: where they begin
// and what causes them, without the size of any number.
type Signature struct {
	Verdict parity.Verdict `json:"verdict"`
	First   string         `json:"first,omitempty"` // key that parts first in causal order
	Roots   []string       `json:"roots,omitempty"` // keys of the roots, in causal order
	Causes  []string       `json:"causes,omitempty"`
}

// SignatureOf reads the signature off a comparison.
func SignatureOf(r *parity.Report) Signature {
	s := Signature{Verdict: r.Verdict}
	if row := r.FirstRow(); row != nil {
		s.First = row.Name()
	}
	seen := map[string]bool{}
	for _, root := range r.Roots {
		if name := root.Row.Name(); !seen[name] {
			seen[name] = true
			s.Roots = append(s.Roots, name)
		}
	}
	for _, c := range r.Causes {
		s.Causes = append(s.Causes, c.ID)
	}
	sort.Strings(s.Causes)
	return s
}

// Same reports whether two signatures are of one kind.
func (s Signature) Same(t Signature) bool { return s.String() == t.String() }

// String says the signature in one line.
func (s Signature) String() string {
	if s.Verdict != parity.Diverged {
		return string(s.Verdict)
	}
	out := string(s.Verdict) + " from " + s.First
	if len(s.Roots) > 0 && (len(s.Roots) > 1 || s.Roots[0] != s.First) {
		out += ", roots " + strings.Join(s.Roots, " ")
	}
	if len(s.Causes) > 0 {
		return out + ", because of " + strings.Join(s.Causes, " ")
	}
	return out + ", no known cause"
}

// outcomeOf turns a verdict into an answer.
func outcomeOf(v parity.Verdict) Outcome {
	switch v {
	case parity.Match:
		return Good
	case parity.Diverged:
		return Bad
	}
	return CannotTell
}
