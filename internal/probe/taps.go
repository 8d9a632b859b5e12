package probe

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/suggest"
	"simtrace/internal/yamlfile"
	"simtrace/pkg/trace/schema"
)

func (s *Spec) readTaps(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return s.file.Fail(n, "taps must be a list of at least one tap")
	}
	for _, c := range n.Content {
		t, err := s.readTap(yamlfile.Resolved(c))
		if err != nil {
			return err
		}
		s.Taps = append(s.Taps, *t)
	}
	return nil
}

func (s *Spec) readTap(n *yaml.Node) (*Tap, error) {
	fields, err := s.file.Fields(n, "a tap", "at", "when", "once", "quantity", "value", "stream", "each", "always", "calls", "per")
	if err != nil {
		return nil, err
	}
	t := &Tap{}
	if err := s.readStop(&t.Stop, n, fields, "a tap"); err != nil {
		return nil, err
	}
	if fields["quantity"] == nil {
		return nil, s.file.Fail(n, "a tap needs a quantity, the name that its values get")
	}
	if t.Quantity, err = s.file.Word(fields["quantity"], "quantity"); err != nil {
		return nil, err
	}
	if strings.ContainsAny(t.Quantity, " \t=") {
		return nil, s.file.Fail(fields["quantity"], "a quantity's name is one word, not %q", t.Quantity)
	}
	if t.Always, err = s.flag(fields["always"], "always"); err != nil {
		return nil, err
	}
	if t.Calls, err = s.flag(fields["calls"], "calls"); err != nil {
		return nil, err
	}
	if err := s.readValues(t, n, fields["value"]); err != nil {
		return nil, err
	}
	if e := fields["each"]; e != nil {
		if t.Each, err = s.file.Word(e, "each"); err != nil {
			return nil, err
		}
	}
	if err := s.identify(t, fields["quantity"], fields["stream"]); err != nil {
		return nil, err
	}
	return t, s.readPer(t, fields["per"])
}

func (s *Spec) readValues(t *Tap, tap, n *yaml.Node) error {
	if n == nil {
		return s.file.Fail(tap, "a tap needs a value: an expression, or a list of them")
	}
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	if len(list) == 0 {
		return s.file.Fail(n, "value is empty")
	}
	for _, v := range list {
		e, err := s.expr(yamlfile.Resolved(v), "value")
		if err != nil {
			return err
		}
		t.Values = append(t.Values, e)
	}
	return nil
}

// identify finds the tap's quantity in the schema, and what places it.
func (s *Spec) identify(t *Tap, name, stream *yaml.Node) error {
	t.index = s.Index
	if s.Schema == nil || s.Schema.Free {
		if stream != nil {
			return s.file.Fail(stream, "stream is for schema: nanobragg")
		}
		return nil
	}
	lines := schema.BlockLines
	switch {
	case stream == nil:
	case stream.Value == "phi":
		lines = schema.PhiLines
	case stream.Value == "source":
		lines = schema.SourceLines
	default:
		return s.file.Fail(stream, "stream must be phi, for rows of the phi steps, or source, not %q", stream.Value)
	}
	key, ok := s.Schema.Find(lines, t.Quantity)
	if named := s.Schema.Named(t.Quantity); !ok && stream == nil && len(named) == 1 {
		key, ok = named[0], true
	}
	if !ok {
		return s.file.Fail(name, "the schema has no quantity %s of this kind%s", t.Quantity, suggest.Nearest(t.Quantity, s.Schema.NamesOf()))
	}
	t.info = s.Schema.Info(key)
	if s.Schema != schema.NanoBragg() {
		// The outer keys alone place what the schema has once for all of the inner ones.
		outer := s.keys()[:min(t.info.Depth, len(s.keys()))]
		t.index = slices.DeleteFunc(slices.Clone(s.Index), func(x Index) bool { return !slices.Contains(outer, x.Key) })
		return nil
	}
	t.stream = streamOf(t.info.Scope)
	t.index = slices.DeleteFunc(slices.Clone(s.Index), func(x Index) bool { return !slices.Contains(scopes[t.info.Scope], x.Key) })
	return nil
}

// readPer reads the innermost key of the index that places the tap, or run for none.
func (s *Spec) readPer(t *Tap, n *yaml.Node) error {
	if n == nil {
		return nil
	}
	if n.Value == "run" {
		t.index = nil
		return nil
	}
	i := slices.IndexFunc(t.index, func(x Index) bool { return x.Key == n.Value })
	if i < 0 {
		return s.file.Fail(n, "per must be a key of the index, or run, not %q", n.Value)
	}
	t.index = t.index[:i+1]
	return nil
}

func streamOf(s schema.Scope) string {
	switch s {
	case schema.PerRun:
		return "setup"
	case schema.PerPhi:
		return "phi"
	case schema.PerSource:
		return "source"
	}
	return "pixel"
}

// scopes are the index keys that place nanoBragg's quantities, as simtrace's JSON lines
// have them.
var scopes = map[schema.Scope][]string{
	schema.PerPixel:  {"slow", "fast"},
	schema.PerSample: {"slow", "fast", "layer", "sub", "source"},
	schema.PerSource: {"slow", "fast", "layer", "sub", "source"},
	schema.PerStep:   {"slow", "fast", "layer", "sub", "source", "domain", "phi"},
	schema.PerPhi:    {"slow", "fast", "layer", "sub", "source", "domain", "phi"},
}

// Comparisons hold an equals sign as well.
var (
	comparison = pattern(`==|!=|<=|>=|/=|=>`)
	stepping   = pattern(`\+\+|--`)
	literal    = pattern(`"[^"]*"|'[^']*'`)
)

// expr reads an expression. One that assigns would change the program.
func (s *Spec) expr(n *yaml.Node, what string) (Expr, error) {
	text, err := s.file.Word(n, what)
	if err != nil {
		return Expr{}, err
	}
	text = strings.Join(strings.Fields(text), " ")
	if s.Pixel != nil {
		text = strings.NewReplacer("$slow", strconv.Itoa(s.Pixel.Slow), "$fast", strconv.Itoa(s.Pixel.Fast)).Replace(text)
	} else if strings.Contains(text, "$slow") || strings.Contains(text, "$fast") {
		return Expr{}, s.file.Fail(n, "%s has $slow or $fast: give the pixel, pixel: [SLOW, FAST]", what)
	}
	bare := literal().ReplaceAllString(text, "")
	assigns := strings.Contains(comparison().ReplaceAllString(bare, " "), "=")
	if s.Program.Run != "" && (assigns || stepping().MatchString(bare)) || strings.Contains(bare, ":=") {
		return Expr{}, s.file.Fail(n, "%s assigns: %s; a probe only reads (write == to compare)", what, text)
	}
	return Expr{text, n.Line}, nil
}
