package nanobragg

import (
	"embed"
	"fmt"
	"strings"

	"simtrace/pkg/sim"
)

//go:embed presets
var presetFiles embed.FS

// preset is an experiment that ships with the program: flags, and data that is
// small enough to stand here.
type preset struct {
	about  string
	matrix [9]float64
	// The list that the window was cut from: bounds and number of reflections.
	lo, hi [3]int
	count  int
	// The window itself, and its corner with the smallest indices.
	corner [3]int
	window [4][4][4]float64 // [h][k][l]
}

const presetHint = "the preset embeds only those that pixel 685 1039 needs; give the whole list with -hkl FILE"

var presets = map[string]preset{
	"supervisor": {
		about: "the 2463 x 2527 pixel detector of a parity investigation; pixel 685 1039",
		matrix: [9]float64{
			-0.02837711, -0.00305386, 0.02535816,
			-0.02871390, 0.01019549, -0.01400049,
			0.01050048, -0.03209440, -0.01036054,
		},
		lo: [3]int{-24, -28, -31}, hi: [3]int{24, 28, 30}, count: 64333,
		corner: [3]int{-8, -2, -15},
		window: [4][4][4]float64{
			{{127.89, 147.10, 34.47, 167.20}, {162.43, 105.41, 72.97, 148.16}, {7.62, 237.09, 147.18, 51.24}, {103.23, 45.04, 155.92, 88.05}},
			{{53.26, 128.49, 52.99, 123.32}, {72.32, 190.27, 48.42, 64.37}, {34.12, 137.43, 105.70, 45.67}, {89.07, 150.15, 139.14, 157.11}},
			{{142.64, 10.12, 194.87, 241.75}, {183.30, 168.05, 41.39, 106.18}, {65.78, 116.02, 128.79, 185.94}, {58.33, 113.32, 42.89, 117.73}},
			{{37.74, 93.02, 87.73, 157.44}, {82.69, 91.63, 106.98, 92.31}, {104.94, 126.73, 51.81, 46.34}, {110.28, 118.98, 115.43, 219.50}},
		},
	},
}

// Presets lists the embedded configurations and what they are.
func Presets() map[string]string {
	out := map[string]string{}
	for name, p := range presets {
		out[name] = p.about
	}
	return out
}

// Configure returns the arguments of a configuration: of an embedded preset by
// name, or of a YAML file by path. A preset's matrix and structure factors go
// into the builder at once; -mat and -hkl replace them.
func (b *Builder) Configure(name string) ([]Arg, error) {
	if name == "" {
		return nil, nil
	}
	p, ok := presets[name]
	if !ok {
		if !fileExists(name) {
			return nil, fmt.Errorf("no preset and no file %q (presets: %s)", name, strings.Join(sortedKeys(presets), ", "))
		}
		return b.ReadYAML(name)
	}
	data, err := presetFiles.ReadFile("presets/" + name + ".yaml")
	if err != nil {
		panic(err) // embedded: it is there
	}
	if err := p.install(&b.Config.Crystal); err != nil {
		return nil, err
	}
	args, err := parseYAML("preset "+name, data)
	for i := range args {
		args[i].Origin = "preset " + name
	}
	return args, err
}

func (p *preset) install(c *sim.CrystalConfig) error {
	m := p.matrix
	c.Matrix = &m
	top := [3]int{p.corner[0] + 3, p.corner[1] + 3, p.corner[2] + 3}
	g, err := sim.NewFWindow(p.lo, p.hi, p.corner, top, presetHint)
	if err != nil {
		return err
	}
	for i := range p.window {
		for j := range p.window[i] {
			for k, f := range p.window[i][j] {
				g.Set(p.corner[0]+i, p.corner[1]+j, p.corner[2]+k, f)
			}
		}
	}
	g.Count = p.count
	c.F = g
	return nil
}
