package campaign

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"simtrace/internal/bundle"
)

// A frozen list is a file of cases as submit leaves it for the tasks of an array: a head, and
// a line a configuration, part after part. A task reads its own lines alone, where it would
// take a minute and gigabytes to read a million from YAML, and whoever edits the file of
// cases meanwhile changes nothing for tasks that have not begun.
type frozenHead struct {
	Schema string  `json:"schema"`
	List   string  `json:"list"`  // see listOf
	Cases  string  `json:"cases"` // the file of cases, absolute
	Total  int     `json:"total"`
	Sizes  []int64 `json:"sizes"` // bytes of each part's lines
}

type frozenRun struct {
	I           int              `json:"i"` // its place in the file of cases, from 0
	Case        string           `json:"case"`
	Run         string           `json:"run"`
	Description string           `json:"description,omitempty"`
	Args        []string         `json:"args"`
	Thresholds  matrixThresholds `json:"thresholds"`
	Pixels      [][]int          `json:"pixels,omitempty"`
	caseInputs
}

// frozenSchema names the form, and frozenName is the file in the folder of results.
const (
	frozenSchema = "simtrace/matrix-list/1"
	frozenName   = "list.jsonl"
)

// cases is a list of configurations, or a part of one.
type cases struct {
	list  string // names the whole list, see listOf
	total int    // configurations in the whole list
	runs  []matrixRun
}

// readCases reads a part of a file of cases, YAML or frozen.
func readCases(path string, shard Shard) (*cases, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<18)
	start := []byte(`{"schema":"` + frozenSchema)
	if begin, _ := in.Peek(len(start)); bytes.Equal(begin, start) {
		out, err := readFrozen(f, in, shard)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: submit the list again to write the file anew", path, err)
		}
		return out, nil
	}
	runs, err := readMatrix(path)
	if err != nil {
		return nil, err
	}
	return &cases{listOf(runs), len(runs), shard.of(runs)}, nil
}

func readFrozen(f *os.File, in *bufio.Reader, shard Shard) (*cases, error) {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var head frozenHead
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, err
	}
	parts := max(shard.Parts, 1)
	var from io.Reader = in
	if parts == len(head.Sizes) && parts > 1 {
		at := int64(len(line))
		for _, n := range head.Sizes[:shard.Part] {
			at += n
		}
		from = io.NewSectionReader(f, at, head.Sizes[shard.Part])
	}
	out := &cases{list: head.List, total: head.Total, runs: make([]matrixRun, (head.Total-shard.Part+parts-1)/parts)}
	n := 0
	eachErr := eachLine(from, func(line []byte, whole bool) {
		var r frozenRun
		jerr := json.Unmarshal(line, &r)
		if jerr == nil && (!whole || r.I < 0 || r.I >= head.Total) {
			jerr = fmt.Errorf("line of configuration %d is cut or out of place", r.I)
		}
		if jerr == nil && r.I%parts == shard.Part {
			n++
			jerr = out.runs[r.I/parts].thaw(&r)
		}
		if err == nil {
			err = jerr
		}
	})
	if err == nil {
		err = eachErr
	}
	if err == nil && n != len(out.runs) {
		err = fmt.Errorf("%d configurations where %d are needed", n, len(out.runs))
	}
	return out, err
}

// thaw makes the configuration of a line.
func (r *matrixRun) thaw(f *frozenRun) error {
	*r = matrixRun{Case: f.Case, Name: f.Run, Description: f.Description, Args: f.Args, caseInputs: f.caseInputs}
	if err := r.setThresholds(f.Thresholds); err != nil {
		return err
	}
	return r.setPixels(f.Pixels)
}

// freeze writes a frozen list in parts into the folder of results and returns its path.
func freeze(out, from string, runs []matrixRun, parts int) (string, error) {
	head := frozenHead{Schema: frozenSchema, List: listOf(runs), Total: len(runs), Sizes: make([]int64, parts)}
	var err error
	if head.Cases, err = filepath.Abs(from); err != nil {
		return "", err
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	for p := range parts {
		before := text.Len()
		for i := p; i < len(runs); i += parts {
			r := &runs[i]
			f := frozenRun{I: i, Case: r.Case, Run: r.Name, Description: r.Description, Args: r.Args, Thresholds: r.limits, caseInputs: r.caseInputs}
			for _, px := range r.Pixels {
				f.Pixels = append(f.Pixels, []int{px.Slow, px.Fast})
			}
			if err := e.Encode(&f); err != nil {
				return "", err
			}
		}
		head.Sizes[p] = int64(text.Len() - before)
	}
	first, err := json.Marshal(head)
	if err != nil {
		return "", err
	}
	path, err := filepath.Abs(filepath.Join(out, frozenName))
	if err != nil {
		return "", err
	}
	return path, bundle.WriteFileAtomic(path, append(append(first, '\n'), text.Bytes()...), 0o666)
}
