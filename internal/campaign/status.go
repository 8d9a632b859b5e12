package campaign

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"simtrace/internal/doc"
	"simtrace/internal/shell"
	"simtrace/internal/visible"
)

// Status is what a folder of results holds of the list that was run last.
type Status struct {
	Cases                       string // the file of the list
	Total, Done, Failed, Absent int    // configurations; Done have a verdict
	Parts                       []PartStatus
	Torn                        int // lines cut short when a run was ended
	FailedRows                  []MatrixRow
}

// PartStatus is a part of the list. One process or several, one after the other, worked on it.
type PartStatus struct {
	Shard
	Total, Done, Failed int
	State               PartState
	Job                 string    // Slurm's name of the task, "" for none
	Seen                time.Time // the last sign of life; zero for none
}

// PartState says how far a part is.
type PartState string

// A part is Complete where every configuration has a verdict. Of the others one is Running
// while its process gives signs of life, has Ended where the process tried all of them, was
// Stopped where it neither ended nor gives signs of life, and Waiting where none has begun.
const (
	Complete PartState = "complete"
	Running  PartState = "running"
	Ended    PartState = "ended"
	Stopped  PartState = "stopped"
	Waiting  PartState = "waiting"
)

// silence is how long a process that lives may give no sign: three of them may be late.
const silence = 3*signOfLife + 5*time.Second

// ReadStatus looks at a folder of results and changes nothing in it.
func ReadStatus(dir string, now time.Time) (*Status, error) {
	s := &store{dir: dir}
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s holds no results of tracecmp matrix", dir)
	}
	last := names[len(names)-1]
	head, _, err := s.ends(last)
	if err != nil {
		return nil, err
	}
	m := &matrix{MatrixOptions: MatrixOptions{Cases: head.Cases, Out: dir, Tolerance: head.Tolerance}, programs: head.Programs, results: store{dir: dir}, sums: sums{dir: head.Dir}}
	tasks, err := m.load()
	if err != nil {
		return nil, fmt.Errorf("the list that was run last: %w", err)
	}
	_, torn, err := m.restore(tasks)
	if err != nil {
		return nil, err
	}
	missing(tasks)
	out := &Status{Cases: head.Cases, Total: len(tasks), Torn: torn}
	parts := max(last.Shard.Parts, 1)
	out.Parts = make([]PartStatus, parts)
	for i := range tasks {
		out.count(&out.Parts[i%parts], &tasks[i].row)
	}
	return out, out.states(s, names, m.list, now)
}

func (st *Status) count(p *PartStatus, row *MatrixRow) {
	p.Total++
	switch row.State {
	case Missing:
		st.Absent++
	case Failed:
		st.Failed++
		p.Failed++
		st.FailedRows = append(st.FailedRows, *row)
	default:
		st.Done++
		p.Done++
	}
}

// states says of each part how far its last process is.
func (st *Status) states(s *store, names []logName, list string, now time.Time) error {
	for i := range st.Parts {
		p := &st.Parts[i]
		p.Shard, p.State = Shard{i, len(st.Parts)}, Waiting
	}
	for _, n := range names {
		if n.List != list || n.Shard.Parts != len(st.Parts) {
			continue
		}
		head, ended, err := s.ends(n)
		if errors.Is(err, os.ErrNotExist) {
			continue // a process that had nothing to keep took it away
		}
		if err != nil {
			return err
		}
		info, err := os.Stat(filepath.Join(s.logs(), n.String()))
		if err != nil {
			return err
		}
		p := &st.Parts[n.Shard.Part]
		p.Job, p.Seen = head.Job, info.ModTime()
		switch {
		case ended:
			p.State = Ended
		case now.Sub(p.Seen) < silence && head.alive():
			p.State = Running
		default:
			p.State = Stopped
		}
	}
	for i := range st.Parts {
		if p := &st.Parts[i]; p.Done == p.Total {
			p.State = Complete
		}
	}
	return nil
}

// ends reads a log's first line, and whether it has its last.
func (s *store) ends(n logName) (head logHead, ended bool, err error) {
	path := filepath.Join(s.logs(), n.String())
	f, err := os.Open(path)
	if err != nil {
		return head, false, err
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &head)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return head, false, fmt.Errorf("%s:1: %w", path, err)
	}
	tail := make([]byte, 64)
	info, err := f.Stat()
	if err != nil {
		return head, false, err
	}
	k, err := f.ReadAt(tail, max(0, info.Size()-int64(len(tail))))
	if err != nil && err != io.EOF {
		return head, false, err
	}
	return head, strings.HasSuffix(string(tail[:k]), "\n{\"end\":true}\n"), nil
}

// alive reports whether the process may live: of another machine nobody can tell.
func (h *logHead) alive() bool {
	host, err := os.Hostname()
	return err != nil || host != h.Host || processLives(h.PID)
}

// Whole reports whether every configuration has a verdict.
func (st *Status) Whole() bool { return st.Done == st.Total }

// Text tells the status, the parts that are not complete among it.
func (st *Status) Text(dir string, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d done, %d failed, %d missing\n", doc.Plural(st.Total, "configuration"), st.Done, st.Failed, st.Absent)
	if len(st.Parts) > 1 {
		fmt.Fprintf(&b, "%s: %s\n", doc.Plural(len(st.Parts), "part"), st.tally())
	}
	for i := range st.Parts {
		p := &st.Parts[i]
		if p.State == Complete || p.State == Waiting {
			continue
		}
		fmt.Fprintf(&b, "part %d: %s, %d of %d done", p.Part+1, p.State, p.Done, p.Total)
		if p.Failed > 0 {
			fmt.Fprintf(&b, ", %d failed", p.Failed)
		}
		if p.State == Running || p.State == Stopped {
			fmt.Fprintf(&b, ", last sign of life %s ago", now.Sub(p.Seen).Round(time.Second))
		}
		if p.Job != "" {
			fmt.Fprintf(&b, ", Slurm's %s", p.Job)
		}
		b.WriteString("\n")
	}
	for i := range st.FailedRows {
		r := &st.FailedRows[i]
		fmt.Fprintf(&b, "%s %s: %s\n", r.State, visible.Text(r.Label()), visible.Text(strings.Join(r.Reasons, " ")))
	}
	if st.Torn > 0 {
		fmt.Fprintf(&b, "%s cut short when a run was ended: not counted\n", doc.Plural(st.Torn, "line"))
	}
	return b.String() + st.again(dir)
}

// tally counts the parts by state, in words.
func (st *Status) tally() string {
	n := map[PartState]int{}
	for _, p := range st.Parts {
		n[p.State]++
	}
	var out []string
	for _, s := range []PartState{Complete, Running, Ended, Stopped, Waiting} {
		if n[s] > 0 {
			out = append(out, fmt.Sprintf("%d %s", n[s], s))
		}
	}
	return strings.Join(out, ", ")
}

// again says how the parts that nobody works on are run; "" where there is none, or no
// script of an array.
func (st *Status) again(dir string) string {
	var idle []int
	for _, p := range st.Parts {
		if p.State != Complete && p.State != Running {
			idle = append(idle, p.Part+1)
		}
	}
	path := filepath.Join(dir, scriptName)
	text, err := os.ReadFile(path)
	if len(idle) == 0 || err != nil || !strings.Contains(string(text), fmt.Sprintf("--array=1-%d\n", len(st.Parts))) {
		return ""
	}
	return fmt.Sprintf("again: sbatch --array=%s %s\n", shell.Ranges(idle), shell.Quote(path))
}
