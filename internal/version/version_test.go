package version

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestText(t *testing.T) {
	built := ", " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + ")"
	for want, settings := range map[string][]debug.BuildSetting{
		"v1.2.3 (commit unknown" + built: nil,
		"v1.2.3 (commit 0123456789ab, 2026-02-28" + built: {
			{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}, {Key: "vcs.time", Value: "2026-03-01T00:30:00+01:00"}, {Key: "vcs.modified", Value: "false"}},
		"v1.2.3 (commit abc, files changed since" + built: {{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}},
	} {
		if got := text("v1.2.3", settings); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
