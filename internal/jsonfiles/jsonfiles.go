// Package jsonfiles knows the JSON files of both programs, and their schemas.
package jsonfiles

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"simtrace/internal/baseline"
	"simtrace/internal/bundle"
	"simtrace/internal/campaign"
	"simtrace/internal/comparison"
	"simtrace/internal/jsonschema"
	"simtrace/internal/profilediff"
	"simtrace/internal/runfile"
	"simtrace/internal/suggest"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/report"
)

// metrics is metrics.json, whose schema is written by hand.
const metrics = "metrics"

// types are all others, by what their schemas are called.
func types() map[string]reflect.Type {
	out := map[string]reflect.Type{
		"run-metadata":    reflect.TypeFor[comparison.Metadata](),
		"baseline":        reflect.TypeFor[baseline.Baseline](),
		"env":             reflect.TypeFor[bundle.Environment](),
		"trace-env":       reflect.TypeFor[runfile.Environment](),
		"config-snapshot": reflect.TypeFor[runfile.Snapshot](),
		"phi-rows":        reflect.TypeFor[runfile.PerPhi](),
		"phi-rows-many":   reflect.TypeFor[runfile.PerPhiMany](),
		"diff-profiles":   reflect.TypeFor[profilediff.Report](),
	}
	for name, t := range bisect.Reports() {
		out["bisect-"+name] = t
	}
	maps.Copy(out, campaign.Summaries())
	return out
}

// Names lists the schemas.
func Names() []string {
	return slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(types())), metrics)))
}

// Schema is the JSON schema of a file (draft 2020-12). The error names those that there are.
func Schema(name string) (string, error) {
	if name == metrics {
		return report.MetricsJSONSchema(), nil
	}
	t := types()[name]
	if t == nil {
		return "", fmt.Errorf("json-schema: %s is none of %s%s", name, strings.Join(Names(), ", "), suggest.Nearest(name, Names()))
	}
	text, err := json.MarshalIndent(jsonschema.Of("tracecmp "+name, t), "", "  ")
	return string(text) + "\n", err
}
