package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/pkg/parity/imagecmp"
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
	Runs        []struct {
		Name       string           `yaml:"name"`
		ExtraArgs  string           `yaml:"extra_args"`
		Thresholds matrixThresholds `yaml:"thresholds"`
	} `yaml:"runs"`
}

type matrixThresholds struct {
	CorrMin     *float64 `yaml:"corr_min"`
	SumRatioMin *float64 `yaml:"sum_ratio_min"`
	SumRatioMax *float64 `yaml:"sum_ratio_max"`
	MaxAbsMax   *float64 `yaml:"max_abs_max"`
}

// over lays the thresholds over those of the case.
func (t matrixThresholds) over(base imagecmp.Thresholds) imagecmp.Thresholds {
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
	Case, Name string
	Args       []string
	Thresholds imagecmp.Thresholds
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// readMatrix reads the cases. The error names file and, where the YAML is at
// fault, line.
func readMatrix(path string) ([]matrixRun, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f matrixFile
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			return nil, fmt.Errorf("%s:%s: %s", path, m[1], m[2])
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var runs []matrixRun
	seen := map[string]bool{}
	for _, c := range f.Cases {
		if c.ID == "" || len(c.Runs) == 0 {
			return nil, fmt.Errorf("%s: case %q: an id and runs are needed", path, c.ID)
		}
		base := c.Thresholds.over(imagecmp.NoThresholds())
		for _, r := range c.Runs {
			name := c.ID + "/" + r.Name
			if r.Name == "" || seen[name] {
				return nil, fmt.Errorf("%s: case %s: the name of a run is missing, or there twice: %q", path, c.ID, r.Name)
			}
			seen[name] = true
			args, err := splitWords(strings.Join(strings.Fields(c.BaseArgs+" "+r.ExtraArgs), " "))
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path, name, err)
			}
			t := r.Thresholds.over(base)
			for _, v := range []float64{t.CorrMin, t.SumRatioMin, t.SumRatioMax, t.MaxAbsMax} {
				if math.IsInf(v, 0) {
					return nil, fmt.Errorf("%s: %s: a threshold is infinite", path, name)
				}
			}
			runs = append(runs, matrixRun{c.ID, r.Name, args, t})
		}
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%s: no cases", path)
	}
	return runs, nil
}
