package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func metricsValidator(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(MetricsJSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("metrics.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("metrics.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMetricsKeepTheirSchema(t *testing.T) {
	s := metricsValidator(t)
	for name, r := range reports(t) {
		var b bytes.Buffer
		if err := JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema is worth something only if it notices what is wrong.
func TestSchemaNotices(t *testing.T) {
	s := metricsValidator(t)
	r := reports(t)["diverged"]
	for name, spoil := range map[string]func(map[string]any){
		"an unknown verdict":   func(m map[string]any) { m["verdict"] = "MAYBE" },
		"no counts":            func(m map[string]any) { delete(m, "counts") },
		"a negative count":     func(m map[string]any) { m["counts"].(map[string]any)["matched"] = -1 },
		"an unknown key":       func(m map[string]any) { m["surprise"] = 1 },
		"a factor's status":    func(m map[string]any) { firstFactor(m)["status"] = "FINE" },
		"a factor without one": func(m map[string]any) { delete(firstFactor(m), "rel") },
		"a word for a number":  func(m map[string]any) { firstFactor(m)["abs_delta"] = "much" },
	} {
		var b bytes.Buffer
		if err := JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		spoil(m)
		if s.Validate(m) == nil {
			t.Errorf("the schema does not notice %s", name)
		}
	}
}

func firstFactor(m map[string]any) map[string]any {
	name := m["order"].([]any)[0].(string)
	return m["factors"].(map[string]any)[name].(map[string]any)
}
