package trace

import (
	"bytes"
	"context"
	"maps"

	"simtrace/pkg/trace/schema"
)

// scanner finds where blocks begin, line by line. It is a value: a copy of it
// goes on from where it is.
type scanner struct {
	names  *names
	form   *form   // of a program that a schema file describes, else nil
	reader *Reader // of a log of which nothing is known, else nil

	run        int32
	at         BlockAt
	seen       keySet // setup quantities of this run
	seenClosed keySet // quantities of the whole pixel, since the block began
	unnamed    int32  // pixels without a name in this run
	content    bool   // the run has lines of a pixel
	used       bool   // there is a trace since the pixel was announced
	isTrace    bool   // the line scanned last is a trace
	closed     bool   // a quantity of the whole pixel came
	named      bool   // the run names its pixels

	shift schema.Coord
	plain bool       // no line of the chunk has a carriage return
	last  *scanShape // of the line scanned last

	traceEnd  int64 // behind the last trace line
	traceLine int64
	marks     decimalMarks
	states    *textStates
}

// Scan finds the blocks of a log. It reads the log once; the error is one of the
// input, or ctx's.
func Scan(ctx context.Context, src *Source, all *Names, opt Options) (*Index, error) {
	list, _, err := ScanBoth(ctx, [2]*Source{src}, all, [2]Options{opt})
	return list[0], err
}

// ScanBoth is Scan of two logs, of which what they begin with in common is
// scanned once: equal is how many bytes that is. The second may be nil.
func ScanBoth(ctx context.Context, src [2]*Source, all *Names, opt [2]Options) (out [2]*Index, equal int64, err error) {
	var w [2]*walk
	for i, s := range src {
		if s != nil {
			w[i] = newWalk(s, all, opt[i])
		}
	}
	if src[1] == nil {
		err = w[0].toEnd(ctx)
		return [2]*Index{w[0].x}, 0, err
	}
	// Where one of them is read under other names, the same lines mean something
	// else.
	if maps.Equal(opt[0].Rename, opt[1].Rename) && opt[0].Shift == opt[1].Shift {
		if equal, err = w[0].together(ctx, w[1]); err != nil {
			return out, equal, err
		}
	}
	// Both go on from the first chunk that differs. A shared state would tie
	// them to each other's names.
	done := make(chan error, 1)
	go func() { done <- w[1].toEnd(ctx) }()
	err = w[0].toEnd(ctx)
	if other := <-done; err == nil {
		err = other
	}
	return [2]*Index{w[0].x, w[1].x}, equal, err
}

// walk is the way through a log.
type walk struct {
	src   *Source
	x     *Index
	s     scanner
	at    int64 // behind the last whole line that was scanned
	buf   []byte
	lines int64

	twin   *Index // of a log that is scanned along, see lockstep; nil for none
	behind int64  // how far its lines stand behind those of this log
}

// begin notes where a block begins.
func (w *walk) begin(p Piece) {
	w.x.add(p)
	if w.twin != nil {
		p.Off += w.behind
		w.twin.add(p)
	}
}

const scanChunk = 1 << 20

func newWalk(src *Source, all *Names, opt Options) *walk {
	w := &walk{src: src, x: &Index{Size: src.Size}}
	w.s = scanner{names: newNames(all, opt.Rename), shift: opt.Shift, at: setupAt(0)}
	if all.Schema != schema.NanoBragg() {
		w.s.at = BlockAt{-1, -1, -1}
	}
	switch {
	case all.Schema.Free:
		w.s.reader = NewReader(src, all, opt)
		w.s.reader.text.templates.scans = true
		w.s.reader.Begin(schema.Nowhere)
		w.s.reader.text.resume(nil)
		w.s.states = &textStates{}
	case all.Schema != schema.NanoBragg():
		w.s.form = newForm(all.Schema)
	}
	w.x.add(Piece{At: w.s.at})
	return w
}

// toEnd scans the rest of the log.
func (w *walk) toEnd(ctx context.Context) error {
	for w.at < w.src.Size {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(scanChunk, w.src.Size-w.at)
		buf, err := w.src.ReadSpan(w.buf, w.at, w.at+n)
		if err != nil {
			return err
		}
		w.buf = buf
		whole := bytes.LastIndexByte(buf, '\n') + 1
		switch {
		case w.at+n == w.src.Size:
			whole = int(n)
		case whole == 0:
			// What begins a line of over a megabyte is looked at, and no more.
			w.chunk(buf[:min(len(buf), 4096)])
			if w.at, err = w.lineEnd(w.at + n); err != nil {
				return err
			}
			if w.s.isTrace {
				w.s.traceEnd, w.s.traceLine = w.at, w.lines
			}
			continue
		}
		w.chunk(buf[:whole])
		w.at += int64(whole)
	}
	w.x.Lines, w.x.Runs = w.lines, int(w.s.run)+1
	w.x.Comma, w.x.states = w.s.marks.comma(), w.s.states
	w.x.pack()
	return nil
}

// lineEnd returns the offset behind the line that goes on at an offset.
func (w *walk) lineEnd(at int64) (int64, error) {
	for at < w.src.Size {
		buf, err := w.src.ReadSpan(w.buf, at, min(at+scanChunk, w.src.Size))
		if err != nil {
			return 0, err
		}
		w.buf = buf
		if i := bytes.IndexByte(buf, '\n'); i >= 0 {
			return at + int64(i) + 1, nil
		}
		at += int64(len(buf))
	}
	return at, nil
}

// chunk scans whole lines.
func (w *walk) chunk(b []byte) {
	w.s.plain = bytes.IndexByte(b, '\r') < 0
	for i := 0; i < len(b); {
		if idle := w.s.idle(b[i:]); idle > 0 {
			w.lines += int64(bytes.Count(b[i:i+idle], []byte{'\n'}))
			if i += idle; b[i-1] != '\n' {
				w.lines++ // the log ends without a newline
			}
			continue
		}
		end := bytes.IndexByte(b[i:], '\n')
		next := i + end + 1
		if end < 0 {
			end, next = len(b)-i, len(b)
		}
		line := b[i : i+end]
		if begins := (Piece{Off: w.at + int64(i), Line: w.lines}); w.s.line(line, &begins) {
			w.begin(begins)
		}
		w.lines++
		if w.s.isTrace {
			// Lines behind the last trace belong to what comes next, where
			// that is another run.
			w.s.traceEnd, w.s.traceLine = w.at+int64(next), w.lines
		}
		i = next
	}
}
