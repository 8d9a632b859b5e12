package sim

import "context"

// lookEvery is after how much work a context is looked at: in orientations of one
// subpixel, of which each takes some ten nanoseconds, a few microseconds where it is
// traced.
const lookEvery = 1 << 13

// sampleWork is the work of one source in a subpixel besides its orientations.
const sampleWork = 8

// stopper tells a loop when its context has ended. The zero stopper never does.
type stopper struct {
	ctx     context.Context // nil for none
	left    int             // work until the next look
	stopped bool            // the context has ended: what was computed since is of no use
}

// spend counts work that is about to be done, and reports whether to stop instead.
func (s *stopper) spend(work int) bool {
	if s.left -= work; s.left > 0 {
		return s.stopped
	}
	return s.look()
}

func (s *stopper) look() bool {
	s.left = lookEvery
	s.stopped = s.stopped || s.ctx != nil && s.ctx.Err() != nil
	return s.stopped
}
