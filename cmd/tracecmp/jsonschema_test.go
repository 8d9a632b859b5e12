package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/jsonfiles"
	"simtrace/internal/testkit"
	"simtrace/pkg/sim"
)

// held holds a file against the schema of a name.
func held(t *testing.T, name, path string) {
	t.Helper()
	schema, err := jsonfiles.Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	testkit.KeepsSchema(t, schema, data)
}

// Every JSON file keeps the schema that is printed for it.
func TestFilesKeepTheirSchemas(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	carry, fresh := filepath.Join("..", "..", "pkg", "parity", "testdata", "carry.log"), filepath.Join("..", "..", "pkg", "parity", "testdata", "fresh.log")
	testkit.File(t, carry)
	done := func(args ...string) {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(context.Background(), append([]string{"tracecmp"}, args...), nil, &out, &errs); code == exitTrouble {
			t.Fatalf("%v: %s", args, errs.String())
		}
	}
	done("--ref", carry, "--got", fresh, "--out", in("compare"), "--quiet")
	held(t, "metrics", in("compare/metrics.json"))
	held(t, "run-metadata", in("compare/run_metadata.json"))
	done("bisect", "phi", carry, fresh, "--out", in("phi"), "--quiet")
	held(t, "bisect-phi", in("phi/bisect.json"))
	rendered(t, in("a.bin"), sim.ProfileSpec, smallCase)
	rendered(t, in("b.bin"), sim.ProfileNanoBragg, smallCase)
	done(append([]string{"image", in("a.bin"), in("b.bin"), "--drill", "1", "--out", in("image"), "--quiet"}, strings.Fields(smallCase)...)...)
	held(t, "image", in("image/summary.json"))
	held(t, "env", in("image/env.json"))
	done("baseline", "save", "carry", carry, "--dir", in("golden"))
	held(t, "baseline", in("golden/carry/baseline.json"))
}
