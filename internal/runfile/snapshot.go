// Package runfile has the JSON files of the folders that simtrace writes: what was run, where, and the
// rows of the phi steps.
package runfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// SnapshotSchema names the form of config_snapshot.json, and SnapshotName is the file.
const (
	SnapshotSchema = "simtrace-config/1"
	SnapshotName   = "config_snapshot.json"
)

// CommandLine is the name of a configuration without a file, and the origin of its flags.
const CommandLine = "command line"

// Snapshot is config_snapshot.json: the experiment as it was resolved.
type Snapshot struct {
	Schema   string               `json:"schema"`
	Config   string               `json:"config"`
	Profile  string               `json:"profile"`
	Switches map[string]string    `json:"switches"`
	Device   string               `json:"device,omitempty"`
	Dtype    string               `json:"dtype,omitempty"`
	Pixels   [][2]int             `json:"pixels,omitempty"`
	Regions  [][4]int             `json:"regions,omitempty"` // fast min, max, slow min, max; of --roi and --pixels
	Flags    []Flag               `json:"flags"`
	Inputs   []Input              `json:"inputs"`
	Resolved []nanobragg.Resolved `json:"resolved"`
	Warnings []string             `json:"warnings"`
	Harness
}

// Flag is a flag as it was given, with where.
type Flag struct {
	Flag   string   `json:"flag"`
	Values []string `json:"values"`
	Origin string   `json:"origin"`
}

// Input identifies a file that was read.
type Input struct {
	Path   string `json:"path"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// NewSnapshot describes an experiment; config is the name of its configuration.
func NewSnapshot(config string, b *nanobragg.Builder, e *sim.Experiment) Snapshot {
	s := Snapshot{
		Schema: SnapshotSchema, Config: config,
		Profile: e.Config.Profile.Name, Switches: e.Config.Profile.Switches(), Dtype: e.Config.Dtype.String(),
		Resolved: b.Resolved(e), Warnings: append([]string{}, b.Warnings...),
		Flags: []Flag{}, Inputs: []Input{}, Harness: newHarness(e, b.HKLFile),
	}
	for i := range s.Resolved {
		s.Resolved[i].Value = finite(s.Resolved[i].Value)
	}
	for _, set := range b.Settings {
		s.Flags = append(s.Flags, Flag{set.Name, append([]string{}, set.Values...), set.Origin})
	}
	for _, path := range b.Inputs() {
		if data, err := os.ReadFile(path); err == nil {
			sum := sha256.Sum256(data)
			s.Inputs = append(s.Inputs, Input{path, len(data), hex.EncodeToString(sum[:])})
		}
	}
	return s
}

// finite makes words of what is no number, for which JSON has none: a profile may leave
// the detector's origin unset.
func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
	case sim.Vec3:
		for _, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Sprint(v)
			}
		}
	}
	return v
}
