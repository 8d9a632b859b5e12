// Package jsonschema describes what encoding/json writes of a Go value as a JSON schema
// (draft 2020-12), so that the schema of a file is never behind the file.
package jsonschema

import (
	"encoding/json"
	"reflect"
	"strings"
)

var marshaler = reflect.TypeFor[json.Marshaler]()

// Of describes the values of a type; title says which file it is.
func Of(title string, of reflect.Type) map[string]any {
	s := schema(of)
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = title
	return s
}

// schema describes a type. What may be nil may be null; a number that writes itself may
// be null as well, or a word such as "inf".
func schema(t reflect.Type) map[string]any {
	if t.Implements(marshaler) && t.Kind() == reflect.Float64 {
		return map[string]any{"type": []string{"number", "null", "string"}}
	}
	if t.Implements(marshaler) && t.Kind() != reflect.Pointer {
		return map[string]any{}
	}
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return map[string]any{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Slice, reflect.Array:
		return map[string]any{"type": []string{"array", "null"}, "items": schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": []string{"object", "null"}, "additionalProperties": schema(t.Elem())}
	case reflect.Pointer:
		return map[string]any{"anyOf": []any{map[string]any{"type": "null"}, schema(t.Elem())}}
	case reflect.Struct:
		properties, required := map[string]any{}, []string{}
		for _, f := range reflect.VisibleFields(t) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() || f.Anonymous && name == "" || name == "-" {
				continue
			}
			if name == "" {
				name = f.Name
			}
			properties[name] = schema(f.Type)
			if !strings.Contains(options, "omitempty") {
				required = append(required, name)
			}
		}
		return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	}
	return map[string]any{}
}
