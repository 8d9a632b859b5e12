package report

import _ "embed"

//go:embed metrics.schema.json
var metricsSchemaText string

// MetricsJSONSchema returns the JSON Schema (draft 2020-12) that every
// metrics.json keeps.
func MetricsJSONSchema() string { return metricsSchemaText }
