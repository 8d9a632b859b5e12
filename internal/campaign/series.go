package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"simtrace/internal/doc"
	"simtrace/internal/input"
	"simtrace/internal/outfile"
	"simtrace/internal/shell"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// images compares two images that are at hand.
func (m *matrix) images(ctx context.Context, r matrixRun, _ []nanobragg.Arg, row *MatrixRow) error {
	ref, got, mask, err := r.Images.read()
	if err != nil {
		return err
	}
	opt := imagecmp.DefaultOptions()
	opt.Tolerance, opt.Thresholds, opt.Mask = m.Tolerance, r.Thresholds, mask
	if opt.ROI, err = r.Images.roi(); err != nil {
		return err
	}
	rep, err := imagecmp.Compare(ctx, ref, got, opt)
	if err != nil {
		return err
	}
	return m.fill(ctx, row, rep)
}

// explain seeks the settings that make simtrace print a log. The search is the same for any
// number of traces at a time.
func (m *matrix) explain(ctx context.Context, r matrixRun, theirs []nanobragg.Arg, row *MatrixRow) error {
	logs, closeAll, err := input.OpenLogs(ctx, []string{r.Explain})
	if err != nil {
		return err
	}
	defer closeAll()
	opt := bisect.SettingsOptions{Ref: logs[0], Profile: m.GotProfile, Tolerance: r.traceTolerance(m), Jobs: max(1, runtime.GOMAXPROCS(0)/m.Jobs)}
	if len(r.Pixels) == 1 {
		opt.Pixel = &r.Pixels[0]
	}
	SearchFrom(&opt, "", theirs)
	rep, err := bisect.Settings(ctx, opt)
	if err != nil {
		return err
	}
	var text, page bytes.Buffer
	told := rep.Document(false)
	if err := errors.Join(doc.Markdown(&text, told), doc.HTML(&page, told)); err != nil {
		return err
	}
	row.Report = filepath.ToSlash(filepath.Join(traces(row.Key), row.Key+"_settings.md"))
	row.files = []outfile.File{{Path: filepath.Join(m.Out, filepath.FromSlash(row.Report)), Data: text.Bytes()}, {Path: filepath.Join(m.Out, filepath.FromSlash(asPage(row.Report))), Data: page.Bytes()}}
	row.Image, row.State, row.Reasons, row.Settings = "", Explained, []string{doc.Upper(rep.Headline()) + "."}, rep.Best.Set
	switch {
	case rep.Base.Compared == 0:
		row.State = string(imagecmp.Refused)
	case !rep.Explained() && rep.ButFor() == nil:
		row.State = string(imagecmp.Diverged)
	case len(rep.Best.Set) == 0 && rep.Explained():
		row.State = string(imagecmp.Match)
	}
	return nil
}

// SearchFrom tells a search the configuration from which it begins: nanoBragg's flags on top of
// a preset, a file, or nothing, read with a profile's habits.
func SearchFrom(opt *bisect.SettingsOptions, config string, theirs []nanobragg.Arg) {
	if config != "" {
		opt.Start = append(opt.Start, "--config", config)
	}
	opt.Start = append(append(opt.Start, "--profile", opt.Profile.Name), flagWords(theirs)...)
	build := func(p sim.Profile, reversed bool) (sim.Config, error) {
		b := nanobragg.NewBuilder(p)
		args, err := b.Configure(config)
		if err != nil {
			return b.Config, fmt.Errorf("--config: %w", err)
		}
		if args = append(args, theirs...); reversed {
			slices.Reverse(args)
		}
		if err := b.Apply(args); err != nil {
			return b.Config, err
		}
		err = b.Load() // it writes to the configuration
		return b.Config, err
	}
	opt.Build = func(p sim.Profile) (sim.Config, error) { return build(p, false) }
	opt.BuildReversed = func(p sim.Profile) (sim.Config, error) { return build(p, true) }
}

// next is the command that looks at a configuration closely.
func (m *matrix) next(r *matrixRun) string {
	var words []string
	add := func(w ...string) { words = append(words, w...) }
	number := func(flag string, v *float64) {
		if v != nil {
			add(flag, fmt.Sprintf("%g", *v))
		}
	}
	switch p := r.Images; {
	case p != nil:
		add("tracecmp", "image", p.Ref, p.Got)
		for _, f := range []struct {
			flag string
			list []int
		}{{"--shape", p.Shape}, {"--roi", p.ROI}} {
			if len(f.list) > 0 {
				add(append([]string{f.flag}, strings.Fields(strings.Trim(fmt.Sprint(f.list), "[]"))...)...)
			}
		}
		if p.Mask != "" {
			add("--mask", p.Mask)
		}
		number("--tolerance", &m.Tolerance)
		number("--corr-min", r.limits.CorrMin)
		number("--sum-ratio-min", r.limits.SumRatioMin)
		number("--sum-ratio-max", r.limits.SumRatioMax)
		number("--max-abs-max", r.limits.MaxAbsMax)
	case r.Explain != "":
		limit := r.traceTolerance(m)
		add("tracecmp", "bisect", "settings", "--ref", r.Explain)
		number("--tolerance", &limit)
		add("--profile", m.GotProfile.String())
		for _, px := range r.Pixels {
			add("--pixel", fmt.Sprint(px.Slow), fmt.Sprint(px.Fast))
		}
		add(r.Args...)
	case len(m.RefCommand)+len(m.GotCommand) == 0:
		add("simtrace", "diff-profiles", m.RefProfile.String(), m.GotProfile.String(), "--")
		add(r.Args...)
	default:
		add("tracecmp", "nb-compare", "--c-bin")
		if add(shell.Join(m.RefCommand)); len(m.RefCommand) == 0 {
			words[len(words)-1] = "simtrace render --profile " + m.RefProfile.String()
		}
		if len(m.GotCommand) > 0 {
			add("--got-bin", shell.Join(m.GotCommand))
		} else {
			add("--profile", m.GotProfile.String())
		}
		add("--")
		add(r.Args...)
	}
	return shell.Join(words)
}
