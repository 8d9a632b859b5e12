package bisect

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets the heap grow as tracecmp does: a search makes thousands of
// traces, and keeps none.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
