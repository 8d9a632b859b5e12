package campaign

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"simtrace/internal/doc"
	"simtrace/internal/outfile"
	"simtrace/internal/progress"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// MatrixOptions say which configurations are compared, by whom, and where the results go.
type MatrixOptions struct {
	Cases                  string      // file of cases, YAML
	Out                    string      // folder of the results
	RefCommand, GotCommand []string    // the programs, absolute; none for simtrace
	RefProfile, GotProfile sim.Profile // simtrace's habits where it stands for a program
	// Tolerance is the largest relative difference that passes, at least 0 and below 1: of a
	// pixel where a case has no thresholds, and of a traced quantity where it has no trace_rel_max.
	Tolerance float64
	// Compare decides about traced rows, but for their tolerance, and Judged says what it
	// depends on: a result belongs to that as well.
	Compare  parity.Options
	Judged   string
	HTML     string        // file for the page, beside that in Out; "" for none
	Jobs     int           // configurations at once, at least 1
	Limit    time.Duration // of a run of a program
	Force    bool          // replace tables that tracecmp did not write
	Shard    Shard         // the part to run; no table is written unless it is all
	Array    *Array        // says the part instead; nil for none
	Merge    bool          // run nothing: make the table of what is at hand
	Progress *progress.Line
}

// MatrixResult are the rows of the configurations that were asked for, in their order.
type MatrixResult struct {
	Rows  []MatrixRow
	Notes []string // what else is to be said, one sentence each
}

// Document is the result for a terminal.
func (r *MatrixResult) Document() *doc.Document {
	d := matrixDocument(r.Rows, onTerminal, "")
	for _, n := range r.Notes {
		d.Body = append(d.Body, doc.Paragraph{Text: doc.Prose(n)})
	}
	return d
}

// Code is the exit code: 2 where something failed, since that says nothing of the images, then
// 1 where something diverged, then 3 where nobody knows.
func (r *MatrixResult) Code() int {
	seen := map[string]bool{}
	for i := range r.Rows {
		seen[r.Rows[i].State] = true
	}
	switch {
	case seen[Failed]:
		return 2
	case seen[string(imagecmp.Diverged)]:
		return 1
	case seen[string(imagecmp.Refused)] || seen[Missing] || len(r.Rows) == 0:
		return 3
	}
	return 0
}

// matrix is one run of Matrix.
type matrix struct {
	MatrixOptions
	programs string // what the results depend on besides the flags
	sums     sums
	list     string // names the list of configurations
	total    int    // of them
	results  store
}

// The states of a MatrixRow besides the verdicts. Explained is a log that simtrace prints
// once some of its settings are others.
const (
	Explained = "EXPLAINED"
	Failed    = "FAILED"
	Missing   = "MISSING"
)

// MatrixRow is a configuration's result.
type MatrixRow struct {
	Key         string          `json:"key"`
	Case        string          `json:"case"`
	Run         string          `json:"run"`
	Description string          `json:"description"` // the case's
	State       string          `json:"state"`       // a verdict, FAILED or MISSING
	Image       string          `json:"image"`       // the image's verdict, FAILED or MISSING
	Reasons     []string        `json:"reasons"`
	Correlation imagecmp.Number `json:"correlation"`
	SumRatio    imagecmp.Number `json:"sum_ratio"`
	MaxAbs      imagecmp.Number `json:"max_abs_diff"`
	RMSE        imagecmp.Number `json:"rmse"`
	Compared    int             `json:"compared"` // pixels of the image
	Beyond      int             `json:"beyond_tolerance"`
	Smallest    imagecmp.Number `json:"smallest_rel_tolerance"`
	Pixels      []MatrixPixel   `json:"pixels"`
	Args        []string        `json:"args"`
	Settings    []string        `json:"settings,omitempty"` // that explain a log, see caseInputs
	Report      string          `json:"report,omitempty"`   // of a search for them: a file, from the folder of the tables
	Next        string          `json:"next"`               // the command that looks at this configuration closely

	thumb []byte         // both images and their difference, a small PNG; nil for none
	files []outfile.File // of the pixels; they appear together with the result
}

// listed takes from another row what stands in the list of cases, or follows from it.
func (row *MatrixRow) listed(from *MatrixRow) {
	row.Case, row.Run, row.Description, row.Args, row.Next = from.Case, from.Run, from.Description, from.Args, from.Next
}

// Label is what the row's configuration is called.
func (row *MatrixRow) Label() string { return label(row.Case, row.Run) }

// Matrix compares the configurations of a file, several at once, and writes the tables
// unless only a part is run. What is at hand in Out from earlier runs, of other parts or
// interrupted, is not run again.
func Matrix(ctx context.Context, opt MatrixOptions) (*MatrixResult, error) {
	m, err := newMatrix(opt)
	if err != nil {
		return nil, err
	}
	table := m.tablePaths()
	for _, p := range table {
		if err := outfile.MayWrite(p, m.Force); err != nil {
			return nil, err
		}
	}
	if err := outfile.Spare(table, []string{m.Cases}); err != nil {
		return nil, err
	}
	if m.Array != nil {
		if m.Shard, err = m.Array.shard(m.Out); err != nil {
			return nil, err
		}
	}
	tasks, err := m.load()
	if err != nil {
		return nil, err
	}
	if m.Array != nil {
		if err := m.Array.keep(m.Out); err != nil {
			return nil, err
		}
	}
	moved, torn, err := m.restore(tasks)
	if err == nil && m.Merge {
		missing(tasks)
	} else if err == nil {
		err = m.run(ctx, tasks, moved)
	}
	if err != nil {
		return nil, err
	}
	rows := make([]MatrixRow, len(tasks))
	for i := range tasks {
		rows[i] = tasks[i].row
	}
	out := &MatrixResult{Rows: rows}
	if torn > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s in %s: cut short when a run was ended, and not counted", doc.Plural(torn, "line"), m.results.logs()))
	}
	if m.Shard.whole() {
		out.Notes = append(out.Notes, unusedWaivers(m.Compare.Waivers, rows)...)
		return out, m.write(ctx, rows)
	}
	out.Notes = append(out.Notes, fmt.Sprintf("part %d of %d, in %s: no table yet, tracecmp matrix merge makes it", m.Shard.Part+1, m.Shard.Parts, m.Out))
	return out, nil
}

// load reads the part's configurations and begins their rows.
func (m *matrix) load() ([]task, error) {
	c, err := readCases(m.Cases, m.Shard)
	if err != nil {
		return nil, err
	}
	m.list, m.total = c.list, c.total
	return m.tasks(c.runs), nil
}

// listOf names a list of configurations by their order: what the parts of it hold.
func listOf(runs []matrixRun) string {
	h := sha256.New()
	for _, r := range runs {
		fmt.Fprintf(h, "%q/%q\n", r.Case, r.Name)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// begin begins this process's log of results.
func (m *matrix) begin() (*resultLog, error) {
	cases, err := filepath.Abs(m.Cases)
	if err != nil {
		return nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname() // for people; none is no trouble
	return beginLog(m.results.logs(), newLogName(m.list, m.Shard), logHead{Schema: logSchema, Cases: cases, Dir: dir, Total: m.total, Programs: m.programs,
		Tolerance: m.Tolerance, Host: host, PID: os.Getpid(), Job: slurmJob()})
}

func newMatrix(opt MatrixOptions) (*matrix, error) {
	m := &matrix{MatrixOptions: opt, results: store{dir: opt.Out}}
	var err error
	m.programs, err = opt.identity(&m.sums)
	return m, err
}
