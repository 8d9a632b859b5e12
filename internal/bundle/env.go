package bundle

import (
	"bufio"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// module is the path of this module; it marks a report folder as one of ours.
const module = "simtrace"

// Environment tells what program ran where and when. It is the content of
// env.json, the only file of a report with a time in it. The machine's name
// is not part of it.
type Environment struct {
	Time        string `json:"time"` // UTC, RFC 3339
	Module      string `json:"module"`
	Version     string `json:"version"`
	VCSRevision string `json:"vcs_revision"` // "unknown" when built without
	VCSTime     string `json:"vcs_time,omitempty"`
	VCSModified bool   `json:"vcs_modified"` // files changed since the revision
	GoVersion   string `json:"go_version"`
	GOOS        string `json:"goos"`
	GOARCH      string `json:"goarch"`
	// Level is the setting that chooses the instructions that the compiler
	// may use, such as GOAMD64=v1.
	Level    string `json:"goarch_level,omitempty"`
	NumCPU   int    `json:"num_cpu"`
	CPUModel string `json:"cpu_model,omitempty"`
}

// Env returns the environment of this process.
func Env() Environment {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	e := fromBuild(info)
	e.Time = time.Now().UTC().Format(time.RFC3339)
	e.NumCPU = runtime.NumCPU()
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		e.CPUModel = cpuModel(f)
		// A file that was only read has nothing to lose.
		_ = f.Close()
	}
	return e
}

// fromBuild returns what the build recorded in the program.
func fromBuild(info *debug.BuildInfo) Environment {
	e := Environment{
		Module:      module,
		Version:     info.Main.Version,
		VCSRevision: "unknown",
		GoVersion:   runtime.Version(),
		GOOS:        runtime.GOOS,
		GOARCH:      runtime.GOARCH,
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			e.VCSRevision = s.Value
		case "vcs.time":
			e.VCSTime = s.Value
		case "vcs.modified":
			e.VCSModified = s.Value == "true"
		case "GO" + strings.ToUpper(runtime.GOARCH):
			e.Level = s.Key + "=" + s.Value
		}
	}
	return e
}

// cpuModel returns the first model name in the text of /proc/cpuinfo, or "".
func cpuModel(r io.Reader) string {
	in := bufio.NewScanner(r)
	for in.Scan() {
		key, value, ok := strings.Cut(in.Text(), ":")
		if ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
