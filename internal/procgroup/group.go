package procgroup

import (
	"os/exec"
	"time"
)

// letGo is how long a command that has ended, or was ended, may hold its output open by what
// left its group.
const letGo = 2 * time.Second

// Contain makes a command that has not begun end with all that it starts when its context
// ends. Afterwards End takes away what it left behind in the background.
func Contain(cmd *exec.Cmd) {
	Own(cmd)
	cmd.Cancel = func() error { return End(cmd) }
	cmd.WaitDelay = letGo
}
