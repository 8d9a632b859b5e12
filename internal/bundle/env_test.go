package bundle

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEnv(t *testing.T) {
	before := time.Now().UTC().Truncate(time.Second)
	e := Env()
	at, err := time.Parse(time.RFC3339, e.Time)
	if err != nil || at.Before(before) || at.After(time.Now()) || !strings.HasSuffix(e.Time, "Z") {
		t.Errorf("time %q, %v", e.Time, err)
	}
	if e.GoVersion != runtime.Version() || e.GOOS != runtime.GOOS || e.GOARCH != runtime.GOARCH || e.NumCPU < 1 {
		t.Errorf("%+v", e)
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(data, &keys); err != nil {
		t.Fatal(err)
	}
	// Nothing that tells whose machine it is.
	for key := range keys {
		for _, word := range []string{"host", "user", "home", "dir", "path"} {
			if strings.Contains(key, word) {
				t.Errorf("the environment has the key %s", key)
			}
		}
	}
}

func TestFromBuild(t *testing.T) {
	level := "GO" + strings.ToUpper(runtime.GOARCH)
	e := fromBuild(&debug.BuildInfo{
		Main: debug.Module{Path: "simtrace", Version: "v1.2.3"},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"},
			{Key: "vcs.time", Value: "2024-02-29T00:00:00Z"}, {Key: level, Value: "v9"},
		},
	})
	want := Environment{
		Module: "simtrace", Version: "v1.2.3", VCSRevision: "abc", VCSTime: "2024-02-29T00:00:00Z", VCSModified: true,
		GoVersion: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, Level: level + "=v9",
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = Environment{Module: "simtrace", VCSRevision: "unknown", GoVersion: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH}
	if diff := cmp.Diff(want, fromBuild(&debug.BuildInfo{})); diff != "" {
		t.Errorf("without version control (-want +got):\n%s", diff)
	}
}

func TestCPUModel(t *testing.T) {
	for text, want := range map[string]string{
		"processor\t: 0\nmodel\t\t: 85\nmodel name\t: Some CPU: 2.0 GHz\n\nmodel name\t: Other\n": "Some CPU: 2.0 GHz",
		"processor\t: 0\nBogoMIPS\t: 50.00\n":                                                     "",
		"":                                                                                        "",
	} {
		if got := cpuModel(strings.NewReader(text)); got != want {
			t.Errorf("cpuModel(%q) = %q, want %q", text, got, want)
		}
	}
}
