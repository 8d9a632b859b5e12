package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/jsonfiles"
	"simtrace/internal/testkit"
)

// Every JSON file of a report folder, and every JSON on standard output, keeps the schema that
// tracecmp json-schema prints for it.
func TestFilesKeepTheirSchemas(t *testing.T) {
	testkit.NotUnderRace(t)
	dir := t.TempDir()
	flags := strings.Fields("-cell 70 80 90 75 85 95 -N 5 -default_F 100 -lambda 1 -distance 100 -detpixels_x 24 -detpixels_y 16 -phi 0 -osc 1 -phisteps 3")
	done := func(args ...string) []byte {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(t.Context(), append(args, flags...), nil, &out, &errs); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, errs.String())
		}
		return out.Bytes()
	}
	keeps := func(name string, data []byte) {
		t.Helper()
		schema, err := jsonfiles.Schema(name)
		if err != nil {
			t.Fatal(err)
		}
		testkit.KeepsSchema(t, schema, data)
	}
	file := func(name string) []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	done("trace", "--pixel", "3", "4", "--out", filepath.Join(dir, "one"), "--dialect", "py,c")
	keeps("config-snapshot", file("one/config_snapshot.json"))
	keeps("trace-env", file("one/env.json"))
	keeps("phi-rows", file("one/trace_py_scaling_per_phi.json"))
	keeps("phi-rows", file("one/trace_c_scaling_per_phi.json"))
	done("trace", "--pixel", "3", "4", "--pixel", "5", "6", "--out", filepath.Join(dir, "two"))
	keeps("phi-rows-many", file("two/trace_py_scaling_per_phi.json"))
	done("trace", "--roi", "0", "3", "0", "1", "--format", "npy", "--out", filepath.Join(dir, "arrays"))
	keeps("config-snapshot", file("arrays/config_snapshot.json"))
	keeps("config-snapshot", done("config", "--format", "json"))
	keeps("diff-profiles", done("diff-profiles", "nanobragg", "spec", "--format", "json", "--"))
}
