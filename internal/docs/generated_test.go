package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is generated is what the generator writes now.
func TestGenerated(t *testing.T) {
	t.Chdir(root)
	for _, d := range generated {
		var want bytes.Buffer
		if err := d.write(&want); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.FromSlash(d.path))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what its generator writes now: run make docs and look at the difference", d.path)
		}
	}
}
