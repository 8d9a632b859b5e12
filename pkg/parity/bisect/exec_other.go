//go:build !unix

package bisect

import "os/exec"

func ownGroup(*exec.Cmd) {}

// endGroup kills the command; what it started is left to it.
func endGroup(cmd *exec.Cmd) error {
	if cmd.Process == nil {
		return nil
	}
	return cmd.Process.Kill()
}
