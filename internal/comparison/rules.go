package comparison

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"simtrace/internal/yamlfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace/schema"
)

// Rules are what decides about rows besides one tolerance for all, as flags give it: paths of
// files, a day, OLD=NEW; "" for none.
type Rules struct {
	Tolerances, Schema, Waivers, Today string
	Map                                []string
}

// Read reads the files into the options of a comparison, and returns which they were.
func (r Rules) Read(opt *parity.Options) ([]RuleFile, error) {
	for _, m := range r.Map {
		old, name, ok := strings.Cut(m, "=")
		if !ok || old == "" || name == "" {
			return nil, fmt.Errorf("--map %s: OLD=NEW is needed", m)
		}
		opt.Map = append(opt.Map, parity.Rename{Old: old, New: name})
	}
	opt.Today = time.Now()
	if r.Today != "" {
		var err error
		if opt.Today, err = time.Parse(time.DateOnly, r.Today); err != nil {
			return nil, fmt.Errorf("--today %s: a date like 2027-01-31 is needed", r.Today)
		}
	}
	var files []RuleFile
	for _, f := range []struct {
		flag, path string
		parse      func(io.Reader, string) error
	}{
		{"tolerances", r.Tolerances, func(in io.Reader, name string) (err error) {
			opt.Tolerances, err = parity.ReadTolerances(in, name)
			return err
		}},
		{"schema", r.Schema, func(in io.Reader, name string) (err error) {
			opt.Schema, err = schema.Read(in, name)
			return err
		}},
		{"waivers", r.Waivers, func(in io.Reader, name string) (err error) {
			opt.Waivers, err = parity.ReadWaivers(in, name)
			return err
		}},
	} {
		if f.path == "" {
			continue
		}
		data, err := yamlfile.ReadSmall(f.path)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", f.flag, err)
		}
		sum := sha256.Sum256(data)
		files = append(files, RuleFile{Role: f.flag, Path: f.path, SHA256: hex.EncodeToString(sum[:])})
		if err := f.parse(bytes.NewReader(data), f.path); err != nil {
			return files, err
		}
	}
	return files, nil
}

// Shifts reads KEY=N.
func Shifts(words []string) (map[string]int, error) {
	if len(words) == 0 {
		return nil, nil
	}
	out := map[string]int{}
	for _, w := range words {
		key, by, ok := strings.Cut(w, "=")
		n, err := strconv.Atoi(by)
		if !ok || key == "" || err != nil {
			return nil, fmt.Errorf("--shift %s: KEY=N is needed, such as step=1", w)
		}
		out[key] = n
	}
	return out, nil
}
