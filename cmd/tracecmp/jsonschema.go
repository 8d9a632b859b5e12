package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/comparison"
	"simtrace/internal/jsonschema"
	"simtrace/internal/suggest"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/report"
)

// jsonFiles are the JSON files of this program but metrics.json, by what their schema is
// called.
func jsonFiles() map[string]reflect.Type {
	out := map[string]reflect.Type{"run-metadata": reflect.TypeFor[comparison.Metadata]()}
	for name, t := range bisect.Reports() {
		out["bisect-"+name] = t
	}
	maps.Copy(out, campaign.Summaries())
	return out
}

// jsonSchema is the schema of a file.
func jsonSchema(name string) (string, error) {
	if name == "metrics" {
		return report.MetricsJSONSchema(), nil
	}
	files := jsonFiles()
	if files[name] == nil {
		names := schemaNames()
		return "", fmt.Errorf("json-schema: %s is none of %s%s", name, strings.Join(names, ", "), suggest.Nearest(name, names))
	}
	text, err := json.MarshalIndent(jsonschema.Of("tracecmp "+name, files[name]), "", "  ")
	return string(text) + "\n", err
}

func schemaNames() []string {
	return slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(jsonFiles())), "metrics")))
}

func jsonSchemaCommand() *cli.Command {
	return &cli.Command{
		Name:      "json-schema",
		Usage:     "print the JSON schema of a file that tracecmp writes, or which there are",
		UsageText: "tracecmp json-schema [NAME]",
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return errors.New("json-schema: one name is enough")
			}
			text := strings.Join(schemaNames(), "\n") + "\n"
			if c.NArg() == 1 {
				var err error
				if text, err = jsonSchema(c.Args().First()); err != nil {
					return err
				}
			}
			_, err := io.WriteString(c.App.Writer, text)
			return err
		},
	}
}
