package golden

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// figures are what the parity tests measured together: the committed cases are
// some of the recorded ones, and count only where those are not here.
type figures struct {
	lines   Lines
	pixels  Pixels
	unlike  []string // trace lines that differ, each with its explanation
	files   []string // image files of the same bytes
	printed int      // lines of standard output that are the same
	whole   bool     // the recorded set is here
}

var overall figures

// begin is called ahead of the cases of a folder.
func (f *figures) begin(dir string) {
	if dir != folders[0] && !f.whole {
		f.lines, f.pixels, f.unlike, f.whole = Lines{}, Pixels{}, nil, true
	}
}

// add adds the sums of a folder.
func (f *figures) add(l Lines, p Pixels) {
	f.lines.add(l)
	f.pixels.add(p)
}

// TestMain prints the figures behind the tests that measured them.
func TestMain(m *testing.M) {
	code := m.Run()
	if testing.Verbose() && overall.lines.Total > 0 {
		fmt.Print(overall.table())
	}
	os.Exit(code)
}

func (f *figures) table() string {
	var b strings.Builder
	of := "the committed cases"
	if f.whole {
		of = "golden/cases and golden/supervisor"
	}
	row := func(figure, wanted, is string) { fmt.Fprintf(&b, "%-50s %-34s %s\n", figure, wanted, is) }
	b.WriteString("\n")
	row("figure, over "+of, "must be", "is")
	l, p := f.lines, f.pixels
	row("trace lines, the same bytes", fmt.Sprintf(">= %g %%", 100*linesEqual), fmt.Sprintf("%.4f %%: %d of %d", 100*float64(l.Same)/float64(l.Total), l.Same, l.Total))
	row("the others", "1 in the last digit, and explained", fmt.Sprintf("%d of %d are", len(f.unlike), l.Total-l.Same))
	if p.Total > 0 {
		row("pixels of float images, the same bits", fmt.Sprintf(">= %g %%", 100*pixelsEqual), fmt.Sprintf("%.4f %%: %d of %d", 100*float64(p.Same)/float64(p.Total), p.Same, p.Total))
		row("the others", fmt.Sprintf("within %d ulp of float32", maxULP), fmt.Sprintf("worst %d ulp", p.WorstULP))
	}
	if len(f.files) > 0 {
		row("integer, noise and PGM images", "the same bytes, header included", strings.Join(f.files, ", ")+": all bytes")
	}
	if f.printed > 0 {
		row("lines of standard output", "the same bytes", fmt.Sprintf("%d of %d", f.printed, f.printed))
	}
	for _, why := range f.unlike {
		fmt.Fprintf(&b, "  %s\n", why)
	}
	return b.String()
}
