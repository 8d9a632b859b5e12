package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"simtrace/internal/testkit"
	"simtrace/pkg/sim/fast/gpu"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"simtrace": main})
}

// TestScripts runs the command lines of testdata/script as a user would. With
// UPDATE_SCRIPTS in the environment, their recorded outputs are rewritten.
func TestScripts(t *testing.T) {
	for _, sig := range []os.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if signal.Ignored(sig) {
			// Under nohup, or in the background of a script, the programs would ignore it too.
			signal.Notify(make(chan os.Signal, 1), sig)
		}
	}
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
		// race: the race detector watches. gpu: built with devices. pocl: and there is one for tests, this processor.
		Condition: func(name string) (bool, error) {
			switch name {
			case "race":
				return testkit.UnderRace(), nil
			case "gpu":
				return gpu.Built, nil
			case "pocl":
				d, err := gpu.Open("opencl:portable")
				if err == nil {
					d.Close()
				}
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
