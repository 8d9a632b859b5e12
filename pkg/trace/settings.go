package trace

import (
	"maps"
	"math"
	"strconv"
	"strings"
	"sync"
)

// Setting is what a program says of its run in a line that is no trace.
type Setting struct {
	Text string  // as printed
	Num  float64 // of a setting that is one number; else NaN
	Pos  Pos
}

// Settings are those of a run by their names: "Na", "mosaic domains", "shape".
type Settings map[string]Setting

// Same reports whether two settings agree as far as their digits tell: the port
// prints two decimals of what the reference prints in full.
func (s Setting) Same(o Setting) bool {
	a, b := strings.Fields(s.Text), strings.Fields(o.Text)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, err1 := strconv.ParseFloat(a[i], 64)
		y, err2 := strconv.ParseFloat(b[i], 64)
		switch {
		case a[i] == b[i]:
		case err1 != nil || err2 != nil || math.IsNaN(x) || math.IsNaN(y):
			return false
		case math.Abs(x-y) > max(halfUnit(a[i]), halfUnit(b[i]))*(1+1e-9):
			return false
		}
	}
	return true
}

// With returns the settings with others in addition, which come first.
func (s Settings) With(o Settings) Settings {
	if len(o) == 0 {
		return s
	}
	out := maps.Clone(o)
	for name, v := range s {
		if _, ok := out[name]; !ok {
			out[name] = v
		}
	}
	return out
}

// halfUnit is half a unit of the last digit of a decimal number; of a whole
// number it is 0.
func halfUnit(text string) float64 {
	mantissa, exp, _ := strings.Cut(strings.ToLower(text), "e")
	_, decimals, point := strings.Cut(mantissa, ".")
	e, _ := strconv.Atoi(exp)
	if !point && exp == "" {
		return 0
	}
	return 0.5 * math.Pow10(e-len(decimals))
}

// phrase is a line with gaps: the words before, between and behind them are
// Between, and what stands in the gaps are the settings Names; "" for none.
type phrase struct {
	between []string
	names   []string
	lists   bool // a list of sources follows
}

// phrases are the lines of the C reference, of its instrumented copy, of
// simtrace, and of the PyTorch port. A line of several numbers has one gap a
// number.
var phrases = sync.OnceValue(func() []phrase { return compile(phraseText) })

const phraseText = `
{convention} convention selected.
pivoting detector around {pivot}
auto-selected {interpolation} interpolation
auto-selected {oversample}-fold oversampling
TRACE: Oversample = {oversample}
reading Fs from {structure factors from}
counting entries in {structure factors from}
created a total of {sources} sources:
Loaded {sources} sources from
Generated {sources} sources from divergence/dispersion:
created a total of {mosaic domains} mosaic domains
{reflections} initialized hkls (all others ={default F})
{shape} xtal: {Na}x{Nb}x{Nc} cells
wave={wavelength} meters +/- {dispersion}% in {dispersion steps} steps
Wavelength: {wavelength in angstroms} Å
Kahn polarization factor: {Kahn factor}
polarization effect {Kahn factor}
pixel obliquity effect {pixel obliquity}
water droplet size: {water} m
distance={distance} detsize={}x{}  pixel={pixel} meters ({pixels} pixels)
Detector: {pixels} pixels
sensor is {sensor thickness} m thick in {layers} layers with mu= {attenuation}
Xbeam={Xbeam} Ybeam={Ybeam}
INCIDENT_BEAM_DIRECTION= {beam}
spindle ROTATION_AXIS= {spindle}
POLARIZATION_PLANE_NORMAL= {polarization normal}
hdivrange={horizontal divergence} hdivstep={horizontal divergence step}  radians
vdivrange={vertical divergence} vdivstep={vertical divergence step}  radians
{divergence steps} divergence steps
{sources} sources
{mosaic domains} mosaic domains over mosaic spread of {mosaic spread} degrees
{phi steps} phi steps from {phi start} to {phi end} degrees
{oversample}x{} pixel oversample steps
{curved detector} detector: all pixels same distance from origin
random orientation misset angles: {misset} deg
Device: {}, Dtype: {dtype}
`

// numeric tells whether what must be a number is one; else it is another line that
// has the same words.
func numeric(names, values []string) bool {
	for i, name := range names {
		if _, err := strconv.ParseFloat(strings.TrimSpace(values[i]), 64); err != nil && counts[name] {
			return false
		}
	}
	return true
}

// counts are settings that are numbers.
var counts = map[string]bool{"Na": true, "Nb": true, "Nc": true, "sources": true, "mosaic domains": true, "reflections": true, "divergence steps": true, "phi steps": true, "oversample": true}

func compile(text string) []phrase {
	var out []phrase
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var p phrase
		for {
			before, rest, ok := strings.Cut(line, "{")
			p.between = append(p.between, before)
			if !ok {
				break
			}
			name, after, _ := strings.Cut(rest, "}")
			p.names = append(p.names, name)
			line = after
		}
		p.lists = p.between[0] == "created a total of " && p.names[0] == "sources"
		out = append(out, p)
	}
	return out
}

// settings are those of a block.
type settings struct{ Settings Settings }

// sourceList is where a reader stands in the list of sources that a program prints.
type sourceList struct{ left, next int }

// setting reads a line that is no trace.
func (s *settings) setting(line string, pos Pos, sources *sourceList) {
	line = strings.TrimSpace(line)
	if sources.left > 0 {
		sources.left--
		if f := strings.Fields(line); len(f) == 5 {
			s.set("source "+strconv.Itoa(sources.next), strings.Join(f, " "), pos)
			sources.next++
			return
		}
		sources.left = 0
	}
	for _, p := range phrases() {
		if values, ok := p.match(line); ok && numeric(p.names, values) {
			s.take(p.names, values, pos)
			if n, err := strconv.Atoi(values[0]); err == nil && p.lists && sources.next == 0 {
				sources.left = n
			}
			return
		}
	}
}

// match fills the gaps.
func (p *phrase) match(line string) ([]string, bool) {
	rest, ok := strings.CutPrefix(line, p.between[0])
	if !ok {
		return nil, false
	}
	var values []string
	for _, next := range p.between[1:] {
		if next == "" {
			return append(values, rest), true
		}
		value, after, ok := strings.Cut(rest, next)
		if !ok {
			return nil, false
		}
		values, rest = append(values, value), after
	}
	return values, true
}

func (s *settings) take(names, values []string, pos Pos) {
	for i, name := range names {
		v := strings.TrimSpace(values[i])
		switch name {
		case "":
		case "wavelength in angstroms":
			if x, err := strconv.ParseFloat(v, 64); err == nil {
				decimals := len(v) - strings.IndexByte(v, '.') - 1
				s.set("wavelength", strconv.FormatFloat(x*1e-10, 'e', decimals, 64), pos)
			}
		case "distance":
			s.set(name, v, pos)
			// Lines of these come before this one, or not at all.
			for _, p := range [...][2]string{{"curved detector", "no"}, {"pixel obliquity", "enabled"}} {
				if _, ok := s.Settings[p[0]]; !ok {
					s.set(p[0], p[1], pos)
				}
			}
		default:
			s.set(name, v, pos)
		}
	}
}

func (s *settings) set(name, text string, pos Pos) {
	if s.Settings == nil {
		s.Settings = Settings{}
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		x = math.NaN()
	}
	s.Settings[name] = Setting{Text: strings.Clone(text), Num: x, Pos: pos}
}
