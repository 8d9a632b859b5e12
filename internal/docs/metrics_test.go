package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
)

// metricsKeys are the keys at the top of metrics.json, by its JSON schema.
func metricsKeys(t *testing.T) []string {
	t.Helper()
	text, err := exec.Command(filepath.Join(bin, "tracecmp"), "schema").Output()
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for k := range s.Properties {
		keys = append(keys, k)
	}
	if len(keys) < 20 {
		t.Errorf("metrics.json has %d keys: %q", len(keys), keys)
	}
	return keys
}
