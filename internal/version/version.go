// Package version says which build of the program is running.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Module is the version of this module, as far as the build knows it: a tag, a
// pseudo-version of a commit, or (devel).
func Module() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// Text is what --version prints behind the program's name: the version, the commit
// and its date, whether files were changed since, the compiler and the platform.
func Text() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return text(Module(), info.Settings)
}

func text(module string, settings []debug.BuildSetting) string {
	set := map[string]string{}
	for _, s := range settings {
		set[s.Key] = s.Value
	}
	commit := set["vcs.revision"]
	if commit == "" {
		commit = "unknown"
	}
	about := []string{"commit " + commit[:min(len(commit), 12)]}
	if at, err := time.Parse(time.RFC3339, set["vcs.time"]); err == nil {
		about = append(about, at.UTC().Format(time.DateOnly))
	}
	if set["vcs.modified"] == "true" {
		about = append(about, "files changed since")
	}
	about = append(about, fmt.Sprintf("%s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH))
	return module + " (" + strings.Join(about, ", ") + ")"
}
