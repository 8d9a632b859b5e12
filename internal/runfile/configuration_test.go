package runfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func folder(t *testing.T, snapshot string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{SnapshotName: snapshot, "trace.log": "TRACE_PY: x 1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The words make the run's configuration again: of a preset its name and what the command line
// added, of a file all flags; and where nothing tells them, or what stands there is another
// program's, there are none.
func TestFind(t *testing.T) {
	const flags = `"flags": [{"flag": "-lambda", "values": ["1"], "origin": "%"}, {"flag": "-cell", "values": ["70", "80", "90", "75", "85", "95"], "origin": "command line"}, {"flag": "-nonoise", "values": [], "origin": "%"}]`
	head := func(config, profile, origin string) string {
		return `{"schema": "simtrace-config/1", "config": "` + config + `", "profile": "` + profile + `", ` + strings.ReplaceAll(flags, "%", origin) + "}"
	}
	for name, c := range map[string]struct{ text, want string }{
		"a preset":        {head("supervisor", "spec", "preset supervisor"), "--config supervisor -cell 70 80 90 75 85 95"},
		"a file":          {head("case.yaml", "nanobragg", "case.yaml:3"), "-lambda 1 -cell 70 80 90 75 85 95 -nonoise"},
		"no file":         {head(CommandLine, "spec", CommandLine), "-lambda 1 -cell 70 80 90 75 85 95 -nonoise"},
		"another form":    {strings.Replace(head("supervisor", "spec", ""), "simtrace-config/1", "other/1", 1), ""},
		"unknown profile": {head("case.yaml", "torch9", ""), ""},
		"no flags":        {`{"schema": "simtrace-config/1", "config": "supervisor", "profile": "spec"}`, ""},
		"cut":             {head("supervisor", "spec", "")[:100], ""},
	} {
		dir := folder(t, c.text)
		for _, log := range []string{dir, filepath.Join(dir, "trace.log")} {
			found := Find(log)
			if c.want == "" {
				if found != nil {
					t.Errorf("%s: %v", name, found)
				}
				continue
			}
			if found == nil || strings.Join(found.Words, " ") != c.want {
				t.Errorf("%s: %v, want %s", name, found, c.want)
			}
		}
	}
	if Find(filepath.Join(t.TempDir(), "none.log")) != nil {
		t.Error("a log that is not there tells nothing")
	}
}
