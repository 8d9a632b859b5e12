package campaign

import (
	"context"
	"errors"
	"io"
	"reflect"
	"sync"

	"simtrace/internal/bundle"
	"simtrace/internal/doc"
	"simtrace/internal/interrupt"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity/imagecmp"
)

// ImageJob is a comparison of two images in files.
type ImageJob struct {
	Ref, Got, Mask string // files; Mask "" for none
	Shape          imagecmp.Shape
	Names          [2]string // what the two are called
	Options        imagecmp.Options
	Drill          *Drill   // traces the pixels that say most; nil for none
	Again          []string // the words of the command that makes the comparison again
	Percentile     float64  // that pictures show in full
	Out, Page      *string  // the report's folder, a page of its own; nil for none
	Force          bool
}

// Images compares two images, traces pixels, and writes the report.
func Images(ctx context.Context, j ImageJob) (*imagecmp.Report, error) {
	if j.Page != nil {
		inputs := []string{j.Ref, j.Got, j.Mask}
		if j.Drill != nil {
			inputs = append(inputs, j.Drill.Config)
		}
		if _, err := outfile.NewReport(outfile.Wanted{HTML: j.Page}, j.Force, inputs); err != nil {
			return nil, err
		}
	}
	if j.Drill != nil && j.Shape == (imagecmp.Shape{}) {
		j.Shape = j.Drill.shape()
	}
	ref, got, mask, err := readPair(j.Ref, j.Got, j.Mask, j.Shape)
	if err != nil {
		return nil, err
	}
	ref.Name, got.Name, j.Options.Mask = j.Names[0], j.Names[1], mask
	rep, err := imagecmp.Compare(ctx, ref, got, j.Options)
	if err == nil && j.Drill != nil {
		err = j.Drill.Trace(ctx, rep)
	}
	if ctx.Err() != nil {
		return nil, interrupt.Err
	}
	if err != nil {
		return nil, err
	}
	out := ""
	if j.Out != nil {
		out = *j.Out
	}
	sayNext(rep, j.Again, out, j.Drill)
	if j.Out != nil {
		if err := writeImageReport(ctx, out, j.Force, rep, j.Percentile, j.Drill); err != nil {
			return nil, err
		}
	}
	if j.Page != nil {
		return rep, writeImagePage(ctx, *j.Page, rep, j.Percentile, j.Drill)
	}
	return rep, nil
}

// readPair reads two images, at the same time, and the mask where there is one.
func readPair(refPath, gotPath, maskPath string, shape imagecmp.Shape) (ref, got, mask *imagecmp.Image, err error) {
	var wg sync.WaitGroup
	var gotErr error
	wg.Go(func() { got, gotErr = imagecmp.Read(gotPath, shape) })
	ref, err = imagecmp.Read(refPath, shape)
	if wg.Wait(); err == nil {
		err = gotErr
	}
	if err == nil && maskPath != "" {
		mask, err = imagecmp.Read(maskPath, ref.Shape)
	}
	return ref, got, mask, err
}

// writeImageReport writes the folder of a comparison of two images, with what the pixels
// of d say, all of it or nothing; force replaces a report that it holds, and pictures show
// up to a percentile in full.
func writeImageReport(ctx context.Context, dir string, force bool, rep *imagecmp.Report, percentile float64, d *Drill) error {
	b, err := folder(dir, force)
	if err != nil {
		return err
	}
	defer b.Abort()
	var shown []imagecmp.Picture
	var scale imagecmp.Scale
	if rep.Counts.Compared > 0 {
		if shown, scale, err = pictures(ctx, b, rep, percentile, "ref.png", "got.png", "diff.png"); err != nil {
			return err
		}
	}
	err = errors.Join(
		written(b, "summary.md", func(w io.Writer) error { return doc.Markdown(w, rep.Document(shown, d.Blocks()...)) }),
		written(b, "summary.html", func(w io.Writer) error { return rep.HTML(w, d.page(scale), d.Blocks()...) }),
		written(b, "summary.json", func(w io.Writer) error { return imagecmp.Encode(w, imageSummary{rep.Summary(), d.json()}) }),
		d.files(b), writeEnv(b))
	if err != nil {
		return err
	}
	return b.Commit()
}

// written writes a file of a report, which may be too long to be held.
func written(b *bundle.Bundle, name string, write func(w io.Writer) error) error {
	w, err := b.Writer(name)
	if err != nil {
		return err
	}
	return write(w)
}

// writeImagePage writes the page alone, where no folder holds the traces that it
// would link to.
func writeImagePage(ctx context.Context, path string, rep *imagecmp.Report, percentile float64, d *Drill) error {
	var scale imagecmp.Scale
	if rep.Counts.Compared > 0 {
		scale = rep.Scale(ctx, percentile)
	}
	opt := d.page(scale)
	for i := range opt.Marks {
		opt.Marks[i].Link = ""
	}
	return outfile.Place(ctx, []outfile.File{{Path: path, Write: func(w io.Writer) error { return rep.HTML(w, opt, d.Blocks()...) }}})
}

// imageSummary is the summary.json of two images.
type imageSummary struct {
	imagecmp.Summary
	Drill []drilledJSON `json:"drill,omitempty"`
}

// Summaries are the types of the JSON files, by the command that writes them.
func Summaries() map[string]reflect.Type {
	return map[string]reflect.Type{"image": reflect.TypeFor[imageSummary](), "nb-compare": reflect.TypeFor[nbSummary](), "matrix": reflect.TypeFor[matrixSummary]()}
}
