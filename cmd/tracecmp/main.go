// Command tracecmp compares two traces of one nanoBragg pixel and says whether
// they agree, where they part first, and why.
//
//	tracecmp --c C.log --py PY.log --out summary.md
//
// Exit codes: 0 match, 1 diverged, 2 trouble, 3 refused (no verdict can be
// given).
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"simtrace/internal/interrupt"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // short logs are held whole, long ones take little memory
	}
	os.Exit(interrupt.Run(func(ctx context.Context) int {
		return run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr)
	}, func() int {
		fmt.Fprintln(os.Stderr, "tracecmp: interrupted")
		return gitCodes(os.Args, exitTrouble)
	}))
}
