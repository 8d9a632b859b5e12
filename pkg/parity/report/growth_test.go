package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
)

// grown are two logs of 40 steps that part at step 12, by a name that needs
// escaping.
func grown(t *testing.T) *parity.Report {
	t.Helper()
	log := func(from int) string {
		var b strings.Builder
		for i := range 40 {
			v := 2 + math.Sin(float64(i))
			if i >= from {
				v *= 1 + 1e-4*math.Pow(1.2, float64(i-from))
			}
			fmt.Fprintf(&b, "step %d\na<b %.17g\nother %.17g\n", i, v, 1/v)
		}
		return b.String()
	}
	return compare(t, log(99), log(12))
}

// TestGrowthIsShown in every rendering, as well-formed pictures and valid JSON.
func TestGrowthIsShown(t *testing.T) {
	r := grown(t)
	if r.Growth == nil || r.Growth.Kind != parity.Jump {
		t.Fatalf("%+v", r.Growth)
	}
	const want = "Identical until step 11; a<b jumps to 1e-4 at step 12; doubles every 3.8 steps after: a jump"
	var svg, page, summary, metrics, terminal bytes.Buffer
	if drawn, err := GrowthSVG(&svg, r); err != nil || !drawn {
		t.Fatal(drawn, err)
	}
	for _, err := range []error{
		HTML(&page, r, Options{}), Markdown(&summary, r, Options{Growth: "growth.svg"}), JSON(&metrics, r), Terminal(&terminal, r, Options{}, doc.Screen{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := terminal.String(); !strings.Contains(got, "\nAlong step\n  "+want) {
		t.Errorf("terminal:\n%s", got)
	}
	if got := summary.String(); !strings.Contains(got, "## Along step\n") || !strings.Contains(got, "(growth.svg)") {
		t.Errorf("summary:\n%s", got)
	}
	if got := page.String(); !strings.Contains(got, `<h2 id="growth">Along step</h2>`) || !strings.Contains(got, `id="growthplot"`) || strings.Contains(got, ">a<b<") {
		t.Error("the page does not show the growth, or does not escape it")
	}
	if !strings.Contains(svg.String(), PictureMarker) || !strings.Contains(svg.String(), ">a&lt;b<") {
		t.Error("the picture is not marked as ours, or does not escape a name")
	}
	for d := xml.NewDecoder(bytes.NewReader(svg.Bytes())); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	var data any
	if err := json.Unmarshal(metrics.Bytes(), &data); err != nil {
		t.Fatal(err)
	}
	if err := metricsValidator(t).Validate(data); err != nil {
		t.Error(err)
	}
	if drawn, err := GrowthSVG(io.Discard, reports(t)["diverged"]); drawn || err != nil {
		t.Errorf("phi steps are independent, and no growth is drawn: %v %v", drawn, err)
	}
}
