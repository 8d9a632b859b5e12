package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"simtrace/internal/digits"
	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// excerptOf serves excerpts from texts, by the name of the log.
func excerptOf(texts map[string]string) Options {
	return Options{Excerpt: func(at trace.Pos, around int) ([]string, int, error) {
		text, ok := texts[at.File]
		if !ok {
			return nil, 0, errors.New("no such log")
		}
		lines := strings.Split(text, "\n")
		first := max(1, at.Line-around)
		return lines[first-1 : min(len(lines), at.Line+around)], first, nil
	}}
}

func rendered(t *testing.T, r *parity.Report, opt Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, r, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// outside is what would make the page fetch something, or run what a log says.
var outside = regexp.MustCompile(`(?i)https?://|\bsrc=|<link|<iframe|@import|url\(|<object|<embed|javascript:`)

func TestPageNeedsNothingElse(t *testing.T) {
	for name, r := range reports(t) {
		page := rendered(t, r, Options{})
		if !strings.Contains(page[:256], HTMLMarker) {
			t.Errorf("%s: no marker: %.256s", name, page)
		}
		if m := outside.FindString(page); m != "" {
			t.Errorf("%s: %q stands in the page", name, m)
		}
		if n := strings.Count(page, "<script"); n != 1 {
			t.Errorf("%s: %d scripts, want the page's own", name, n)
		}
		for _, svg := range regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(page, -1) {
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
				t.Errorf("%s: a coordinate is no number", name)
			}
		}
		for _, c := range page {
			if c < ' ' && c != '\n' {
				t.Fatalf("%s: control character %q", name, c)
			}
		}
		if n := strings.Count(page, "<tr data-kind="); n != min(len(r.Rows), maxRows) {
			t.Errorf("%s: %d rows in the table, %d in the report", name, n, len(r.Rows))
		}
	}
}

// The numbers of the pair, where a reader looks for them.
func TestPageTells(t *testing.T) {
	carry, fresh := testkit.File(t, "../testdata/carry.log"), testkit.File(t, "../testdata/fresh.log")
	r := compare(t, carry, fresh)
	page := rendered(t, r, excerptOf(map[string]string{"c.log": carry, "py.log": fresh}))
	row := r.FirstRow()
	for _, want := range []string{
		`<span class="badge">DIVERGED</span>, first at <code>rot_a_angstroms</code>`,
		"phi-carryover", "-14.46 % of the reference&#39;s intensity",
		`<span class="l hit" id="at-` + row.Ref.Pos().String() + `"><span class="no">` + fmt.Sprint(row.Ref.Line) + "</span>" + strings.Split(carry, "\n")[row.Ref.Line-1],
		`<span class="l hit" id="at-` + row.Got.Pos().String() + `"><span class="no">` + fmt.Sprint(row.Got.Line) + "</span>" + strings.Split(fresh, "\n")[row.Got.Line-1],
		`simtrace trace <span class="nb">--config</span> CONFIG <span class="nb">--pixel</span> 685 1039`,
		`root: follows from no other`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	if n := strings.Count(page, `class="ring"`); n != 1+3 {
		t.Errorf("%d roots are marked, want rot_a, rot_b and rot_c besides the legend", n-1)
	}
}

// A long table leaves out what agrees before what differs, and says so.
func TestLongTableKeepsWhatDiffers(t *testing.T) {
	var ref, got strings.Builder
	for i := range 2 * maxRows {
		fmt.Fprintf(&ref, "TRACE_C: q%04d 1\n", i)
		fmt.Fprintf(&got, "TRACE_PY: q%04d %d\n", i, 1+i/(2*maxRows-1))
	}
	ref.WriteString("TRACE_C: R_distance_meters 1\n")
	got.WriteString("TRACE_PY: R_distance_meters 1\n")
	r := compare(t, ref.String(), got.String())
	if r.Counts.Diverged != 1 {
		t.Fatalf("%+v", r.Counts)
	}
	page := rendered(t, r, Options{})
	if !strings.Contains(page, fmt.Sprintf("<code>q%04d</code>", 2*maxRows-1)) {
		t.Error("the one row that differs is left out")
	}
	if n := strings.Count(page, "<tr data-kind="); n != maxRows {
		t.Errorf("%d rows", n)
	}
	if want := fmt.Sprintf("%d more rows are left out", r.Counts.Total-maxRows); !strings.Contains(page, want) {
		t.Errorf("the page does not say %q", want)
	}
}

func TestSetOff(t *testing.T) {
	for _, c := range []struct{ ref, got, same, refRest, gotRest string }{
		{"-0.607255839576692", "-0.589174403552437", "-0.", "607255839576692", "589174403552437"},
		{"1.5", "1.5003", "1.5", "", "003"},
		{"1.5", "-1.5", "", "1.5", "-1.5"},
		{"95.1", "9.51", "", "95.1", "9.51"},
		{"9.5e-05", "9.5e-06", "", "9.5e-05", "9.5e-06"},
		{"9.51e-05", "9.52e-05", "9.5", "1e-05", "2e-05"},
		{"1", "1.0", "1", "", ""},
		{"0", "-0", "0", "", ""},
		{"nan", "NaN", "nan", "", ""},
		{"inf", "1", "", "inf", "1"},
		{"MOSFLM", "MOSFLM", "MOSFLM", "", ""},
		{"MOSFLM", "XDS", "", "MOSFLM", "XDS"},
	} {
		a, b := digits.SetOff(c.ref, c.got)
		if a.Same != c.same || a.Rest != c.refRest || b.Rest != c.gotRest {
			t.Errorf("%s and %s: %+v %+v", c.ref, c.got, a, b)
		}
		if a.Same+a.Rest != c.ref || b.Same+b.Rest != c.got {
			t.Errorf("%s and %s: characters are lost", c.ref, c.got)
		}
	}
}

func browser(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Skip("SKIPPED: no Chromium is installed; the page was not looked at in a browser")
	return ""
}

// domOf opens the page in a headless browser that has no network, and returns
// the document as it stands after its script ran.
func domOf(t *testing.T, page string) string {
	t.Helper()
	chrome := browser(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "page.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, chrome, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--virtual-time-budget=2000", "--dump-dom", "file://"+path)
	cmd.WaitDelay = 5 * time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Skipf("SKIPPED: %s does not run here: %v", chrome, err)
	}
	for _, line := range strings.Split(errs.String(), "\n") {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("the browser's console: %s", line)
		}
	}
	return out.String()
}

// probe drives the page's controls as a reader would, and writes what it sees.
const probe = `<script>
var found = [], table = document.getElementById("rows"), find = document.querySelector(".find"), only = document.querySelector(".only");
function visible() { return Array.prototype.filter.call(table.tBodies[0].rows, function (r) { return !r.hidden; }); }
found.push("compared " + visible().length); only.value = "all"; only.dispatchEvent(new Event("change")); found.push("all " + visible().length);
only.value = "bad"; only.dispatchEvent(new Event("change")); found.push("bad " + visible().length);
find.value = "hkl_frac"; find.dispatchEvent(new Event("input")); found.push("found " + visible().length);
find.value = ""; only.value = "all"; only.dispatchEvent(new Event("change"));
var head = table.tHead.rows[0].cells[4].firstChild; head.click(); head.click();
found.push("largest " + visible()[0].cells[4].dataset.v);
found.push("wide " + (document.documentElement.scrollWidth > window.innerWidth));
document.body.dataset.probe = found.join("; ");
</script></body>`

func TestInBrowser(t *testing.T) {
	carry, fresh := testkit.File(t, "../testdata/carry.log"), testkit.File(t, "../testdata/fresh.log")
	r := compare(t, carry, fresh)
	page := rendered(t, r, excerptOf(map[string]string{"c.log": carry, "py.log": fresh}))
	dom := domOf(t, strings.Replace(page, "</body>", probe, 1))
	bad, hkl, largest := 0, 0, 0.0
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Broken() {
			bad++
			if row.Name() == "hkl_frac" {
				hkl++
			}
			largest = max(largest, row.Rel)
		}
	}
	want := fmt.Sprintf(`data-probe="compared %d; all %d; bad %d; found %d; largest %v; wide false"`, r.Counts.Total-r.Counts.Unpaired, len(r.Rows), bad, hkl, largest)
	if !strings.Contains(dom, want) {
		_, got, _ := strings.Cut(dom, "data-probe=")
		t.Errorf("the page's script shows %.160q, want %s", got, want)
	}
	if !strings.Contains(dom, `<h1 id="verdict"><span class="badge">DIVERGED</span>`) {
		t.Error("the verdict is not where it should be")
	}
	if !strings.Contains(dom, `<html lang="en" class="js">`) {
		t.Error("the page's script did not run")
	}
}

// What a log holds neither runs nor breaks the page.
func TestNastyLogInBrowser(t *testing.T) {
	r := reports(t)["nasty"]
	dom := domOf(t, rendered(t, r, excerptOf(map[string]string{"c.log": nastyRef, "py.log": nastyGot})))
	if n := strings.Count(dom, "<tr data-kind="); n != min(len(r.Rows), maxRows) {
		t.Errorf("%d rows in the document, %d in the report", n, len(r.Rows))
	}
	if n := strings.Count(dom, "<script"); n != 1 {
		t.Errorf("%d scripts in the document", n)
	}
}
