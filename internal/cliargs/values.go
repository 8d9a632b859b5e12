package cliargs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/sim"
)

// Words are flags as they were given.
func Words(c *cli.Context, names ...string) []string {
	var out []string
	for _, name := range names {
		if !c.IsSet(name) {
			continue
		}
		switch v := c.Value(name).(type) {
		case cli.StringSlice:
			for _, word := range v.Value() {
				out = append(out, "--"+name, word)
			}
		case bool:
			out = append(out, "--"+name)
		default:
			out = append(out, "--"+name, fmt.Sprint(v))
		}
	}
	return out
}

// Numbers reads the whole numbers of a flag of several words.
func Numbers(c *cli.Context, flag string, n int) ([]int, error) {
	if !c.IsSet(flag) {
		return nil, nil
	}
	words := strings.Split(c.String(flag), ",")
	out := make([]int, len(words))
	for i, w := range words {
		if _, err := fmt.Sscanf(w+"\n", "%d\n", &out[i]); err != nil {
			return nil, fmt.Errorf("--%s: %q is no whole number", flag, w)
		}
	}
	if len(out) != n {
		return nil, fmt.Errorf("--%s takes %d numbers, not %d", flag, n, len(out))
	}
	return out, nil
}

// AsksForHelp reports whether help is asked for, at whatever place and with one dash, too,
// which is nanoBragg's otherwise.
func AsksForHelp(args []string) bool {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	return slices.ContainsFunc(args[:end], func(a string) bool { return a == "-h" || a == "-help" || a == "--help" })
}

// Pixel reads "slow,fast"; nil for "".
func Pixel(s string) (*sim.Pixel, error) {
	if s == "" {
		return nil, nil
	}
	slow, fast, ok := strings.Cut(s, ",")
	a, err1 := strconv.Atoi(strings.TrimSpace(slow))
	b, err2 := strconv.Atoi(strings.TrimSpace(fast))
	if !ok || err1 != nil || err2 != nil {
		return nil, fmt.Errorf("--pixel %s: slow and fast are whole numbers", s)
	}
	return &sim.Pixel{Slow: a, Fast: b}, nil
}
