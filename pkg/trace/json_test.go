package trace

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/pkg/trace/schema"
)

func TestJSONRecords(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"any order of keys", `{"stream":"pixel","values":[1.5],"pixel":[1,2],"key":"F_cell"}`, "pixel {F_cell} 1.5"},
		{"escapes", `{"stream":"setup","key":"p\u0069vot","text":"a \"b\" \\ \u2190 \t"}`, `setup pivot "a \"b\" \\ ← \t"`},
		{"keys that nobody reads", `{"stream":"pixel","key":"F_cell","unit":"electrons","extra":{"a":[1,{"b":null}],"key":"x"},"n":null,"values":[1]}`, "pixel {F_cell} 1"},
		{"a unit", `{"stream":"tap","key":"len","values":[1],"text":"mm"}`, `tap len 1 "mm"`},
		{"the words of Python", `{"stream":"pixel","key":"fdet_vec","values":[NaN, Infinity, -Infinity]}`, "pixel {fdet_vec} NaN Infinity -Infinity"},
		{"words as strings", `{"stream":"pixel","key":"fdet_vec","values":["nan","inf","-inf"]}`, "pixel {fdet_vec} nan inf -inf"},
		{"blanks", "{\"stream\" :  \"pixel\" ,\t\"key\": \"F_cell\", \"values\": [ 1 ] } ", "pixel {F_cell} 1"},
		{"names", `{"stream":"setup","key":"angles_rad","names":["rotx","roty"],"values":[1,2]}`, "setup {angles_rad} rotx:1 roty:2"},
		{"17 digits", `{"stream":"pixel","key":"F_cell","values":[0.30000000000000004]}`, "pixel {F_cell} 0.30000000000000004"},

		{"a key twice", `{"stream":"pixel","key":"F_cell","values":[1],"values":[2]}`, `! 1 unparsed: JSON: the key "values" stands twice`},
		{"a key twice, escaped once", `{"stream":"pixel","key":"F_cell","values":[1],"v\u0061lues":[2]}`, `! 1 unparsed: JSON: the key "values" stands twice`},
		{"a key twice that nobody reads", `{"stream":"pixel","key":"F_cell","x":1,"values":[1],"x":1}`, `! 1 unparsed: JSON: the key "x" stands twice`},
		{"text behind", `{"stream":"pixel","key":"F_cell","values":[1]} {`, "! 1 unparsed: JSON: text behind the object"},
		{"cut", `{"stream":"pixel","key":"F_cell","values":[1`, "! 1 unparsed: JSON: a comma or a bracket belongs at byte 45"},
		{"cut in a string", `{"stream":"pixel","key":"F_c`, "! 1 unparsed: JSON: a string is not closed"},
		{"cut behind a backslash", `{"stream":"pixel","key":"F_c\`, "! 1 unparsed: JSON: a string is not closed"},
		{"no colon", `{"stream" "pixel"}`, "! 1 unparsed: JSON: a colon belongs at byte 11"},
		{"no comma", `{"stream":"pixel" "key":"F_cell"}`, "! 1 unparsed: JSON: a comma or a brace belongs at byte 19"},
		{"a list that is none", `{"stream":"pixel","key":"F_cell","values":1}`, "! 1 unparsed: JSON: a list belongs at byte 43"},
		{"half a coordinate", `{"stream":"pixel","key":"F_cell","sub":1.5,"values":[1]}`, "! 1 unparsed: JSON: 1.5 is no coordinate"},
		{"no coordinate at all", `{"stream":"pixel","key":"F_cell","sub":"nan","values":[1]}`, "! 1 unparsed: JSON: NaN is no coordinate"},
		{"a pixel of one number", `{"stream":"pixel","key":"F_cell","pixel":[1],"values":[1]}`, "! 1 unparsed: JSON: pixel: two numbers belong there"},
		{"a string among numbers", `{"stream":"pixel","key":"F_cell","values":["1.5"]}`, `! 1 unparsed: JSON: not a number: "1.5"`},
		{"a bad escape", `{"stream":"pixel","key":"F\q","values":[1]}`, "! 1 unparsed: JSON: invalid character 'q' in string escape code"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := sketches(readString(t, c.in+"\n")); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, `,"k%d":%d`, i, i)
	}
	line := `{"stream":"pixel","key":"F_cell","values":[1]` + many.String()
	if got := sketches(readString(t, line+"}\n")); got != "pixel {F_cell} 1" {
		t.Error(got)
	}
	if got := sketches(readString(t, line+`,"k99":0}`+"\n")); got != `! 1 unparsed: JSON: the key "k99" stands twice` {
		t.Error(got)
	}
}

// TestNarrowed: what a log says it is narrowed to is no record, in lines and in
// JSON, and of the block in which it stands.
func TestNarrowed(t *testing.T) {
	for _, in := range []string{"TRACE_NOTE: stages=miller phi=3\n", `{"stream":"note","key":"narrowed","text":"stages=miller phi=3"}` + "\n"} {
		src := Text(setupLine+in+pixelLine(1, 2)+sampleLine, "t.log")
		names := NewNames(schema.NanoBragg())
		x, list := scanned(t, src, names, Options{})
		r := NewReader(src, names, Options{})
		var got []string
		for i, p := range list {
			b := byLines(r, p.At.Coord(names.Schema), linesOf(setupLine+in+pixelLine(1, 2)+sampleLine, x, list, i), int(p.Line), false)
			if got = append(got, b.Narrowed); len(b.Records) != 1 || len(b.Problems) > 0 {
				t.Errorf("%q: %v %v", in, b.Records, b.Problems)
			}
		}
		if diff := cmp.Diff([]string{"stages=miller phi=3", ""}, got); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

// plainJSON reads a line with encoding/json; known is false for what only this
// package takes, or takes otherwise on purpose.
func plainJSON(line string) (j jsonRecord, vs []Value, ok, known bool) {
	var fields map[string]json.RawMessage
	if !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") || json.Unmarshal([]byte(line), &fields) != nil || line == "null" {
		return j, nil, false, false
	}
	j.at, ok = schema.Nowhere, !twice(line)
	for key, raw := range fields {
		text := string(raw)
		switch key {
		case "stream", "key", "tag", "text":
			into := map[string]*string{"stream": &j.stream, "key": &j.key, "tag": &j.tag, "text": &j.text}[key]
			ok = ok && text[0] == '"' && json.Unmarshal(raw, into) == nil
		case "names":
			var list []*string
			ok = ok && text[0] == '[' && json.Unmarshal(raw, &list) == nil
			for _, n := range list {
				if n == nil {
					return j, nil, false, true
				}
				j.names = append(j.names, *n)
			}
		case "values", "pixel":
			list, good := plainValues(raw)
			if ok = ok && good; !ok {
				continue
			}
			if key == "values" {
				vs = list
				continue
			}
			ok = len(list) == 2
			for i := 0; ok && i < 2; i++ {
				j.at[schema.Slow+i], ok = plainCoordinate(list[i].Num)
			}
		default:
			if i, is := jsonCoords[key]; is {
				v, good := plainValue(raw)
				c, whole := plainCoordinate(v.Num)
				ok = ok && good && whole
				j.at[i] = c
			}
		}
	}
	return j, vs, ok, true
}

func plainCoordinate(v float64) (int32, bool) {
	return int32(v), v == math.Trunc(v) && v >= -1 && v <= math.MaxInt32
}

func plainValues(raw json.RawMessage) (out []Value, ok bool) {
	var list []json.RawMessage
	if raw[0] != '[' || json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	for _, r := range list {
		v, ok := plainValue(r)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

func plainValue(raw json.RawMessage) (Value, bool) {
	text := string(raw)
	if text[0] == '"' {
		if json.Unmarshal(raw, &text) != nil {
			return Value{}, false
		}
		v, ok := parseFloat(text)
		return Value{Num: v, Text: text}, ok && (math.IsNaN(v) || math.IsInf(v, 0))
	}
	v, ok := parseFloat(text)
	return Value{Num: v, Text: text}, ok && (text[0] == '-' || text[0]-'0' <= 9)
}

// twice tells whether a key of the object stands twice.
func twice(line string) bool {
	d := json.NewDecoder(strings.NewReader(line))
	d.Token()
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		var any json.RawMessage
		if err != nil || d.Decode(&any) != nil {
			return false
		}
		if seen[key.(string)] {
			return true
		}
		seen[key.(string)] = true
	}
	return false
}

// FuzzJSON holds the parser of JSON lines against encoding/json.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"stream":"phi","key":"k_frac","pixel":[1,2],"phi":3,"values":["-inf",1e5,-0]}`,
		`{"stream":"setup","key":"a","names":["x","y"],"values":[1,2],"unit":"m","text":"\u2190\\\" b"}`,
		`{"a":[{"b":[]},"c\"]"],"stream":"tap","tag":"T","sub":-1,"sub":2}`,
		`{"text":"","values":[],"names":[]}`, `{}`, `{"pixel":[1.5,"nan"]}`, `{"key":null,"layer":true}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if line == "" || line[0] != '{' {
			return
		}
		got := jsonRecord{at: schema.Nowhere}
		p := jsonParser{s: line, i: 1}
		vs, err := p.record(&got, nil)
		want, wantValues, ok, known := plainJSON(line)
		if !known {
			return
		}
		if (err == nil) != ok {
			t.Fatalf("%s: %v, encoding/json takes it: %v", line, err, ok)
		}
		if !ok {
			return
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(jsonRecord{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s: %s", line, diff)
		}
		if diff := cmp.Diff(wantValues, vs, exactly); diff != "" {
			t.Fatalf("%s: %s", line, diff)
		}
	})
}
