package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/shell"
	"simtrace/internal/suggest"
	"simtrace/internal/yamlfile"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// matrixFile is a list of cases as the port keeps it.
type matrixFile struct {
	Cases []matrixCase `yaml:"cases"`
}

type matrixCase struct {
	ID          string           `yaml:"id"`
	Description string           `yaml:"description"`
	BaseArgs    string           `yaml:"base_args"`
	Thresholds  matrixThresholds `yaml:"thresholds"`
	Pixels      [][]int          `yaml:"pixels"`
	Runs        []caseRun        `yaml:"runs"`
	caseInputs  `yaml:",inline"`
}

type caseRun struct {
	Name       string            `yaml:"name"`
	ExtraArgs  string            `yaml:"extra_args"`
	Thresholds *matrixThresholds `yaml:"thresholds"`
	Pixels     [][]int           `yaml:"pixels"`
	caseInputs `yaml:",inline"`
}

type matrixThresholds struct {
	CorrMin     *float64 `yaml:"corr_min" json:"corr_min,omitempty"`
	SumRatioMin *float64 `yaml:"sum_ratio_min" json:"sum_ratio_min,omitempty"`
	SumRatioMax *float64 `yaml:"sum_ratio_max" json:"sum_ratio_max,omitempty"`
	MaxAbsMax   *float64 `yaml:"max_abs_max" json:"max_abs_max,omitempty"`
	TraceRelMax *float64 `yaml:"trace_rel_max" json:"trace_rel_max,omitempty"` // of traced quantities
}

// image are the thresholds of an image.
func (t matrixThresholds) image() imagecmp.Thresholds {
	base := imagecmp.NoThresholds()
	for _, f := range []struct {
		from *float64
		to   *float64
	}{{t.CorrMin, &base.CorrMin}, {t.SumRatioMin, &base.SumRatioMin}, {t.SumRatioMax, &base.SumRatioMax}, {t.MaxAbsMax, &base.MaxAbsMax}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return base
}

// matrixRun is one configuration to be compared.
type matrixRun struct {
	Case, Name, Description string
	Args                    []string
	Thresholds              imagecmp.Thresholds
	TraceRelMax             float64 // NaN where none is given
	Pixels                  []sim.Pixel
	caseInputs

	limits matrixThresholds // as they were given
}

// label is what a configuration is called: its case, and its run where that has a name.
func label(id, run string) string {
	if run == "" {
		return id
	}
	return id + "/" + run
}

// traceTolerance is the largest relative difference of a traced quantity that passes.
func (r *matrixRun) traceTolerance(m *matrix) float64 {
	if math.IsNaN(r.TraceRelMax) {
		return m.Tolerance
	}
	return r.TraceRelMax
}

// mostCases is how long a file of cases may be, in bytes: some millions of configurations.
const mostCases = 1 << 30

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// unknownKey and wrongKind are what the YAML library says of a key that no type has, and
// of a value of another kind.
var (
	unknownKey = regexp.MustCompile(`^field (\S+) not found in type`)
	wrongKind  = regexp.MustCompile("^cannot unmarshal !!\\w+ (?:`(.*)` )?into (.*)$")
)

// plainYAML says the library's messages without Go's types.
func plainYAML(message string) string {
	if m := unknownKey.FindStringSubmatch(message); m != nil {
		keys := []string{"cases", "id", "description", "base_args", "thresholds", "pixels", "runs", "name", "extra_args", "corr_min", "sum_ratio_min", "sum_ratio_max", "max_abs_max", "trace_rel_max", "images", "explain", "ref", "got", "mask", "shape", "roi"}
		return fmt.Sprintf("unknown key %q%s", m[1], suggest.Nearest(m[1], keys))
	}
	m := wrongKind.FindStringSubmatch(message)
	if m == nil {
		return message
	}
	want := "a list or a mapping of keys to values is needed"
	switch m[2] {
	case "float64", "int":
		want = "a number is needed"
	case "string":
		want = "text is needed"
	case "[][]int", "[]int":
		want = "a list of pixels is needed, such as [[685, 1039]]"
	}
	if m[1] == "" {
		return want
	}
	return fmt.Sprintf("%q: %s", m[1], want)
}

// readMatrix reads the cases. The error names file and, where the YAML is at
// fault, line.
func readMatrix(path string) ([]matrixRun, error) {
	data, err := yamlfile.ReadAtMost(path, mostCases)
	if err != nil {
		return nil, err
	}
	var f matrixFile
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			return nil, fmt.Errorf("%s:%s: %s", path, m[1], plainYAML(m[2]))
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var runs []matrixRun
	seen := map[string]bool{}
	for i := range f.Cases {
		list, err := f.Cases[i].runs()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, r := range list {
			name := label(r.Case, r.Name)
			if seen[name] {
				return nil, fmt.Errorf("%s: %s is there twice", path, name)
			}
			seen[name] = true
			runs = append(runs, r)
		}
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%s: no cases", path)
	}
	return runs, nil
}

// runs are the configurations of a case. Without runs it is one itself, and a star in the
// names of files makes as many as there are files.
func (c *matrixCase) runs() ([]matrixRun, error) {
	if c.ID == "" {
		return nil, errors.New("a case has no id")
	}
	list := c.Runs
	if len(list) == 0 {
		list = []caseRun{{}}
	}
	var out []matrixRun
	for i := range list {
		r := &list[i]
		if r.Name == "" && len(c.Runs) > 0 {
			return nil, fmt.Errorf("case %s: a run has no name", c.ID)
		}
		if !r.set() {
			r.caseInputs = c.caseInputs
		}
		words, err := r.words()
		for _, w := range words {
			var one matrixRun
			if one, err = c.run(r, w); err != nil {
				break
			}
			out = append(out, one)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", label(c.ID, r.Name), err)
		}
	}
	return out, nil
}

// run is one configuration of a case; word stands for the star of its files.
func (c *matrixCase) run(r *caseRun, word string) (matrixRun, error) {
	name := label(r.Name, word)
	if r.Name == "" {
		name = word
	}
	run := matrixRun{Case: c.ID, Name: name, Description: strings.Join(strings.Fields(c.Description), " "), caseInputs: r.filled(word)}
	t := c.Thresholds
	if r.Thresholds != nil {
		t = *r.Thresholds
	}
	if words := strings.Join(strings.Fields(c.BaseArgs+" "+r.ExtraArgs), " "); words != "" {
		var err error
		if run.Args, err = shell.Split(words); err != nil {
			return run, err
		}
	}
	return run, errors.Join(run.setThresholds(t), run.setPixels(c.Pixels, r.Pixels), run.check())
}

func (r *matrixRun) setThresholds(t matrixThresholds) error {
	r.Thresholds, r.TraceRelMax, r.limits = t.image(), math.NaN(), t
	if t.TraceRelMax != nil {
		if r.TraceRelMax = *t.TraceRelMax; !(r.TraceRelMax >= 0) {
			return fmt.Errorf("trace_rel_max %g is not at least 0", r.TraceRelMax)
		}
	}
	for _, v := range []float64{r.Thresholds.CorrMin, r.Thresholds.SumRatioMin, r.Thresholds.SumRatioMax, r.Thresholds.MaxAbsMax, r.TraceRelMax} {
		if math.IsInf(v, 0) {
			return errors.New("a threshold is infinite")
		}
	}
	return nil
}

// setPixels takes the case's pixels and then the run's own, each once.
func (r *matrixRun) setPixels(lists ...[][]int) error {
	for _, list := range lists {
		for _, p := range list {
			if len(p) != 2 || p[0] < 0 || p[1] < 0 {
				return fmt.Errorf("pixels: %v: %w", p, errNoPixel)
			}
			if px := (sim.Pixel{Slow: p[0], Fast: p[1]}); !slices.Contains(r.Pixels, px) {
				r.Pixels = append(r.Pixels, px)
			}
		}
	}
	return nil
}
