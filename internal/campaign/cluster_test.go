//go:build linux

package campaign_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// clusterCases is how many configurations the list has, in clusterParts parts. The first of
// every part has a traced pixel, and the rotations among them diverge.
const (
	clusterCases = 24
	clusterParts = 6
)

// cluster is what the tests on a cluster work with: the commands, a port that takes its
// time and counts its runs, a list of cases, and the table of one process.
type cluster struct {
	*slurm
	tracecmp, port, cases, runs string
	whole                       map[string]string
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	if os.Getenv("SIMTRACE_CLUSTER") == "" {
		t.Skip("SKIPPED: make cluster-test runs this")
	}
	c := &cluster{slurm: startSlurm(t)}
	bin := t.TempDir()
	c.must("go", "build", "-o", bin+"/", "simtrace/cmd/tracecmp", "simtrace/cmd/simtrace")
	c.tracecmp, c.port, c.cases, c.runs = bin+"/tracecmp", bin+"/port", bin+"/cases.yaml", bin+"/runs"
	script := fmt.Sprintf("#!/bin/sh\necho run >>%s\nsleep 0.5\nexec %s/simtrace render \"$@\"\n", c.runs, bin)
	var list strings.Builder
	list.WriteString("cases:\n  - id: A\n    description: small crystals\n" +
		"    base_args: -default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -detpixels 16 -pixel 0.2 -distance 20 -oversample 1\n    thresholds: {corr_min: 0.1}\n    runs:\n")
	for i := range clusterCases {
		more := ""
		if i < clusterParts {
			more = ", pixels: [[3, 5]]"
		}
		fmt.Fprintf(&list, "      - {name: r%d, extra_args: -N %d -phi 0 -osc 1 -phisteps %d%s}\n", i, 3+i, 1+i%2, more)
	}
	for path, text := range map[string]string{c.port: script, c.cases: list.String()} {
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	whole := filepath.Join(t.TempDir(), "whole")
	if code, text := c.matrix(c.cases, "--out", whole, "--jobs", "4"); code != 1 || !strings.Contains(text, "DIVERGED") || strings.Contains(text, "FAILED") {
		t.Fatalf("the run of one process: exit code %d\n%s", code, text)
	}
	c.whole = tables(t, whole)
	return c
}

// matrix runs tracecmp matrix against the port and returns exit code and output.
func (c *cluster) matrix(args ...string) (int, string) {
	c.t.Helper()
	all := append([]string{"matrix"}, args...)
	if args[0] != "status" {
		all = append(all, "--got-bin", c.port)
		if i := len(args) - 1; strings.HasPrefix(args[i], "--partition") { // flags end at "--"
			all = append(append([]string{"matrix"}, args[:i-1]...), "--got-bin", c.port, "--", args[i])
		}
	}
	out, err := exec.Command(c.tracecmp, all...).CombinedOutput()
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		c.t.Fatal(err)
	}
	code := 0
	if err != nil {
		code = err.(*exec.ExitError).ExitCode()
	}
	return code, string(out)
}

// merged holds the table of what is in a folder against that of one process.
func (c *cluster) merged(dir string) {
	c.t.Helper()
	if code, text := c.matrix("merge", c.cases, "--out", dir); code != 1 {
		c.t.Errorf("merge: exit code %d\n%s", code, text)
	}
	for name, text := range tables(c.t, dir) {
		if text != c.whole[name] {
			c.t.Errorf("%s is not what one process makes:\n%s\nand\n%s", name, text, c.whole[name])
		}
	}
}

func tables(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range []string{"matrix.md", "matrix.json", "matrix.html"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(data)
	}
	return out
}

// pid is the process that works on a part and has a result already; 0 for none.
func (c *cluster) pid(dir string, part int) int {
	c.t.Helper()
	logs, err := filepath.Glob(filepath.Join(dir, "results", fmt.Sprintf("*-%dof%d-*", part, clusterParts)))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, path := range logs {
		data, err := os.ReadFile(path)
		if err != nil || bytes.Count(data, []byte("\n")) < 2 {
			continue
		}
		line, _ := bufio.NewReader(bytes.NewReader(data)).ReadBytes('\n')
		var head struct{ PID int }
		if err := json.Unmarshal(line, &head); err != nil {
			c.t.Fatal(err)
		}
		return head.PID
	}
	return 0
}

// ran counts the runs of the port.
func (c *cluster) ran() int {
	data, err := os.ReadFile(c.runs)
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.Count(string(data), "\n")
}

// TestClusterArray: of an array one task is killed midway and requeued, another one
// cancelled; what is missing is submitted again, and the table is that of one process.
func TestClusterArray(t *testing.T) {
	c := newCluster(t)
	before := c.ran()
	dir := filepath.Join(t.TempDir(), "out")
	code, text := c.matrix("submit", c.cases, "--out", dir, "--parts", "6", "--", "--partition=test")
	if code != 0 || !strings.Contains(text, "6 parts of 6 to run, of 24 configurations") {
		t.Fatalf("submit: exit code %d\n%s", code, text)
	}
	id := job(t, text)
	killed := 0
	c.until("part 2 has a result", func() bool { killed = c.pid(dir, 2); return killed != 0 })
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if code, text := c.matrix("status", dir); code != 3 || !strings.Contains(text, "running") {
		t.Errorf("status of an array that runs: exit code %d\n%s", code, text)
	}
	c.until("part 3 has a result", func() bool { return c.pid(dir, 3) != 0 })
	c.must("scancel", id+"_3")
	c.until("the killed task has ended", func() bool {
		out, err := exec.Command("squeue", "--noheader", "--states=all", "--format=%T", "--job="+id+"_2").Output()
		return err == nil && strings.Contains(string(out), "FAILED")
	})
	c.must("scontrol", "requeue", id+"_2")
	c.drained()

	code, text = c.matrix("status", dir)
	again := "again: sbatch --array=3 " + filepath.Join(dir, "submit.sh") + "\n"
	if code != 3 || !strings.Contains(text, "6 parts: 5 complete, 1 stopped\n") || !strings.Contains(text, again) {
		t.Errorf("status after the cancellation: exit code %d\n%s", code, text)
	}
	code, text = c.matrix("submit", c.cases, "--out", dir, "--parts", "6", "--", "--partition=test")
	if code != 0 || !strings.Contains(text, "1 part of 6 to run") {
		t.Fatalf("submit of the rest: exit code %d\n%s", code, text)
	}
	c.drained()
	if code, text := c.matrix("status", dir); code != 0 || !strings.HasPrefix(text, "24 configurations: 24 done, 0 failed, 0 missing\n") {
		t.Errorf("status at the end: exit code %d\n%s", code, text)
	}
	// What had a result was not run again: only what two tasks were at.
	if n := c.ran() - before; n < clusterCases || n > clusterCases+2 {
		t.Errorf("the port ran %d times for %d configurations", n, clusterCases)
	}
	c.merged(dir)
	if code, text := c.matrix("submit", c.cases, "--out", dir, "--parts", "6", "--", "--partition=test"); code != 0 || !strings.Contains(text, "all have a verdict") {
		t.Errorf("submit of nothing: exit code %d\n%s", code, text)
	}
}

// TestClusterOwnScript: a script without --shard is divided by Slurm's variables, and
// --array with gaps does single tasks again.
func TestClusterOwnScript(t *testing.T) {
	c := newCluster(t)
	dir := filepath.Join(t.TempDir(), "out")
	script := filepath.Join(filepath.Dir(c.cases), "own.sh")
	text := fmt.Sprintf("#!/bin/sh\n#SBATCH --output=%s.%%a.out\nexec %s matrix %s --out %s --got-bin %s --quiet --jobs 2\n", script, c.tracecmp, c.cases, dir, c.port)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	id := job(t, c.must("sbatch", "--array=10-20:2", script))
	c.must("scancel", id+"_[14,20]")
	c.drained()
	if code, text := c.matrix("merge", c.cases, "--out", dir); code != 1 || !strings.Contains(text, "8 MISSING") {
		t.Errorf("merge without two parts: exit code %d\n%s", code, text)
	}
	job(t, c.must("sbatch", "--array=14,20", script))
	c.drained()
	c.merged(dir)
}

// TestClusterSeries: a series of images and one of logs whose settings are sought, as an array
// and in one process.
func TestClusterSeries(t *testing.T) {
	c := newCluster(t)
	dir := filepath.Dir(c.cases)
	simtrace := filepath.Join(dir, "simtrace")
	const flags = "-default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -detpixels 16 -pixel 0.2 -distance 20 -oversample 1 -phi 0 -osc 1 -phisteps 2"
	for n := range 3 {
		for side, profile := range map[string]string{"c": "nanobragg", "py": "spec"} {
			c.must("sh", "-c", fmt.Sprintf("cd %s && %s render --profile %s %s -N %d -floatfile %s_%d.bin", dir, simtrace, profile, flags, 3+n, side, n))
		}
		c.must("sh", "-c", fmt.Sprintf("%s trace --profile nanobragg --pixel 3 %d -N 5 %s >%s/px_%d.log", simtrace, 5+n, flags, dir, n))
	}
	c.cases = filepath.Join(dir, "series.yaml")
	text := fmt.Sprintf("cases:\n  - id: frames\n    images: {ref: %[1]s/c_*.bin, got: %[1]s/py_*.bin}\n  - id: logs\n    base_args: -N 5 %[2]s\n    explain: %[1]s/px_*.log\n", dir, flags)
	if err := os.WriteFile(c.cases, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	whole := filepath.Join(t.TempDir(), "whole")
	if code, text := c.matrix(c.cases, "--out", whole); code != 1 || !strings.Contains(text, "3 EXPLAINED, 3 DIVERGED") {
		t.Fatalf("the run of one process: exit code %d\n%s", code, text)
	}
	c.whole = tables(t, whole)
	out := filepath.Join(t.TempDir(), "out")
	code, text := c.matrix("submit", c.cases, "--out", out, "--parts", "4", "--", "--partition=test")
	if code != 0 || !strings.Contains(text, "4 parts of 4 to run, of 6 configurations") {
		t.Fatalf("submit: exit code %d\n%s", code, text)
	}
	c.drained()
	if code, text := c.matrix("status", out); code != 0 || !strings.HasPrefix(text, "6 configurations: 6 done, 0 failed, 0 missing\n") {
		t.Errorf("status: exit code %d\n%s", code, text)
	}
	c.merged(out)
}
