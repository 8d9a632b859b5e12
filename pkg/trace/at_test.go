package trace

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"simtrace/pkg/trace/schema"
)

// TestSourceLine: a log may say what line of the program a record is of.
func TestSourceLine(t *testing.T) {
	users := readSchema(t, "index: [step]\nquantities:\n  - {name: force}\n  - {name: energy}\n")
	declared := readSchema(t, "index: [step]\nquantities:\n  - {name: force}\n  - {name: at}\n")
	nb := schema.NanoBragg()
	for _, c := range []struct {
		name   string
		schema *schema.Schema
		in     string
		want   string
	}{
		{"nanoBragg", nb, `{"stream":"pixel","key":"F_cell","pixel":[1,2],"values":[1],"at":"nb.c:7"}`, "t.log:1 (nb.c:7)"},
		{"first", nb, `{"stream":"pixel","at":"nb.c:7","key":"F_cell","pixel":[1,2],"values":[1]}`, "t.log:1 (nb.c:7)"},
		{"no text", nb, `{"stream":"pixel","key":"F_cell","pixel":[1,2],"values":[1],"at":[7]}`, "t.log:1"},
		{"none", nb, `{"stream":"pixel","key":"F_cell","pixel":[1,2],"values":[1]}`, "t.log:1"},
		{"a schema file", users, "step=3 force=1 energy=2 at=md.c:12", "t.log:1 (md.c:12) t.log:1 (md.c:12)"},
		{"not a place", users, "step=3 force=1 at=12", "t.log:1"},
		{"a quantity of that name", declared, "step=3 force=1 at=12", "t.log:1 t.log:1"},
	} {
		log, err := Text(c.in+"\n", "t.log").Log(context.Background(), c.schema)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range log.Records {
			got = append(got, r.Pos().String())
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

// TestSourceLineOfEveryBlock: blocks like one before are read by their layout, and say
// their lines all the same.
func TestSourceLineOfEveryBlock(t *testing.T) {
	users := readSchema(t, "index: [step]\nquantities:\n  - {name: force}\n  - {name: energy}\n")
	for _, c := range []struct {
		name   string
		schema *schema.Schema
		line   string
	}{
		{"nanoBragg", schema.NanoBragg(), `{"stream":"pixel","key":"F_cell","pixel":[1,%[1]d],"values":[1.%[1]d],"at":"nb.c:7"}`},
		{"a schema file", users, "step=%[1]d force=1.%[1]d at=md.c:12\nstep=%[1]d energy=2.%[1]d at=md.c:13"},
		{"any program", freeSchema(t), `{"step":%[1]d,"force":1.%[1]d,"at":"md.c:12"}`},
	} {
		var in strings.Builder
		for i := range 40 {
			fmt.Fprintf(&in, c.line+"\n", i)
		}
		log, err := Text(in.String(), "t.log").Log(context.Background(), c.schema)
		if err != nil || len(log.Records) < 40 {
			t.Fatalf("%s: %v, %d records", c.name, err, len(log.Records))
		}
		for _, r := range log.Records {
			if r.Source == "" {
				t.Fatalf("%s: %s says no line of the source", c.name, r.Pos())
			}
		}
		checkLayouts(t, in.String(), c.schema, Options{})
	}
}
