package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"

	"simtrace/internal/record"
	"simtrace/pkg/sim"
)

// many traces a selection of pixels, of which there may be millions: what is
// written of them leaves as it comes.
type many struct {
	*job
	tracer *sim.Tracer
	pixels *selection
}

// pixelSink takes the samples of one pixel after another.
type pixelSink interface {
	sim.Sink
	End() error // of a pixel
}

// chunkPixels is how many pixels a goroutine traces at a time.
const chunkPixels = 32

// chunk is what one goroutine made of some pixels.
type chunk struct {
	parts [][]byte // for each of the outputs
	rows  []int    // of tables: how many there are
	free  func()   // gives the memory back
	err   error
}

// each traces all pixels, on all processors, and hands over what came of them in
// their order. worker is called once for each goroutine and returns the sink,
// and what takes from it what came since the last time.
func (m *many) each(ctx context.Context, worker func() (pixelSink, func() chunk), take func(chunk) error, progress func(done, total int)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	threads, total := runtime.GOMAXPROCS(0), m.pixels.count()
	type task struct {
		from int
		out  chan chunk
	}
	tasks, order := make(chan task), make(chan chan chunk, 2*threads)
	go func() {
		defer close(order)
		defer close(tasks)
		for from := 0; from < total; from += chunkPixels {
			out := make(chan chunk, 1)
			select {
			case order <- out:
			case <-ctx.Done():
				return
			}
			select {
			case tasks <- task{from, out}:
			case <-ctx.Done():
				out <- chunk{err: ctx.Err()}
				return
			}
		}
	}()
	for range threads {
		go func() {
			sink, made := worker()
			tap := sim.NewTap(m.filter, sink)
			for t := range tasks {
				err := m.some(ctx, t.from, min(t.from+chunkPixels, total), tap, sink)
				c := made()
				c.err = err
				t.out <- c
			}
		}()
	}
	done := 0
	for out := range order {
		c := <-out
		if c.err == nil {
			c.err = take(c)
		}
		if c.err != nil {
			return c.err
		}
		c.free()
		done = min(done+chunkPixels, total)
		progress(done, total)
	}
	return ctx.Err()
}

// some traces pixels of the selection; those without a value are left out.
func (m *many) some(ctx context.Context, from, to int, tap *sim.Tap, sink pixelSink) error {
	for i := from; i < to; i++ {
		p := m.pixels.at(i)
		if !m.experiment.Wanted(p.Slow, p.Fast) {
			continue
		}
		_, err := m.tracer.Trace(ctx, p, tap)
		if err == nil {
			err = sink.End()
		}
		if err != nil {
			return fmt.Errorf("pixel %d %d: %w", p.Slow, p.Fast, err)
		}
	}
	return nil
}

// write writes the pixels in one dialect: the setup where it has it, then a block
// each. Nothing is written before the first pixels are traced.
func (m *many) write(ctx context.Context, d record.Dialect, w io.Writer, progress func(done, total int)) error {
	setup, _ := m.records(d)
	begun := false
	return m.each(ctx, func() (pixelSink, func() chunk) {
		text := &bytes.Buffer{}
		free := make(chan *bytes.Buffer, 8)
		sink := record.NewSink(d, newWriter(d, writerTo{&text}))
		return sink, func() chunk {
			full := text
			select {
			case text = <-free:
				text.Reset()
			default:
				text = &bytes.Buffer{}
			}
			return chunk{parts: [][]byte{full.Bytes()}, free: func() {
				select {
				case free <- full:
				default:
				}
			}}
		}
	}, func(c chunk) error {
		if !begun {
			begun = true
			if _, err := io.WriteString(w, m.header(d)); err != nil {
				return err
			}
			if err := emit(ctx, d, w, setup); err != nil {
				return err
			}
		}
		_, err := w.Write(c.parts[0])
		return err
	}, progress)
}

// writerTo writes to a buffer that is exchanged from time to time.
type writerTo struct{ to **bytes.Buffer }

func (w writerTo) Write(p []byte) (int, error) { return (*w.to).Write(p) }

// estimate is how many bytes the pixels will take in a dialect, from one in their
// middle that has a value.
func (m *many) estimate(ctx context.Context, d record.Dialect) (float64, error) {
	total := m.pixels.count()
	for i := total / 2; i < min(total/2+1000, total); i++ {
		p := m.pixels.at(i)
		if !m.experiment.Wanted(p.Slow, p.Fast) {
			continue
		}
		var n counter
		sink := record.NewSink(d, newWriter(d, &n))
		if _, err := m.tracer.Trace(ctx, p, sim.NewTap(m.filter, sink)); err != nil {
			return 0, fmt.Errorf("pixel %d %d: %w", p.Slow, p.Fast, err)
		}
		err := sink.End()
		return float64(n) * float64(total), err
	}
	return 0, nil
}

// counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
