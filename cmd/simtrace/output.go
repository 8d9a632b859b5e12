package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/internal/record"
	"simtrace/internal/runfile"
	"simtrace/internal/shell"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// records are written one after the other.
type records = iter.Seq[*trace.Record]

// each gives out the records of a list.
func each(list []trace.Record) records {
	return func(yield func(*trace.Record) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

// only gives out the per-phi rows, or all but them.
func only(rows bool, all records) records {
	return func(yield func(*trace.Record) bool) {
		for r := range all {
			if (r.Stream == trace.PhiStream) == rows && !yield(r) {
				return
			}
		}
	}
}

// records returns what a dialect prints: the setup where the dialect has it,
// then the pixels.
func (j *job) records(d record.Dialect) (setup records, pixels []records) {
	list := j.narrowed()
	if d != record.Py && len(j.filter.Stages) == 0 {
		list = append(append(list, record.Setup(j.experiment)...), record.Notes(j.experiment)...)
	}
	for _, px := range j.pixels {
		if t := j.taps[px]; t != nil {
			pixels = append(pixels, record.Each(d, px, t))
		}
	}
	return each(list), pixels
}

// narrowed is the note that says what --stages and --phi leave of the trace, so
// that a comparison knows that nothing of the rest is lost.
func (j *job) narrowed() []trace.Record {
	var parts []string
	if len(j.filter.Stages) > 0 {
		names := make([]string, len(j.filter.Stages))
		for i, s := range j.filter.Stages {
			names[i] = s.String()
		}
		parts = append(parts, "stages="+strings.Join(names, ","))
	}
	if len(j.filter.Phi) > 0 {
		parts = append(parts, "phi="+shell.Ranges(j.filter.Phi))
	}
	if len(parts) == 0 {
		return nil
	}
	return []trace.Record{trace.NarrowedNote(strings.Join(parts, " "))}
}

func newWriter(d record.Dialect, w io.Writer) trace.Writer {
	switch d {
	case record.C:
		return trace.NewC(w)
	case record.Py:
		return trace.NewPy(w)
	}
	return trace.NewJSONL(w)
}

// emit writes records in one dialect, until ctx ends.
func emit(ctx context.Context, d record.Dialect, w io.Writer, groups ...records) error {
	tw, n := newWriter(d, w), 0
	for _, g := range groups {
		for r := range g {
			if n++; n%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := tw.Write(r); err != nil {
				return err
			}
		}
	}
	return tw.Flush()
}

// header is the line that begins a trace of the text dialects: a reader of logs
// passes over it. The reference's own dialect has none where the profile is the
// reference's, whose output it then is to the byte.
func (j *job) header(d record.Dialect) string {
	c := &j.experiment.Config
	if d == record.JSONL || d == record.C && c.Profile == sim.ProfileNanoBragg && c.Dtype == sim.Float64 {
		return ""
	}
	return fmt.Sprintf("# simtrace, profile %s, dtype %s\n", c.Profile, c.Dtype)
}

// print writes everything to standard output. The port prints its per-phi rows
// behind a pixel's block, the reference between its lines.
func (j *job) print(ctx context.Context, w io.Writer) error {
	for _, d := range j.dialects {
		setup, pixels := j.records(d)
		groups := []records{setup}
		for _, p := range pixels {
			if d == record.Py {
				groups = append(groups, only(false, p), only(true, p))
			} else {
				groups = append(groups, p)
			}
		}
		if _, err := io.WriteString(w, j.header(d)); err != nil {
			return err
		}
		if err := emit(ctx, d, w, groups...); err != nil {
			return err
		}
		if err := j.emitRotStars(d, w); err != nil {
			return err
		}
	}
	return nil
}

// emitRotStars adds the rows of --emit-rot-stars to the port's dialect.
func (j *job) emitRotStars(d record.Dialect, w io.Writer) error {
	if !j.rotStars || d != record.Py {
		return nil
	}
	for _, px := range j.pixels {
		if t := j.rotTaps[px]; t != nil {
			if err := rotStars(w, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// baseName is the stem of a dialect's files.
func baseName(d record.Dialect) string {
	return "trace_" + string(d) + "_scaling"
}

// write stages the files of the report folder.
func (j *job) write(ctx context.Context, b *bundle.Bundle, dir string) error {
	for _, d := range j.dialects {
		if err := j.writeDialect(ctx, b, d); err != nil {
			return err
		}
	}
	return j.about(b, dir)
}

// about writes what tells how a folder was made.
func (j *job) about(b *bundle.Bundle, dir string) error {
	if err := writeJSON(b, runfile.SnapshotName, j.snapshot()); err != nil {
		return err
	}
	if err := writeJSON(b, "env.json", runfile.NewEnvironment(j.device, j.experiment.Config.Dtype.String())); err != nil {
		return err
	}
	return b.WriteFile("commands.txt", []byte(j.command(dir)+"\n"))
}

func (j *job) writeDialect(ctx context.Context, b *bundle.Bundle, d record.Dialect) error {
	setup, pixels := j.records(d)
	if d == record.JSONL {
		return writeRecords(ctx, b, "trace_scaling.jsonl", d, j.header(d), "", append([]records{setup}, pixels...)...)
	}
	main := []records{setup}
	var rows []records
	any := false
	for _, p := range pixels {
		rest := only(false, p)
		if d == record.C {
			rest = p // the reference prints its rows in between
		}
		main, rows = append(main, rest), append(rows, only(true, p))
		for range rows[len(rows)-1] {
			any = true
			break
		}
	}
	var stars strings.Builder
	if err := j.emitRotStars(d, &stars); err != nil {
		return err
	}
	if err := writeRecords(ctx, b, baseName(d)+".log", d, j.header(d), stars.String(), main...); err != nil {
		return err
	}
	if !any {
		return nil
	}
	if err := writeRecords(ctx, b, baseName(d)+"_per_phi.log", d, j.header(d), "", rows...); err != nil {
		return err
	}
	return writeJSON(b, baseName(d)+"_per_phi.json", j.perPhi(rows))
}

// writeRecords writes a file of records between two texts.
func writeRecords(ctx context.Context, b *bundle.Bundle, name string, d record.Dialect, header, footer string, groups ...records) error {
	w, err := b.Writer(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, header); err != nil {
		return err
	}
	if err := emit(ctx, d, w, groups...); err != nil {
		return err
	}
	_, err = io.WriteString(w, footer)
	return err
}

func writeJSON(b *bundle.Bundle, name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return b.WriteFile(name, append(data, '\n'))
}

// perPhi are the rows of the phi steps.
func (j *job) perPhi(rows []records) any {
	head := runfile.PerPhi{Config: j.configName(), Profile: j.experiment.Config.Profile.String(), Device: j.device, Dtype: j.experiment.Config.Dtype.String()}
	entries := make([][]record.Row, len(rows))
	for i := range rows {
		entries[i] = record.Rows(collect(rows[i]))
	}
	return runfile.NewPerPhi(head, j.pixels, entries)
}

func collect(all records) []trace.Record {
	var out []trace.Record
	for r := range all {
		out = append(out, *r)
	}
	return out
}

func (j *job) configName() string {
	if j.config == "" {
		return runfile.CommandLine
	}
	return filepath.Base(j.config)
}

// command is the line that makes the folder again.
func (j *job) command(dir string) string {
	words := []string{"simtrace"}
	for i := 0; i < len(j.args); i++ {
		a := j.args[i]
		switch {
		case a == "--out" && i+1 < len(j.args):
			words = append(words, a, shell.Quote(dir))
			i++
		case strings.HasPrefix(a, "--out="):
			words = append(words, "--out="+shell.Quote(dir))
		default:
			words = append(words, shell.Quote(a))
		}
	}
	return strings.Join(words, " ")
}

// pixelPair is a pixel as JSON has it, slow first.
func pixelPair(p sim.Pixel) [2]int { return [2]int{p.Slow, p.Fast} }
