package campaign

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// logSchema names the form of a log of results.
const logSchema = "simtrace/matrix-log/1"

// logHead is the first line of a log: whose results it holds.
type logHead struct {
	Schema    string  `json:"schema"`
	Cases     string  `json:"cases"` // the file of cases, absolute
	Dir       string  `json:"dir"`   // the working folder, from which the flags name files
	Total     int     `json:"total"` // configurations in the file
	Programs  string  `json:"programs"`
	Tolerance float64 `json:"tolerance"`
	Host      string  `json:"host"`
	PID       int     `json:"pid"`
	Job       string  `json:"job,omitempty"` // Slurm's name of the task
}

// logLine is any other line: a configuration's result, or the end of the part.
type logLine struct {
	Row   *MatrixRow `json:"row,omitempty"`
	Thumb []byte     `json:"thumb,omitempty"` // the row's picture, PNG
	End   bool       `json:"end,omitempty"`   // every configuration of the part was tried
}

// logName is what a log's name says: the list that was divided, the part, and when it was
// begun. Names sort by time within a part.
type logName struct {
	List  string // of the names in the file of cases
	Shard Shard
	Began string // in UTC
	Once  string // tells apart what began at the same moment
}

// stamp is how a name writes a time.
const stamp = "20060102T150405.000Z"

func newLogName(list string, s Shard) logName {
	return logName{list, Shard{s.Part, max(s.Parts, 1)}, time.Now().UTC().Format(stamp), strings.ToLower(rand.Text()[:8])}
}

func (n logName) String() string {
	return fmt.Sprintf("%s-%dof%d-%s-%s.jsonl", n.List, n.Shard.Part+1, n.Shard.Parts, n.Began, n.Once)
}

// parseLogName reads a name back; ok is false for other files.
func parseLogName(s string) (n logName, ok bool) {
	base, ok := strings.CutSuffix(s, ".jsonl")
	w := strings.Split(base, "-")
	if !ok || len(w) != 4 {
		return n, false
	}
	part, parts, ok := strings.Cut(w[1], "of")
	a, err1 := strconv.Atoi(part)
	b, err2 := strconv.Atoi(parts)
	return logName{w[0], Shard{a - 1, b}, w[2], w[3]}, ok && err1 == nil && err2 == nil && a >= 1 && a <= b
}

// signOfLife is how often a log's time is set while configurations are compared, and
// syncEvery how often what was written is made to reach the disk.
const (
	signOfLife = 10 * time.Second
	syncEvery  = 10 * time.Second
)

// resultLog is what one process writes: a line a result, appended. No other process ever
// writes into it, so that no lock is needed; a process that is killed leaves at worst the
// beginning of a line, which is no JSON.
type resultLog struct {
	mu     sync.Mutex
	path   string
	f      *os.File
	rows   int
	synced time.Time
	stop   chan struct{} // ends the signs of life
	gone   sync.WaitGroup
}

// beginLog makes a log with its first line.
func beginLog(dir string, name logName, head logHead) (*resultLog, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name.String())
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	l := &resultLog{path: path, f: f, synced: time.Now(), stop: make(chan struct{})}
	if _, err := l.line(head); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(path))
	}
	l.gone.Go(l.live)
	return l, nil
}

// live gives signs of life while a configuration takes long.
func (l *resultLog) live() {
	for {
		select {
		case <-l.stop:
			return
		case now := <-time.After(signOfLife):
			_ = os.Chtimes(l.path, now, now) // a sign that is missing harms nothing
		}
	}
}

// line appends a line, in one write, and returns it.
func (l *resultLog) line(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	data = append(data, '\n')
	_, err = l.f.Write(data)
	return data, err
}

// add appends a result and returns it as the log will give it back: figures that are not
// finite are gone, so that a table made from logs is the table of the run itself.
func (l *resultLog) add(row MatrixRow) (MatrixRow, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	stored := row
	stored.listed(&MatrixRow{Case: row.Case, Run: row.Run}) // the file of cases has the rest
	data, err := l.line(logLine{Row: &stored, Thumb: row.thumb})
	if err != nil {
		return row, err
	}
	l.rows++
	if now := time.Now(); now.Sub(l.synced) > syncEvery {
		if l.synced, err = now, l.f.Sync(); err != nil {
			return row, err
		}
	}
	back := blank()
	err = json.Unmarshal(data, &logLine{Row: &back})
	back.listed(&row)
	back.thumb = row.thumb
	return back, err
}

// close ends the log; whole says that every configuration of the part was tried. A log
// without results is of no use to anybody.
func (l *resultLog) close(whole bool) error {
	close(l.stop)
	l.gone.Wait()
	if l.rows == 0 {
		return errors.Join(l.f.Close(), os.Remove(l.path))
	}
	var err error
	if whole {
		_, err = l.line(logLine{End: true})
	}
	return errors.Join(err, l.f.Sync(), l.f.Close())
}
