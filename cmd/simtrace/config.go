package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// snapshot is config_snapshot.json: the experiment as it was resolved.
type snapshot struct {
	Schema   string               `json:"schema"`
	Config   string               `json:"config"`
	Profile  string               `json:"profile"`
	Switches map[string]string    `json:"switches"`
	Device   string               `json:"device,omitempty"`
	Dtype    string               `json:"dtype,omitempty"`
	Pixels   [][2]int             `json:"pixels,omitempty"`
	Regions  [][4]int             `json:"regions,omitempty"` // fast min, max, slow min, max; of --roi and --pixels
	Flags    []flagRecord         `json:"flags"`
	Inputs   []inputRecord        `json:"inputs"`
	Resolved []nanobragg.Resolved `json:"resolved"`
	Warnings []string             `json:"warnings"`
	harnessConfig
}

type flagRecord struct {
	Flag   string   `json:"flag"`
	Values []string `json:"values"`
	Origin string   `json:"origin"`
}

// inputRecord identifies a file that was read.
type inputRecord struct {
	Path   string `json:"path"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func newSnapshot(config string, b *nanobragg.Builder, e *sim.Experiment) snapshot {
	s := snapshot{
		Schema: "simtrace-config/1", Config: config,
		Profile: e.Config.Profile.Name, Switches: e.Config.Profile.Switches(), Dtype: e.Config.Dtype.String(),
		Resolved: b.Resolved(e), Warnings: append([]string{}, b.Warnings...),
		Flags: []flagRecord{}, Inputs: []inputRecord{}, harnessConfig: newHarnessConfig(e, b.HKLFile),
	}
	for i := range s.Resolved {
		s.Resolved[i].Value = finite(s.Resolved[i].Value)
	}
	for _, set := range b.Settings {
		s.Flags = append(s.Flags, flagRecord{set.Name, append([]string{}, set.Values...), set.Origin})
	}
	for _, path := range b.Inputs() {
		if data, err := os.ReadFile(path); err == nil {
			sum := sha256.Sum256(data)
			s.Inputs = append(s.Inputs, inputRecord{path, len(data), hex.EncodeToString(sum[:])})
		}
	}
	return s
}

// finite makes words of what is no number, for which JSON has none: a profile may leave
// the detector's origin unset.
func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
	case sim.Vec3:
		for _, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Sprint(v)
			}
		}
	}
	return v
}

func (j *job) snapshot() snapshot {
	s := newSnapshot(j.configName(), j.builder, j.experiment)
	s.Device = j.device
	for _, p := range j.pixels {
		s.Pixels = append(s.Pixels, pixelPair(p))
	}
	if j.many {
		s.Regions = j.selected.regions
	}
	return s
}

func (p *program) configCommand() *cli.Command {
	flags := append(experimentFlags(), dtypeFlag(), &cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: text or json"})
	return p.command("config", "print the resolved experiment, with where each value came from", flags, p.config)
}

func (p *program) config(c *cli.Context) error {
	b, e, err := p.experiment(c)
	if err != nil {
		return err
	}
	name := c.String("config")
	if name == "" {
		name = "command line"
	}
	s := newSnapshot(name, b, e)
	switch f := c.String("format"); f {
	case "json":
		enc := json.NewEncoder(p.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(s)
	case "text":
		return p.printConfig(s)
	default:
		return fmt.Errorf("--format %s: unknown (known: text, json)", f)
	}
}

func (p *program) printConfig(s snapshot) error {
	tw := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, r := range s.Resolved {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.Name, show(r.Value), r.Unit, r.Origin)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(p.stdout, "warning: %s\n", w)
	}
	return nil
}

// show prints a value with all its digits.
func show(v any) string {
	switch x := v.(type) {
	case float64:
		return trace.FormatFloat(x)
	case sim.Vec3:
		return strings.Join([]string{show(x[0]), show(x[1]), show(x[2])}, " ")
	case [4]int:
		return strings.Trim(fmt.Sprint(x), "[]")
	}
	return fmt.Sprint(v)
}

func (p *program) flagsCommand() *cli.Command {
	return p.command("flags", "list nanoBragg's flags with units and defaults", nil, func(*cli.Context) error {
		return printFlags(p.stdout)
	})
}

// printFlags lists nanoBragg's flags in groups.
func printFlags(w io.Writer) error {
	names, groups := nanobragg.Groups()
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, g := range names {
		fmt.Fprintf(tw, "%s\n", g)
		for _, f := range groups[g] {
			also := ""
			if len(f.Aliases) > 0 {
				also = "; also " + strings.Join(f.Aliases, ", ")
			}
			fmt.Fprintf(tw, "  %s\t%s\t%s%s%s\n", f.Name, f.Unit, f.Help, defaultText(&f), also)
		}
	}
	return tw.Flush()
}

func defaultText(f *nanobragg.Flag) string {
	def := strings.Trim(f.Default(), "()")
	if def == "" || def == "none" || def == "not used" {
		return ""
	}
	return " (default: " + def + ")"
}
