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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	os.Exit(run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
}
