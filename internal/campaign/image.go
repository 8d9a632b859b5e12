package campaign

import (
	"context"
	"errors"
	"io"
	"reflect"

	"simtrace/internal/bundle"
	"simtrace/internal/doc"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity/imagecmp"
)

// WriteImageReport writes the folder of a comparison of two images, with what the pixels
// of d say, all of it or nothing; force replaces a report that it holds, and pictures show
// up to a percentile in full.
func WriteImageReport(ctx context.Context, dir string, force bool, rep *imagecmp.Report, percentile float64, d *Drill) error {
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

// WriteImagePage writes the page alone, where no folder holds the traces that it
// would link to.
func WriteImagePage(ctx context.Context, path string, rep *imagecmp.Report, percentile float64, d *Drill) error {
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
