package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/visible"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// experimentFlags choose the experiment; every command has them.
func experimentFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "config", Usage: "`CONFIG`: embedded preset (supervisor) or YAML file with nanoBragg's flag names as keys"},
		&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "`PROFILE`, whose habits: " + strings.Join(sim.ProfileNames(), ", ") + " (simtrace profiles tells them apart)"},
		&cli.StringSliceFlag{Name: "switch", Usage: "change one habit of the profile: `NAME=VALUE` (repeatable)"},
		&cli.BoolFlag{Name: "strict", Usage: "a warning is an error"},
	}
}

func engineFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "device", Value: "cpu", Usage: "`DEVICE` where images are computed: cpu, cuda (NVIDIA's), gpu (the first one) or opencl:NAME; a trace's pixels are held against the device's"},
		dtypeFlag(),
	}
}

// dtypeFlag chooses the precision.
func dtypeFlag() cli.Flag {
	return &cli.StringFlag{Name: "dtype", Value: sim.Float64.String(), Usage: "`PRECISION` of the pixel path: " + strings.Join(sim.DtypeNames(), " or ") +
		" (the setup is computed in float64 and rounded once); setup=float32 is that of the setup alone, cell= and detector= of its parts, miller= that of the Miller index"}
}

// needFiles refuses flags that name a file or folder and were given no name.
func needFiles(c *cli.Context, flags ...string) error {
	for _, f := range flags {
		if c.IsSet(f) && c.String(f) == "" {
			return fmt.Errorf("--%s: a name is needed", f)
		}
	}
	return nil
}

// experiment builds the experiment from --config and nanoBragg's flags.
func (p *program) experiment(c *cli.Context) (*nanobragg.Builder, *sim.Experiment, error) {
	profile, err := profile(c)
	if err != nil {
		return nil, nil, err
	}
	b := nanobragg.NewBuilder(profile)
	b.WholeCommand = true
	if err := b.Config.SetPrecision(c.String("dtype")); err != nil {
		return nil, nil, fmt.Errorf("--dtype: %w", err)
	}
	args, err := b.Configure(c.String("config"))
	if err != nil {
		return nil, nil, fmt.Errorf("--config: %w", err)
	}
	if err := b.Apply(append(args, p.theirs...)); err != nil {
		return nil, nil, err
	}
	e, err := b.Prepare()
	if err != nil {
		return nil, nil, err
	}
	if c.Command.Name == "render" {
		warnOfAnyLatch(c, b, e)
	}
	return b, e, strict(c, b)
}

func (p *program) printWarnings(b *nanobragg.Builder) {
	for _, w := range b.Warnings {
		fmt.Fprintf(p.stderr, "simtrace: warning: %s\n", visible.Text(w))
	}
}

// parsePixels reads "--pixel slow,fast" as often as it was given. Flags are
// split at commas by the library: numbers come in pairs.
func parsePixels(words []string) ([]sim.Pixel, error) {
	if len(words)%2 != 0 {
		return nil, fmt.Errorf("--pixel takes two numbers, slow and fast")
	}
	var out []sim.Pixel
	seen := map[sim.Pixel]bool{}
	for i := 0; i < len(words); i += 2 {
		slow, err1 := strconv.Atoi(strings.TrimSpace(words[i]))
		fast, err2 := strconv.Atoi(strings.TrimSpace(words[i+1]))
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("--pixel %s %s: slow and fast are whole numbers", words[i], words[i+1])
		}
		p := sim.Pixel{Slow: slow, Fast: fast}
		if seen[p] {
			return nil, fmt.Errorf("--pixel %d %d is given twice", slow, fast)
		}
		seen[p] = true
		out = append(out, p)
	}
	return out, nil
}

func parseStages(words []string) ([]schema.Stage, error) {
	var out []schema.Stage
	for _, w := range words {
		s, ok := schema.StageByName(strings.TrimSpace(w))
		if !ok {
			var known []string
			for _, k := range schema.Stages() {
				known = append(known, k.String())
			}
			return nil, fmt.Errorf("--stages %s: unknown (known: %s)", w, strings.Join(known, ", "))
		}
		out = append(out, s)
	}
	return out, nil
}

// parsePhi reads phi steps: "0,3,7-9".
func parsePhi(words []string, steps int) ([]int, error) { return parseList("phi", words, steps) }

// parseList reads indices below a count: "0,3,7-9".
func parseList(flag string, words []string, count int) ([]int, error) {
	var out []int
	for _, w := range words {
		lo, hi, isRange := strings.Cut(strings.TrimSpace(w), "-")
		if !isRange {
			hi = lo
		}
		a, err1 := strconv.Atoi(lo)
		b, err2 := strconv.Atoi(hi)
		if err1 != nil || err2 != nil || a > b {
			return nil, fmt.Errorf("--%s %s: steps are numbers and ranges, such as 0,3,7-9", flag, w)
		}
		if b >= count && flag == "phi" {
			return nil, fmt.Errorf("--phi %s: the rotation has steps 0 to %d", w, count-1)
		}
		if b >= count {
			return nil, fmt.Errorf("--%s %s: there are 0 to %d", flag, w, count-1)
		}
		for t := a; t <= b; t++ {
			out = append(out, t)
		}
	}
	return out, nil
}
