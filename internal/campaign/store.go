package campaign

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity/imagecmp"
)

// store is the folder of results that shards share.
type store struct {
	dir    string                     // DIR
	listed map[string]map[string]bool // the files of the folders of traces that were asked for
}

func (s *store) logs() string { return filepath.Join(s.dir, "results") }

// traces is the folder of a key's traces, from dir: a folder has 1/256 of them, since many
// file systems slow down with 100 000 files in one.
func traces(key string) string { return filepath.Join("runs", key[:2]) }

// names lists the logs, the oldest first.
func (s *store) names() ([]logName, error) {
	entries, err := os.ReadDir(s.logs())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []logName
	for _, e := range entries {
		if n, ok := parseLogName(e.Name()); ok {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b logName) int {
		return strings.Compare(a.Began+a.Once, b.Began+b.Once)
	})
	return out, err
}

// found is what the logs hold of some keys.
type found struct {
	rows map[string]MatrixRow // verdicts before failures, and of failures the last
	torn int                  // lines that were cut short
}

// blank is a row in which nothing was compared; its figures are no numbers.
func blank() MatrixRow {
	nan := imagecmp.Number(math.NaN())
	return MatrixRow{State: Failed, Image: Failed, Reasons: []string{}, Pixels: []MatrixPixel{}, Correlation: nan, SumRatio: nan, MaxAbs: nan, RMSE: nan, Smallest: nan}
}

// read takes the rows of the wanted keys out of a log.
func (s *store) read(name logName, want map[string]bool, out *found) error {
	f, err := os.Open(filepath.Join(s.logs(), name.String()))
	if err != nil {
		return err
	}
	defer f.Close()
	return eachLine(f, func(line []byte, whole bool) {
		key, ok := rowKey(line)
		switch {
		case !whole || !ok && !json.Valid(line):
			out.torn++
			return
		case !ok || !want[key]:
			return
		}
		row := blank()
		full := logLine{Row: &row}
		if err := json.Unmarshal(line, &full); err != nil || row.Key != key || row.State == "" {
			out.torn++
			return
		}
		row.thumb = full.Thumb
		if old, ok := out.rows[key]; (!ok || old.State == Failed) && s.complete(&row) {
			out.rows[key] = row
		}
	})
}

// rowStart is how a row's line begins.
var rowStart = []byte(`{"row":{"key":"`)

// rowKey reads the key of a row's line without the rest: most lines of other parts' logs
// are of no interest.
func rowKey(line []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(line, rowStart)
	end := bytes.IndexByte(rest, '"')
	if !ok || end < 0 {
		return "", false
	}
	return string(rest[:end]), true
}

// eachLine gives every line without its end; whole is false for a last one that has none.
func eachLine(r io.Reader, do func(line []byte, whole bool)) error {
	in := bufio.NewReaderSize(r, 1<<18)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			do(bytes.TrimSuffix(line, []byte{'\n'}), err == nil)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// complete reports whether the row's files are there: somebody may have taken them away.
func (s *store) complete(row *MatrixRow) bool {
	var files []string
	for _, p := range row.Pixels {
		files = append(files, p.Compared)
	}
	if row.Report != "" {
		files = append(files, row.Report)
	}
	for _, f := range files {
		dir, name := filepath.Split(filepath.FromSlash(f))
		if _, ok := s.listed[dir]; !ok {
			here := map[string]bool{}
			entries, _ := os.ReadDir(filepath.Join(s.dir, dir)) // none where there is no folder
			for _, e := range entries {
				here[e.Name()] = true
			}
			if s.listed == nil {
				s.listed = map[string]map[string]bool{}
			}
			s.listed[dir] = here
		}
		if !s.listed[dir][name] {
			return false
		}
	}
	return true
}

// find looks for results. A part's own are in its own logs; those of the other parts of the
// same list hold none of them and are not opened, so that a thousand parts do not read a
// thousand logs each. Only where something is missing are the logs of other lists and of other
// divisions read. near are the keys that the part's own logs hold.
func (s *store) find(want map[string]bool, list string, shard Shard) (out *found, near map[string]bool, err error) {
	out, near = &found{rows: map[string]MatrixRow{}}, map[string]bool{}
	names, err := s.names()
	if err != nil {
		return nil, nil, err
	}
	parts := max(shard.Parts, 1)
	for _, n := range names {
		if n.List == list && (parts == 1 || n.Shard == shard) {
			if err := s.read(n, want, out); err != nil {
				return nil, nil, err
			}
		}
	}
	for key := range out.rows {
		near[key] = true
	}
	if len(near) == len(want) {
		return out, near, nil
	}
	for _, n := range names {
		if n.List != list || parts > 1 && n.Shard.Parts != parts {
			if err := s.read(n, want, out); err != nil {
				return nil, nil, err
			}
		}
	}
	return out, near, nil
}

// keep writes files of traces, each whole by a rename. No lock is taken: no other process
// writes files of these names, unless it compares the same configuration, to the same bytes.
func (s *store) keep(files []outfile.File) error {
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
			return err
		}
		if err := bundle.WriteFileAtomic(f.Path, f.Data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
