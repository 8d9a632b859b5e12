package nanobragg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ReadYAML reads a configuration file: a mapping with nanoBragg's flag names as
// keys, without the dash, in the order in which they apply. A flag with several
// values takes a list, a flag with none takes true:
//
//	cell: [70, 80, 90, 75, 85, 95]
//	default_F: 100
//	nopolar: true
//
// File names are relative to the file's folder. Errors carry file and line.
func (b *Builder) ReadYAML(path string) ([]Arg, error) {
	data, err := readAtMost(path, 1<<24)
	if err != nil {
		return nil, err
	}
	args, err := parseYAML(path, data)
	for _, a := range args {
		b.dirs[a.Origin] = filepath.Dir(path)
	}
	return args, err
}

func parseYAML(path string, data []byte) ([]Arg, error) {
	var doc yaml.Node
	if err := yaml.NewDecoder(strings.NewReader(string(data))).Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: the file is empty", path)
		}
		return nil, fmt.Errorf("%s: %s", path, strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", " "), "yaml: "))
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: not a mapping of flag names to values", path, max(doc.Line, 1))
	}
	var args []Arg
	seen := map[string]bool{}
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		key, val := pairs[i], pairs[i+1]
		arg := Arg{Name: "-" + strings.TrimPrefix(key.Value, "-"), Origin: fmt.Sprintf("%s:%d", path, key.Line)}
		if seen[arg.Name] {
			return nil, fmt.Errorf("%s: %s stands twice", arg.Origin, key.Value)
		}
		seen[arg.Name] = true
		given, err := yamlValues(&arg, val)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", arg.Origin, key.Value, err)
		}
		if given {
			args = append(args, arg)
		}
	}
	return args, nil
}

// yamlValues fills in an argument's values; given is false for a switch set to
// false.
func yamlValues(arg *Arg, val *yaml.Node) (given bool, err error) {
	f := Lookup(arg.Name)
	if f == nil {
		return false, unknownFlag(arg.Name)
	}
	nodes := []*yaml.Node{val}
	if val.Kind == yaml.SequenceNode {
		nodes = val.Content
	}
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode {
			return false, errors.New("takes a value or a list of values")
		}
		arg.Values = append(arg.Values, n.Value)
	}
	if f.Args > 0 {
		return true, nil
	}
	var on bool
	if len(nodes) != 1 || val.Decode(&on) != nil {
		return false, errors.New("is a switch: true or false")
	}
	arg.Values = nil
	return on, nil
}

// fileExists reports whether a path names something that can be opened.
func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
