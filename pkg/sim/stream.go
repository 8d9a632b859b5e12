package sim

import (
	"sync"

	"simtrace/pkg/sim/fast"
)

// Store keeps an image outside of the program's memory, a file for one. Memory that
// is touched for the first time takes longer than computing what goes there.
type Store interface {
	// Write takes whole rows of the image, in scan order.
	Write(rows []float32) error
	// Image returns all that was written.
	Image() ([]float32, error)
	// Restart forgets what was written.
	Restart() error
}

// chunkRows is how many rows a store is given at once: some 100 KB.
const chunkRows = 8

// stream takes finished rows from many goroutines, adds them up in scan order and
// passes them on to the store.
type stream struct {
	e     *Experiment
	store Store
	sums  Sums
	omega bool // the solid angles are summed too

	ring   int       // rows that may be under way at once, whole chunks
	pixels []float32 // ring rows
	omegas []float64

	mu      sync.Mutex
	room    sync.Cond
	done    []bool
	next    int  // the row that is added next
	stored  int  // rows that the store has
	passing bool // a goroutine is adding
	err     error
}

// streams reports whether an image can be passed on by rows: it is computed as
// a whole.
func (e *Experiment) streams() bool {
	g := e.Geometry
	return e.ROI == [4]int{0, g.Fast - 1, 0, g.Slow - 1}
}

func (e *Experiment) newStream(store Store, threads int) *stream {
	width := e.Geometry.Fast
	s := &stream{e: e, store: store, ring: chunkRows * (2 + (threads+1)/2)}
	s.pixels, s.done = make([]float32, s.ring*width), make([]bool, s.ring)
	s.room.L = &s.mu
	// Else a pixel's samples have solid angles of their own.
	if s.omega = e.Config.Profile.OmegaKeep == KeepFirst && !e.Config.Sampling.OversampleOmega; s.omega {
		s.omegas = make([]float64, s.ring*width)
	}
	return s
}

// begin waits until there is room for a row, and returns it with its solid
// angles, nil where these do not count. It returns nil after an error.
func (s *stream) begin(slow int) (pixels []float32, omegas []float64) {
	s.mu.Lock()
	for s.err == nil && slow >= s.stored+s.ring {
		s.room.Wait()
	}
	failed := s.err != nil
	s.mu.Unlock()
	if failed {
		return nil, nil
	}
	width, at := s.e.Geometry.Fast, slow%s.ring
	if s.omega {
		omegas = s.omegas[at*width:][:width]
	}
	return s.pixels[at*width:][:width], omegas
}

// end takes a finished row. Whoever finishes the next in turn passes on all
// that wait behind it.
func (s *stream) end(slow int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[slow%s.ring] = true
	if s.passing {
		return
	}
	s.passing = true
	for s.err == nil && s.next < s.e.Geometry.Slow && s.done[s.next%s.ring] {
		s.done[s.next%s.ring] = false
		s.mu.Unlock()
		err := s.pass(s.next)
		s.mu.Lock()
		s.next++
		if s.next%chunkRows == 0 || s.next == s.e.Geometry.Slow {
			s.stored = s.next
		}
		s.err = err
		s.room.Broadcast()
	}
	s.passing = false
}

// pass adds a row, and stores the chunk that it completes.
func (s *stream) pass(slow int) error {
	width, at := s.e.Geometry.Fast, slow%s.ring
	if row := s.pixels[at*width:][:width]; s.omega {
		s.sums.rowWithOmegas(s.e, slow, slow*width, row, s.omegas[at*width:][:width])
	} else {
		s.sums.row(s.e, slow, slow*width, row)
	}
	if last := slow == s.e.Geometry.Slow-1; last || slow%chunkRows == chunkRows-1 {
		first := at / chunkRows * chunkRows
		return s.store.Write(s.pixels[first*width : (at+1)*width])
	}
	return nil
}

// all returns the image and its sums.
func (s *stream) all() ([]float32, Sums, error) {
	if s.err != nil {
		return nil, Sums{}, s.err
	}
	image, err := s.store.Image()
	if err == nil && !s.omega {
		s.sums.Omega = s.e.OmegaSum()
	}
	return image, s.sums, err
}

// keepOmegas copies the solid angles of a block; zero where the pixel is masked.
func (e *Experiment) keepOmegas(b *fast.Block, slow, fast0 int, into []float64) {
	copy(into, b.Omega[:len(into)])
	if m := e.Config.Sampling.Mask; m != nil {
		for i := range into {
			if m[slow*e.Geometry.Fast+fast0+i] == 0 {
				into[i] = 0
			}
		}
	}
}
