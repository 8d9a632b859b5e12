// Package comparison makes one comparison of two logs: opens them, compares, and writes
// the files that were asked for, all or none.
//
//  1. [NewOutputs] looks at the places of the files before anything is read.
//  2. [Run] opens both logs, compares them (package parity), and writes the report.
package comparison

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"simtrace/internal/input"
	"simtrace/internal/interrupt"
	"simtrace/internal/runfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// Job is a comparison to be made.
type Job struct {
	Ref, Got *input.Source
	Options  parity.Options
	Files    Files
	Rules    []RuleFile // the files that Options were read from
	Stdin    io.Reader
	Stdout   io.Writer     // for what is to be shown in the report's place
	Limit    time.Duration // how long a command that prints a log may run
	Also     *RowTaker     // handed all rows as well; nil for none
}

// RowTaker is handed every row of a comparison; Begin comes before, and again where
// all of them come again.
type RowTaker struct {
	Begin func()
	Row   func(label string, r *diff.Row)
}

// Run compares two logs and writes the files.
func Run(ctx context.Context, j Job) (*parity.Report, *Outputs, error) {
	out, err := NewOutputs(j.Files, j.Ref, j.Got, j.Rules)
	if err != nil {
		return nil, nil, err
	}
	defer j.Ref.Close()
	defer j.Got.Close()
	if err := input.OpenBoth(ctx, j.Ref, j.Got, j.Stdin, j.Limit); err != nil {
		return nil, nil, err
	}
	var takers []*RowTaker
	if j.Also != nil {
		takers = append(takers, j.Also)
	}
	var rows *csvRows
	if out.CSV != "" {
		if rows, err = newCSVRows(out.CSV); err != nil {
			return nil, nil, fmt.Errorf("--csv: %w", err)
		}
		defer rows.close()
		takers = append(takers, &RowTaker{rows.begin, rows.row})
	}
	for _, s := range []*input.Source{j.Got, j.Ref} {
		if c := runfile.Find(s.Path); len(j.Options.Config) == 0 && s.Argv == nil && c != nil {
			j.Options.Config = c.Words
		}
	}
	eachRow(&j.Options, takers)
	rep, err := compareBoth(ctx, j.Ref, j.Got, j.Options, out.folder != nil)
	if err != nil {
		return nil, nil, err
	}
	if err := out.write(ctx, j.Stdout, rep, j.Ref, j.Got); err != nil {
		return nil, nil, err
	}
	if rows != nil {
		if err := rows.finish(j.Stdout, rep); err != nil {
			return nil, nil, err
		}
	}
	return rep, out, nil
}

// eachRow has the comparison hand its rows to all that take them.
func eachRow(opt *parity.Options, takers []*RowTaker) {
	if len(takers) == 0 {
		return
	}
	opt.BeginRows = func() {
		for _, t := range takers {
			t.Begin()
		}
	}
	opt.EachRow = func(label string, row *diff.Row) {
		for _, t := range takers {
			t.Row(label, row)
		}
	}
}

// compareBoth compares what was opened; sums asks for the checksums of the logs
// as well.
func compareBoth(ctx context.Context, ref, got *input.Source, opt parity.Options, sums bool) (*parity.Report, error) {
	var rep *parity.Report
	var err, sumErr error
	var wg sync.WaitGroup
	if sums {
		wg.Go(func() { sumErr = input.BothSides(ref, got, func(_ int, s *input.Source) error { return s.Sum() }) })
	}
	rep, err = parity.Sources(ctx, ref.Log, got.Log, opt)
	wg.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, interrupt.Err
	case err != nil:
		return nil, err
	case sumErr != nil:
		return nil, sumErr
	}
	for s, in := range map[*input.Source]parity.Input{ref: rep.Ref, got: rep.Got} {
		s.Files[0].Lines, s.Files[0].TraceLines = in.Lines, in.TraceLines
	}
	return rep, nil
}
