package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"simtrace": main})
}

// TestScripts runs the command lines of testdata/script as a user would. With
// UPDATE_SCRIPTS in the environment, their recorded outputs are rewritten.
func TestScripts(t *testing.T) {
	recorded, err := filepath.Abs("../../testdata/supervisor")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("RECORDED", recorded)
			return nil
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
