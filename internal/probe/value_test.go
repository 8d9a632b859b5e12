package probe

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGDBValue(t *testing.T) {
	for _, c := range []struct{ in, numbers, text string }{
		{"1", "1", ""}, {"-0.10000000000000001", "-0.10000000000000001", ""}, {"6.9e-310", "6.9e-310", ""}, {"1e+300", "1e+300", ""},
		{"inf", "inf", ""}, {"-inf", "-inf", ""}, {"nan(0x8000000000000)", "nan", ""}, {"-nan(0x8000000000000)", "-nan", ""},
		{"65 'A'", "65", ""}, {`39 '\''`, "39", ""}, {"0 '\\000'", "0", ""},
		{"{1, 2, 3}", "1 2 3", ""}, {"{{1, 2}, {3, 4}}", "1 2 3 4", ""}, {"(1, 2)", "1 2", ""}, {"((1, 2), (3, 4))", "1 2 3 4", ""},
		{"{x = 1, y = {2, 3}}", "1 2 3", ""}, {"{<Base> = {a = 1}, b = 2}", "1 2", ""}, {"{}", "", ""},
		{"1 + 2i", "1 2", ""}, {"1 - 2.5i", "1 -2.5", ""}, {"1 + -2i", "1 -2", ""}, {"{1 + 2i, 3 + 4i}", "1 2 3 4", ""},
		{"true", "1", ""}, {"false", "0", ""}, {".TRUE.", "1", ""}, {".FALSE.", "0", ""},
		{"CUSTOM", "", "CUSTOM"}, {"md::SQUARE", "", "md::SQUARE"}, {"true_north", "", "true_north"},
		{`0x55 "ball"`, "", "ball"}, {`"abc\000\000"`, "", "abc"}, {`"a\"b"`, "", `a\"b`},
		{"std::vector of length 2, capacity 2 = {1, 2}", "1 2", ""},
	} {
		v, err := gdbValue(c.in)
		if got := strings.Join(v.numbers, " "); err != nil || got != c.numbers || v.text != c.text {
			t.Errorf("%s: %q %q %v", c.in, got, v.text, err)
		}
	}
	for in, want := range map[string]string{
		"0x7fff8b641408": "a pointer", "(double *) 0x5555": "a pointer", "(void (*)(int)) 0x1234 <f>": "a pointer", "{1, (int *) 0x0}": "a pointer",
		"<error: Cannot access memory at address 0x0>": "cannot be read: error: Cannot access memory", "": "no number", "{1": "a list that does not end", "{1 2}": "no number: 2}", "1 2": "no number",
		`"abc`: "a string that does not end",
	} {
		if _, err := gdbValue(in); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", in, err)
		}
	}
	for _, in := range []string{"<optimized out>", "{1, <optimized out>}", "{x = <optimized out>}"} {
		if _, err := gdbValue(in); !errors.Is(err, errOptimised) {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func FuzzGDBValue(f *testing.F) {
	for _, s := range []string{"{1, 2}", `0x5 "a"`, "1 + 2i", "{<B> = {x = 1}}", "65 'A'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := gdbValue(s)
		for _, n := range v.numbers {
			if err == nil && !gdbNumber().MatchString(n) {
				t.Errorf("%q gives %q", s, n)
			}
		}
	})
}

func TestMI(t *testing.T) {
	for _, c := range []struct {
		in   string
		want record
	}{
		{"(gdb) \n", record{}},
		{`12^done,value="{1, \"a\\n\"}"`, record{"12", '^', "done", tuple{"value": `{1, "a\n"}`}}},
		{`^error,msg="No symbol \"h\"."`, record{"", '^', "error", tuple{"msg": `No symbol "h".`}}},
		{`~"a\tb\303\274\n"`, record{"", '~', "a\tbü\n", nil}},
		{`*stopped,reason="breakpoint-hit",frame={addr="0x1",args=[{name="a"},{name="b"}],line="3"},thread-id="1"`,
			record{"", '*', "stopped", tuple{"reason": "breakpoint-hit", "frame": tuple{"addr": "0x1", "args": []any{tuple{"name": "a"}, tuple{"name": "b"}}, "line": "3"}, "thread-id": "1"}}},
		{`1^done,x=[],y={},z=["1","2"],f=[frame={a="1"},frame={a="2"}]`,
			record{"1", '^', "done", tuple{"x": []any(nil), "y": tuple{}, "z": []any{"1", "2"}, "f": []any{tuple{"a": "1"}, tuple{"a": "2"}}}}},
	} {
		got, err := parseMI(c.in)
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(record{})); diff != "" || err != nil {
			t.Errorf("%s: %v %s", c.in, err, diff)
		}
	}
	for _, in := range []string{"hello", "12", `~"a`, `~a`, `^done,x`, `^done,x={`, `^done,x=[`, `^done,x="\`, "&", `^done,x={a="1"]`} {
		if r, err := parseMI(in); err == nil {
			t.Errorf("%s: %v", in, r)
		}
	}
}

func FuzzMI(f *testing.F) {
	for _, s := range []string{`12^done,value="1"`, `*stopped,frame={args=[{n="a"}]}`, `~"a\303"`, "(gdb)"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		_, _ = parseMI(s) // must not panic, nor run for ever
	})
}
