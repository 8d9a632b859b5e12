package trace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

// jsonStart is how a line of NewJSONL begins, and of any writer that puts the
// stream first.
const jsonStart = `{"stream"`

// jsonRecord is a Record as a JSON line. Coordinates that are not known are
// left out.
type jsonRecord struct {
	Stream string            `json:"stream"`
	Key    string            `json:"key"`
	Unit   string            `json:"unit"`
	Tag    string            `json:"tag"`
	Pixel  *[2]int           `json:"pixel"`
	Layer  *int              `json:"layer"`
	Sub    *int              `json:"sub"`
	Source *int              `json:"source"`
	Domain *int              `json:"domain"`
	Phi    *int              `json:"phi"`
	Names  []string          `json:"names"`
	Values []json.RawMessage `json:"values"`
	Text   string            `json:"text"`
}

// json reads a line that NewJSONL wrote. Its places are taken as they stand.
func (r *Reader) json(line []byte) {
	r.traceLines++
	var j jsonRecord
	if err := json.Unmarshal(line, &j); err != nil {
		r.problem(string(line), "JSON: "+err.Error())
		return
	}
	if err := r.fromJSON(&j); err != nil {
		r.problem(string(line), "JSON: "+err.Error())
	}
}

// fromJSON adds the record that j is.
func (r *Reader) fromJSON(j *jsonRecord) error {
	stream, ok := streamByName(j.Stream)
	switch {
	case !ok:
		return fmt.Errorf("no such stream: %q", j.Stream)
	case j.Key == "" && stream != NoteStream:
		return fmt.Errorf("no key")
	case len(j.Names) > 0 && len(j.Names) != len(j.Values):
		return fmt.Errorf("%d names for %d values", len(j.Names), len(j.Values))
	case len(j.Values) == 0 && j.Text == "" && stream != NoteStream:
		return fmt.Errorf("neither values nor text")
	}
	vs := r.scratch()
	for i, raw := range j.Values {
		v, err := jsonValue(raw)
		if err != nil {
			return err
		}
		if len(j.Names) > 0 {
			v.Name = j.Names[i]
		}
		vs = append(vs, v)
	}
	n := r.names.get(j.Key)
	switch {
	case stream == NoteStream:
		n = r.names.label(j.Key)
	case stream == TricubicStream && isTricubicCell(j.Key):
		n = r.names.cell(j.Key[len(schema.TricubicF.String()):])
	}
	if why := n.wrongCount(stream, len(vs)); len(vs) > 0 && why != "" {
		return fmt.Errorf("%s: %s", j.Key, why)
	}
	rec := r.record(r.names.tag(""), stream, n, vs, j.Text)
	rec.Tag = j.Tag
	rec.At = j.where()
	r.push(rec, n)
	return nil
}

// wrongCount says that n numbers are too few or too many for the name.
func (e *name) wrongCount(s Stream, n int) string {
	switch k := e.in(s); {
	case k == schema.None:
		return ""
	case isTricubicCell(e.text):
		return wrongCount(schema.Scalar, n)
	default:
		return wrongCount(schema.Info(k).Kind, n)
	}
}

func isTricubicCell(key string) bool {
	index, ok := bytes.CutPrefix([]byte(key), []byte(schema.TricubicF.String()))
	return ok && isCell(string(index))
}

func (j *jsonRecord) where() Where {
	w := Nowhere
	if j.Pixel != nil {
		w.Slow, w.Fast = j.Pixel[0], j.Pixel[1]
	}
	for _, f := range []struct{ to, from *int }{
		{&w.Layer, j.Layer}, {&w.Sub, j.Sub}, {&w.Source, j.Source}, {&w.Domain, j.Domain}, {&w.Phi, j.Phi},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return w
}

// jsonValue reads a number, or one of the words that JSON has no number for.
func jsonValue(raw json.RawMessage) (Value, error) {
	text := string(raw)
	if len(raw) > 0 && raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return Value{}, err
		}
		v, ok := parseFloat(text)
		if !ok || !math.IsNaN(v) && !math.IsInf(v, 0) {
			return Value{}, fmt.Errorf("not a number: %q", text)
		}
		return Value{Num: v, Text: text}, nil
	}
	v, ok := parseFloat(text)
	if !ok {
		return Value{}, fmt.Errorf("not a number: %s", text)
	}
	return Value{Num: v, Text: text}, nil
}

func streamByName(name string) (Stream, bool) {
	for i, n := range streamNames {
		if n == name {
			return Stream(i), true
		}
	}
	return 0, false
}
