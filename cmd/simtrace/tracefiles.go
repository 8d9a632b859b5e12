package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/internal/bundle"
	"simtrace/internal/record"
)

// worthSaying is from how many pixels on a trace is announced: it may fill a disk.
const worthSaying = 1000

// traceMany traces into standard output, or into a folder.
func (j *job) traceMany(c *cli.Context, dir string) error {
	ctx := c.Context
	tracer, err := j.experiment.Tracer(ctx)
	if err != nil {
		return err
	}
	m := &many{job: j, tracer: tracer, pixels: &j.selected}
	if dir == "" {
		j.printWarnings(j.builder)
		return m.print(ctx)
	}
	dir = bundle.ExpandTimestamp(dir, time.Now())
	b, err := bundle.Create(dir, c.Bool("force"))
	if errors.Is(err, bundle.ErrHoldsReports) {
		return fmt.Errorf("%w: --force replaces them", err)
	}
	if err != nil {
		return err
	}
	defer b.Abort()
	j.printWarnings(j.builder)
	runErr := m.files(ctx, b)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := j.about(b, dir); err != nil {
		return err
	}
	if runErr != nil {
		if err := b.Block(runErr, fmt.Sprintf("- %d pixels were to be traced", j.selected.count())); err != nil {
			return err
		}
		return fmt.Errorf("%w (what was captured is in %s)", runErr, dir)
	}
	return b.Commit()
}

// print writes to standard output.
func (m *many) print(ctx context.Context) error {
	for _, d := range m.dialects {
		err := m.announced(ctx, d, func(progress func(done, total int)) error { return m.write(ctx, d, m.stdout, progress) })
		if err != nil && ctx.Err() != nil {
			return errCut
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// announced says how much is to come, where it is much, and shows how far it is.
func (m *many) announced(ctx context.Context, d record.Dialect, do func(progress func(done, total int)) error) error {
	if n := m.pixels.count(); n >= worthSaying {
		bytes, err := m.estimate(ctx, d)
		if err != nil {
			return err
		}
		fmt.Fprintf(m.stderr, "simtrace: tracing %d pixels, about %.3g MB of %s\n", n, bytes/1e6, d)
	}
	bar := m.progress(m.builder)
	defer bar.finish()
	bar.unit = "pixel"
	return do(bar.update)
}

// files writes the traces into a folder.
func (m *many) files(ctx context.Context, b *bundle.Bundle) error {
	if m.npy {
		return m.arrays(ctx, b)
	}
	for _, d := range m.dialects {
		name := baseName(d) + ".log"
		if d == record.JSONL {
			name = "trace_scaling.jsonl"
		}
		w, err := b.Writer(name)
		if err != nil {
			return err
		}
		if err := m.announced(ctx, d, func(progress func(done, total int)) error { return m.write(ctx, d, w, progress) }); err != nil {
			return err
		}
	}
	return nil
}

// arrays writes one array for each table that has rows. How many it has stands at
// its beginning and is known at the end: the rows wait in temporary files.
func (m *many) arrays(ctx context.Context, b *bundle.Bundle) error {
	columns := record.NewColumns(m.filter.Stages)
	var rows [record.Tables]*os.File
	var counts [record.Tables]int
	for t := range rows {
		f, err := os.CreateTemp("", "simtrace-rows-")
		if err != nil {
			return err
		}
		defer os.Remove(f.Name())
		defer f.Close()
		rows[t] = f
	}
	bar := m.progress(m.builder)
	bar.unit = "pixel"
	err := m.each(ctx, func() (pixelSink, func() chunk) {
		own := record.NewColumns(m.filter.Stages)
		return own, func() chunk {
			c := chunk{free: func() {}}
			for t := range record.Tables {
				data, n := own.Rows(t)
				c.parts, c.rows = append(c.parts, data), append(c.rows, n)
			}
			return c
		}
	}, func(c chunk) error {
		for t, data := range c.parts {
			if _, err := rows[t].Write(data); err != nil {
				return err
			}
			counts[t] += c.rows[t]
		}
		return nil
	}, bar.update)
	bar.finish()
	for t, f := range rows {
		if err == nil && counts[t] > 0 {
			err = array(b, columns, record.Table(t), counts[t], f)
		}
	}
	return err
}

// array writes a table's file.
func array(b *bundle.Bundle, columns *record.Columns, t record.Table, count int, rows *os.File) error {
	w, err := b.Writer("trace_" + t.String() + ".npy")
	if err == nil {
		err = columns.WriteHeader(w, t, count)
	}
	if err == nil {
		_, err = rows.Seek(0, io.SeekStart)
	}
	if err == nil {
		_, err = io.Copy(w, rows)
	}
	return err
}
