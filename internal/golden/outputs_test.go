package golden

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// rendered is a case as the reference would render it, with its own files.
type rendered struct {
	builder    *nanobragg.Builder
	experiment *sim.Experiment
	images     *nanobragg.Images
}

func render(c Case) (*rendered, error) {
	b, e, err := prepared(sim.ProfileNanoBragg, c.Args, false)
	if err != nil {
		return nil, err
	}
	image, err := e.Render(context.Background(), sim.Options{})
	if err != nil {
		return nil, err
	}
	return &rendered{b, e, b.Out.Images(e, image, e.Sums(image))}, nil
}

// TestParityOutputFiles: the integer image, the noise image and the preview come out
// as the reference's bytes, headers included.
func TestParityOutputFiles(t *testing.T) {
	for _, dir := range folders {
		cases, err := Cases(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if c.Name == "outputs" {
				outputFiles(t, c)
				return
			}
		}
	}
	t.Skip("SKIPPED: the recorded case outputs is not here")
}

func outputFiles(t *testing.T, c Case) {
	r, err := render(c)
	if err != nil {
		t.Fatal(err)
	}
	m := r.images
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"int.img.gz", func(w io.Writer) error { return m.WriteInt(w, r.experiment) }},
		{"noise.img.gz", func(w io.Writer) error { return m.WriteNoise(w, r.experiment) }},
		{"img.pgm.gz", func(w io.Writer) error { return m.WritePGM(w, r.experiment) }},
	} {
		want, err := unzip(filepath.Join(c.Dir, f.name))
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := f.write(&got); err != nil {
			t.Fatal(err)
		}
		if why := firstByte(want, got.Bytes()); why != "" {
			t.Errorf("%s: %s", f.name, why)
		} else {
			t.Logf("%-13s %5d of %5d bytes are the same", strings.TrimSuffix(f.name, ".gz"), len(want), len(want))
			overall.files = append(overall.files, strings.TrimSuffix(f.name, ".gz"))
		}
	}
}

func unzip(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// firstByte tells where two files differ first, and in how many bytes.
func firstByte(want, got []byte) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d bytes, the reference has %d", len(got), len(want))
	}
	first, differ := -1, 0
	for i := range want {
		if want[i] != got[i] {
			if differ++; first < 0 {
				first = i
			}
		}
	}
	if differ == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d bytes differ, the first at %d", differ, len(want), first)
}

// statisticsLines are the beginnings of what the reference prints behind a
// rendering; file names differ.
var statisticsLines = []string{"solid angle", "max_I", "mean=", "intfile_scale", "pgm_scale", "photons on noise"}

// TestParityStatistics: the lines that users grep, in all recorded cases.
func TestParityStatistics(t *testing.T) {
	lines := 0
	for _, dir := range folders {
		cases, err := Cases(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			want, err := os.ReadFile(filepath.Join(c.Dir, "stdout.txt"))
			if err != nil || c.Name == "full" {
				continue // not recorded, or minutes of rendering
			}
			lines += statistics(t, c, string(want))
		}
	}
	if lines == 0 {
		t.Skip("SKIPPED: no recorded standard output is here")
	}
	t.Logf("%d recorded lines behind a rendering are the same, none differs", lines)
	overall.printed += lines
}

func statistics(t *testing.T, c Case, want string) (same int) {
	r, err := render(c)
	if err != nil {
		t.Errorf("%s: %v", c.Name, err)
		return 0
	}
	var out strings.Builder
	r.builder.WriteReport(&out, r.experiment, r.images, true)
	for _, line := range strings.Split(want, "\n") {
		for _, start := range statisticsLines {
			if !strings.Contains(line, start) || strings.Contains(line, "pixels scaled") {
				continue
			}
			if strings.Contains(out.String(), line+"\n") {
				same++
			} else {
				t.Errorf("%s: no line %q in\n%s", c.Name, line, out.String())
			}
		}
	}
	return same
}

// title is the one line of the reference's that is its own.
const title = "nanoBragg nanocrystal diffraction simulator"

// TestParityBanner: what is printed ahead of a rendering is the reference's, line by
// line, in all recorded cases.
func TestParityBanner(t *testing.T) {
	lines := 0
	for _, dir := range folders {
		cases, err := Cases(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			data, err := os.ReadFile(filepath.Join(c.Dir, "stdout.txt"))
			if err != nil {
				continue
			}
			lines += bannerLines(t, c, string(data))
		}
	}
	if lines == 0 {
		t.Skip("SKIPPED: no recorded standard output is here")
	}
	t.Logf("%d recorded lines ahead of a rendering are the same, none differs", lines)
	overall.printed += lines
}

// bannerOf cuts out what the reference printed ahead of a rendering.
func bannerOf(stdout string) string {
	head, _, _ := strings.Cut(stdout, "\nsolid angle")
	var keep []string
	for _, line := range strings.SplitAfter(head, "\n") {
		if strings.HasPrefix(line, title) || strings.HasPrefix(line, "mmap(") || strings.HasPrefix(line, "TRACE") {
			continue
		}
		keep = append(keep, line)
	}
	return strings.TrimRight(strings.Join(keep, ""), "\n") + "\n"
}

func bannerLines(t *testing.T, c Case, stdout string) int {
	b, e, err := prepared(sim.ProfileNanoBragg, c.Args, false)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "outputs" {
		b.Out.NoNoise = true // as the recording was made
	}
	for _, name := range []*string{&b.MatFile, &b.HKLFile, &b.SourceFile} {
		if *name != "" {
			*name = filepath.Base(*name)
		}
	}
	var out strings.Builder
	b.WriteBanner(&out, e)
	notice, err := nanobragg.OutOfRange(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	nanobragg.WritePrintout(&out, e, nil, notice)
	want, got := bannerOf(stdout), bannerOf(out.String())
	// A trace line stood glued behind it, and went with it from the recording.
	got = strings.Replace(got, "\nWARNING: further warnings will not be printed! \n", "\n", 1)
	if d := firstLine(want, got); d != "" {
		t.Errorf("%s: %s", c.Name, d)
		return 0
	}
	return strings.Count(want, "\n")
}
