package trace

import (
	"maps"
	"strconv"
	"strings"
)

// settings are what a program tells of its run in lines that are no traces:
// cell counts and the like, by the name that formulas use.
type settings struct{ Settings map[string]float64 }

// setting reads a line that is no trace.
func (s *settings) setting(line string) {
	if i := strings.Index(line, " xtal: "); i >= 0 {
		s.cells(line[i+len(" xtal: "):])
	}
}

// cells reads "36x47x29 cells".
func (s *settings) cells(text string) {
	counts, _, ok := strings.Cut(text, " cells")
	words := strings.Split(counts, "x")
	if !ok || len(words) != 3 {
		return
	}
	read := map[string]float64{}
	for i, name := range [...]string{"Na", "Nb", "Nc"} {
		v, err := strconv.ParseFloat(words[i], 64)
		if err != nil {
			return
		}
		read[name] = v
	}
	if s.Settings == nil {
		s.Settings = map[string]float64{}
	}
	maps.Copy(s.Settings, read)
}
