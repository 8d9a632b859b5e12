package campaign

import (
	"bytes"
	"context"
	"errors"
	"reflect"

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
	var text, page, data bytes.Buffer
	if err := errors.Join(doc.Markdown(&text, rep.Document(shown, d.Blocks()...)), rep.HTML(&page, d.page(scale), d.Blocks()...), imagecmp.Encode(&data, imageSummary{rep.Summary(), d.json()})); err != nil {
		return err
	}
	if err := errors.Join(b.WriteFile("summary.md", text.Bytes()), b.WriteFile("summary.html", page.Bytes()), b.WriteFile("summary.json", data.Bytes()), d.files(b), writeEnv(b)); err != nil {
		return err
	}
	return b.Commit()
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
	var page bytes.Buffer
	if err := rep.HTML(&page, opt, d.Blocks()...); err != nil {
		return err
	}
	return outfile.Place(ctx, []outfile.File{{Path: path, Data: page.Bytes()}})
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
