package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"

	"simtrace/pkg/sim"
)

// selection is what is to be traced: regions, of which a pixel alone is one. It
// lists no pixels, which may be all of a detector.
type selection struct {
	regions [][4]int // fast min, fast max, slow min, slow max, inclusive
	ends    []int    // how many pixels there are up to the end of each
}

func (s *selection) add(region [4]int) {
	s.regions = append(s.regions, region)
	s.ends = append(s.ends, s.count()+(region[1]-region[0]+1)*(region[3]-region[2]+1))
}

func (s *selection) count() int {
	if len(s.ends) == 0 {
		return 0
	}
	return s.ends[len(s.ends)-1]
}

// at is the i-th pixel: those of a region in scan order.
func (s *selection) at(i int) sim.Pixel {
	n := sort.SearchInts(s.ends, i+1)
	if n > 0 {
		i -= s.ends[n-1]
	}
	r := s.regions[n]
	width := r[1] - r[0] + 1
	return sim.Pixel{Slow: r[2] + i/width, Fast: r[0] + i%width}
}

// pixel adds a pixel.
func (s *selection) pixel(p sim.Pixel) { s.add([4]int{p.Fast, p.Fast, p.Slow, p.Slow}) }

// addRegions adds those of --roi, four numbers each. A region lies on the
// detector.
func (s *selection) addRegions(words []string, e *sim.Experiment) error {
	if len(words)%4 != 0 {
		return fmt.Errorf("--roi takes four numbers: fast min, fast max, slow min, slow max")
	}
	for ; len(words) > 0; words = words[4:] {
		var r [4]int
		for i, w := range words[:4] {
			n, err := strconv.Atoi(strings.TrimSpace(w))
			if err != nil {
				return fmt.Errorf("--roi %s: %s is no whole number", strings.Join(words[:4], " "), w)
			}
			r[i] = n
		}
		if g := e.Geometry; r[0] < 0 || r[2] < 0 || r[0] > r[1] || r[2] > r[3] || r[1] >= g.Fast || r[3] >= g.Slow {
			return fmt.Errorf("--roi %s (fast min, fast max, slow min, slow max) is no region of the detector of %d x %d pixels (slow x fast)",
				strings.Join(words[:4], " "), g.Slow, g.Fast)
		}
		s.add(r)
	}
	return nil
}

// addFile adds the pixels that a file lists, slow and fast in each line; what
// follows a # is a comment.
func (s *selection) addFile(path string, e *sim.Experiment) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("--pixels: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '\r' })
		if len(words) == 0 {
			continue
		}
		var p sim.Pixel
		err := fmt.Errorf("two whole numbers are needed, slow and fast")
		if len(words) == 2 {
			var err1, err2 error
			p.Slow, err1 = strconv.Atoi(words[0])
			if p.Fast, err2 = strconv.Atoi(words[1]); err1 == nil && err2 == nil {
				err = e.Check(p)
			}
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
		s.pixel(p)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// leftOut counts the pixels that have no value: masked, or outside the run's
// region of interest.
func (s *selection) leftOut(e *sim.Experiment) int {
	n := 0
	for _, r := range s.regions {
		for slow := r[2]; slow <= r[3]; slow++ {
			for fast := r[0]; fast <= r[1]; fast++ {
				if !e.Wanted(slow, fast) {
					n++
				}
			}
		}
	}
	return n
}
