package testkit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// KeepsSchema holds a JSON file against a schema, and makes sure that the schema notices a field
// that it does not describe.
func KeepsSchema(t testing.TB, schema string, file []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(got); err != nil {
		t.Error(err)
	}
	fields := got.(map[string]any)
	fields["surprise"] = 1.0
	if s.Validate(fields) == nil {
		t.Error("the schema does not notice a field that it lacks")
	}
}
