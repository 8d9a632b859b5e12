package visible

import "testing"

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		`plain "text" é \x`:     `plain "text" é \x`,
		"\x1b[31mred\x1b[0m":    `\x1b[31mred\x1b[0m`,
		"a\nb\tc\x00\x7f":       `a\nb\tc\x00\x7f`,
		"\u202eturned\u200b":    `\u202eturned\u200b`,
		"no\xffUTF-8 \ufffd ok": "no\\xffUTF-8 \ufffd ok",
		"a\u00a0b":              "a\u00a0b",
		"\u009b31m":             `\u009b31m`, // one character that starts an escape sequence
	} {
		if got := Text(in); got != want {
			t.Errorf("%q shows as %s, want %s", in, got, want)
		}
	}
}
