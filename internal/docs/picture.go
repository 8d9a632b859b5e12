package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// The two logs of the picture: the C program's recorded trace, and simtrace's committed one.
const (
	pictureRef = "testdata/supervisor/trace_685_1039.log"
	pictureGot = "reports/example/got.log"
)

// The picture is of a terminal: how many characters and lines it shows, and of what size
// they are in units of the picture.
const (
	columns, rows       = 104, 26
	charWide, lineHigh  = 7.53, 18.0
	margin, titleHeight = 16.0, 34.0
)

// writePicture draws the beginning of a report on a terminal.
func writePicture(ctx context.Context, w *bytes.Buffer) error {
	opt := parity.DefaultOptions()
	opt.Rules, opt.RefPath, opt.GotPath = causes.Rules(), "c.log", "py.log"
	rep, err := parity.Files(ctx, pictureRef, pictureGot, opt)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := report.Terminal(&text, rep, report.Options{}, doc.Screen{Width: columns}); err != nil {
		return err
	}
	names := strings.NewReplacer("trace_685_1039.log", "c.log", pictureRef, "c.log", pictureGot, "py.log", "got.log", "py.log")
	lines := strings.Split(names.Replace(text.String()), "\n")
	width, height := columns*charWide+2*margin, titleHeight+rows*lineHigh+margin
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %[1]g %[2]g" role="img" font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="12.5">
<title>tracecmp's report of one pixel, as a terminal shows it</title>
<rect width="100%%" height="100%%" rx="8" fill="#1d2330"/>
<text x="%g" y="23" fill="#8f9bb3">$ tracecmp c.log py.log</text>
`, width, height, margin)
	for i, line := range lines {
		if i == rows {
			break
		}
		shown := strings.TrimLeft(line, " ") // viewers swallow blanks
		x := margin + charWide*float64(len(line)-len(shown))
		fmt.Fprintf(w, `<text x="%.1f" y="%.1f"%s>`, x, titleHeight+float64(i+1)*lineHigh-4, style(line, i))
		if err := xml.EscapeText(w, []byte(shown)); err != nil {
			return err
		}
		w.WriteString("</text>\n")
	}
	w.WriteString("</svg>\n")
	return nil
}

// style makes the verdict and the headings stand out.
func style(line string, i int) string {
	switch {
	case i == 0:
		return ` fill="#ff7b72" font-weight="bold"`
	case line != "" && line[0] != ' ' && !strings.Contains(line, " "):
		return ` fill="#79c0ff" font-weight="bold"`
	}
	return ` fill="#d6deeb"`
}
