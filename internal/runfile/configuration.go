package runfile

import (
	"encoding/json"
	"os"
	"path/filepath"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// Configuration is what a report folder tells of the run that filled it, as words of a command
// line.
type Configuration struct {
	Words   []string // "--config supervisor" and nanoBragg's flags
	Profile string   // whose habits simtrace had
}

// Find reads the configuration of the run that wrote a log: the log is a folder, or a file in
// one. It is nil where nothing tells it.
func Find(log string) *Configuration {
	dir := log
	if st, err := os.Stat(log); err != nil {
		return nil
	} else if !st.IsDir() {
		dir = filepath.Dir(log)
	}
	data, err := os.ReadFile(filepath.Join(dir, SnapshotName))
	var s Snapshot
	if err != nil || json.Unmarshal(data, &s) != nil || s.Schema != SnapshotSchema {
		return nil
	}
	if _, err := sim.ProfileByName(s.Profile); err != nil || len(s.Flags) == 0 {
		return nil
	}
	c := &Configuration{Profile: s.Profile}
	_, preset := nanobragg.Presets()[s.Config]
	if preset {
		c.Words = []string{"--config", s.Config}
	}
	for _, f := range s.Flags {
		if preset && f.Origin != CommandLine {
			continue // the preset has it
		}
		c.Words = append(append(c.Words, f.Flag), f.Values...)
	}
	return c
}
