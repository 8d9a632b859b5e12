//go:build linux

package campaign_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// slurmConf is a cluster of two nodes on this machine. Nothing is measured or limited, a job
// waits for no timer, and one that is requeued begins after seconds rather than minutes.
var slurmConf = template.Must(template.New("slurm.conf").Parse(`ClusterName=test
SlurmctldHost={{.Host}}(127.0.0.1)
SlurmctldPort={{index .Ports 0}}
SlurmUser={{.User}}
SlurmdUser={{.User}}
AuthType=auth/munge
AuthInfo=socket={{.Dir}}/munge.sock,cred_expire=5
StateSaveLocation={{.Dir}}/state
SlurmdSpoolDir={{.Dir}}/spool.%n
SlurmctldPidFile={{.Dir}}/slurmctld.pid
SlurmdPidFile={{.Dir}}/slurmd.%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,batch_sched_delay=0
ReturnToService=2
KillWait=2
MinJobAge=300
NodeName=one NodeHostname={{.Host}} NodeAddr=127.0.0.1 Port={{index .Ports 1}} CPUs=2 RealMemory=500
NodeName=two NodeHostname={{.Host}} NodeAddr=127.0.0.1 Port={{index .Ports 2}} CPUs=2 RealMemory=500
PartitionName=test Nodes=one,two Default=YES MaxTime=INFINITE State=UP
`))

// slurm is a cluster of Slurm's on loopback; it ends with the test.
type slurm struct {
	t   *testing.T
	dir string
}

// startSlurm starts munged, slurmctld and two slurmd in a folder of their own.
func startSlurm(t *testing.T) *slurm {
	t.Helper()
	// Debian has the daemons where an ordinary user's path does not lead.
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	for _, name := range []string{"munged", "mungekey", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("SKIPPED: no Slurm to test with: %v (Debian: apt-get install slurmctld slurmd slurm-client munge)", err)
		}
	}
	// The names of sockets are short.
	dir, err := os.MkdirTemp("", "slurm")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // munge has its socket where all may look
		t.Fatal(err)
	}
	s := &slurm{t, dir}
	for _, d := range []string{"state", "spool.one", "spool.two"} {
		if err := os.Mkdir(s.at(d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	var conf bytes.Buffer
	if err := slurmConf.Execute(&conf, map[string]any{"Host": host, "User": me.Username, "Dir": dir, "Ports": freePorts(t, 3)}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.at("slurm.conf"), conf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SLURM_CONF", s.at("slurm.conf"))
	s.must("mungekey", "--create", "--keyfile="+s.at("munge.key"))
	s.daemon("munged", "--foreground", "--key-file="+s.at("munge.key"), "--socket="+s.at("munge.sock"), "--pid-file="+s.at("munged.pid"), "--seed-file="+s.at("munged.seed"), "--log-file="+s.at("munged.log"))
	s.until("munged has a socket", func() bool { _, err := os.Stat(s.at("munge.sock")); return err == nil })
	s.daemon("slurmctld", "-D", "-c", "-f", s.at("slurm.conf"))
	for _, n := range []string{"one", "two"} {
		s.daemon("slurmd", "-D", "-N", n, "-f", s.at("slurm.conf"))
	}
	s.until("both nodes are idle", func() bool {
		out, err := exec.Command("sinfo", "--noheader", "--Node", "--format=%T").Output()
		return err == nil && strings.Count(string(out), "idle\n") == 2
	})
	return s
}

func (s *slurm) at(name string) string { return filepath.Join(s.dir, name) }

// daemon runs a program until the test ends, and ten minutes at most where the test is
// killed itself.
func (s *slurm) daemon(name string, args ...string) {
	s.t.Helper()
	cmd := exec.Command("timeout", append([]string{"600", name}, args...)...)
	log, err := os.Create(s.at(fmt.Sprintf("%s.%d.out", name, len(args)+time.Now().Nanosecond())))
	if err != nil {
		s.t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		s.t.Skipf("SKIPPED: %s does not start: %v", name, err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		log.Close()
		if s.t.Failed() {
			text, _ := os.ReadFile(log.Name())
			s.t.Logf("%s said:\n%s", name, text[max(0, len(text)-2000):])
		}
	})
}

// freePorts finds ports that nobody listens at.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	var out []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Skipf("SKIPPED: no loopback: %v", err)
		}
		defer l.Close()
		out = append(out, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return out
}

// until waits for something, a minute at most.
func (s *slurm) until(what string, is func() bool) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			queue, _ := exec.Command("squeue").CombinedOutput()
			s.t.Fatalf("a minute has gone, and it is not so that %s\n%s", what, queue)
		}
	}
}

// must runs a command that has to succeed and returns what it prints.
func (s *slurm) must(name string, args ...string) string {
	s.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// drained waits until no job is left.
func (s *slurm) drained() {
	s.t.Helper()
	s.until("the queue is empty", func() bool {
		out, err := exec.Command("squeue", "--noheader").Output()
		return err == nil && len(bytes.TrimSpace(out)) == 0
	})
}

// job is the number that sbatch tells.
func job(t *testing.T, text string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "Submitted batch job ")
	if !ok {
		t.Fatalf("no job in %q", text)
	}
	return strings.Fields(rest)[0]
}
