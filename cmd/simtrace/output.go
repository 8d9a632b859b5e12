package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/internal/record"
	"simtrace/internal/shell"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// records returns what a dialect prints: the setup where the dialect has it,
// then the pixels.
func (j *job) records(d record.Dialect) (setup []trace.Record, pixels [][]trace.Record) {
	if d != record.Py && len(j.filter.Stages) == 0 {
		setup = append(record.Setup(j.experiment), record.Notes(j.experiment)...)
	}
	for _, px := range j.pixels {
		if t := j.taps[px]; t != nil {
			pixels = append(pixels, record.Pixel(d, px, t))
		}
	}
	return setup, pixels
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

// emit writes records in one dialect.
func emit(d record.Dialect, w io.Writer, groups ...[]trace.Record) error {
	tw := newWriter(d, w)
	for _, g := range groups {
		for i := range g {
			if err := tw.Write(&g[i]); err != nil {
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
func (j *job) print(w io.Writer) error {
	for _, d := range j.dialects {
		setup, pixels := j.records(d)
		groups := [][]trace.Record{setup}
		for _, p := range pixels {
			if d == record.Py {
				rest, rows := record.Split(p)
				groups = append(groups, rest, rows)
			} else {
				groups = append(groups, p)
			}
		}
		if _, err := io.WriteString(w, j.header(d)); err != nil {
			return err
		}
		if err := emit(d, w, groups...); err != nil {
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
func (j *job) write(b *bundle.Bundle, dir string) error {
	for _, d := range j.dialects {
		if err := j.writeDialect(b, d); err != nil {
			return err
		}
	}
	if err := writeJSON(b, "config_snapshot.json", j.snapshot()); err != nil {
		return err
	}
	if err := writeJSON(b, "env.json", j.env()); err != nil {
		return err
	}
	return b.WriteFile("commands.txt", []byte(j.command(dir)+"\n"))
}

func (j *job) writeDialect(b *bundle.Bundle, d record.Dialect) error {
	setup, pixels := j.records(d)
	if d == record.JSONL {
		return writeRecords(b, "trace_scaling.jsonl", d, j.header(d), "", append([][]trace.Record{setup}, pixels...)...)
	}
	main := [][]trace.Record{setup}
	var rows [][]trace.Record
	any := false
	for _, p := range pixels {
		rest, phi := record.Split(p)
		if d == record.C {
			rest = p // the reference prints its rows in between
		}
		main, rows = append(main, rest), append(rows, phi)
		any = any || len(phi) > 0
	}
	var stars strings.Builder
	if err := j.emitRotStars(d, &stars); err != nil {
		return err
	}
	if err := writeRecords(b, baseName(d)+".log", d, j.header(d), stars.String(), main...); err != nil {
		return err
	}
	if !any {
		return nil
	}
	if err := writeRecords(b, baseName(d)+"_per_phi.log", d, j.header(d), "", rows...); err != nil {
		return err
	}
	return writeJSON(b, baseName(d)+"_per_phi.json", j.perPhi(rows))
}

// writeRecords writes a file of records between two texts.
func writeRecords(b *bundle.Bundle, name string, d record.Dialect, header, footer string, groups ...[]trace.Record) error {
	var text strings.Builder
	text.WriteString(header)
	if err := emit(d, &text, groups...); err != nil {
		return err
	}
	return b.WriteFile(name, []byte(text.String()+footer))
}

func writeJSON(b *bundle.Bundle, name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return b.WriteFile(name, append(data, '\n'))
}

// perPhiPixel is the content of the per-phi JSON file, for one pixel.
type perPhiPixel struct {
	Pixel   harnessPixel `json:"pixel"`
	Config  string       `json:"config,omitempty"`
	Profile string       `json:"profile,omitempty"`
	Device  string       `json:"device,omitempty"`
	Dtype   string       `json:"dtype,omitempty"`
	Entries []record.Row `json:"per_phi_entries"`
}

// perPhi is one object for one pixel, and an object with a list of pixels for
// several.
func (j *job) perPhi(rows [][]trace.Record) any {
	list := make([]perPhiPixel, len(rows))
	for i := range rows {
		px := j.pixels[i]
		list[i] = perPhiPixel{Pixel: harnessPixel{px.Slow, px.Fast}, Entries: record.Rows(rows[i])}
	}
	head := perPhiPixel{Config: j.configName(), Profile: j.experiment.Config.Profile.String(), Device: j.device, Dtype: j.experiment.Config.Dtype.String()}
	if len(list) == 1 {
		head.Pixel, head.Entries = list[0].Pixel, list[0].Entries
		return head
	}
	return struct {
		Config  string        `json:"config"`
		Profile string        `json:"profile"`
		Device  string        `json:"device"`
		Dtype   string        `json:"dtype"`
		Pixels  []perPhiPixel `json:"pixels"`
	}{head.Config, head.Profile, head.Device, head.Dtype, list}
}

func (j *job) configName() string {
	if j.config == "" {
		return "command line"
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
