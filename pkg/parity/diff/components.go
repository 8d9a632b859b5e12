package diff

import "simtrace/pkg/trace"

// Component is one number of a row on both sides.
type Component struct {
	Name     string // "y", "[1,2]", "rotx"; "" for a scalar
	Ref, Got trace.Value
}

// Components returns the numbers that both sides of the row have, in the order
// of the reference; none where a side is missing.
func (r *Row) Components() []Component {
	if r.Ref == nil || r.Got == nil {
		return nil
	}
	kind := kindOf(r.Key, r.Ref, r.Rule.Kind)
	var out []Component
	for i, v := range r.Ref.Values {
		if g, ok := partner(r.Got, i, v.Name); ok {
			out = append(out, Component{componentName(kind, i, len(r.Ref.Values), v.Name), v, g})
		}
	}
	return out
}
