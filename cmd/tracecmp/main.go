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
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	// Another interrupt ends the program at once, but leaves it the time to clean
	// up first: impatient people and some programs send two.
	context.AfterFunc(ctx, func() { time.AfterFunc(3*time.Second, stop) })
	os.Exit(run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
}
