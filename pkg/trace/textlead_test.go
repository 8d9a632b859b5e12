package trace

import (
	"fmt"
	"strings"
	"testing"
)

// TestLeads: what stands before each line of one log alone is no part of its names.
func TestLeads(t *testing.T) {
	plain := []string{}
	for i := range 5 {
		plain = append(plain, fmt.Sprintf("step %d", i), fmt.Sprintf("energy = %d.25", i), "  force max 0.5 at atom 3")
	}
	led := func(lead string, lines []string) string {
		return lead + strings.Join(lines, "\n"+lead) + "\n"
	}
	train := []string{}
	for i := range 5 {
		train = append(train, fmt.Sprintf("loss: train 0.%d", i), fmt.Sprintf("loss: val 1.%d", i))
	}
	for _, tt := range []struct {
		name string
		logs [2]string
		want [2]string
	}{
		{"a tag", [2]string{led("", plain), led("OUT: ", plain)}, [2]string{"", "OUT: "}},
		{"a container", [2]string{led("app-1  | ", plain), led("", plain)}, [2]string{"app-1  | ", ""}},
		{"two containers", [2]string{led("app-1  | ", plain), led("app-2  | ", plain)}, [2]string{"app-1  | ", "app-2  | "}},
		{"behind a time", [2]string{led("", plain), led("10:00:00 solver: ", plain)}, [2]string{"", "solver: "}},
		{"the same sign", [2]string{led("[default0]:", plain), led("[default0]:", plain)}, [2]string{"[default0]:", "[default0]:"}},
		{"what both print", [2]string{led("", train), led("", train)}, [2]string{"", ""}},
		{"the other prints it, too", [2]string{led("", train), led("", append(train, "lr 0.5"))}, [2]string{"", ""}},
		{"one quantity", [2]string{led("loss: ", strings.Fields(strings.Repeat("0.5 ", 9))), led("", plain)}, [2]string{"", ""}},
		{"few lines", [2]string{led("", plain), led("OUT: ", plain[:4])}, [2]string{"", ""}},
		{"JSON", [2]string{led(`{"a": {"b": [x, `, []string{"u 1", "v 1", "u 2", "v 2", "u 3", "v 3", "u 4", "v 4"}), led("", plain)}, [2]string{"", ""}},
	} {
		src := [2]*Source{Text(tt.logs[0], "a.log"), Text(tt.logs[1], "b.log")}
		if err := FindLeads(t.Context(), src); err != nil {
			t.Fatal(err)
		}
		if got := [2]string{src[0].lead, src[1].lead}; got != tt.want {
			t.Errorf("%s: the leads are %q, not %q", tt.name, got, tt.want)
		}
	}
}
