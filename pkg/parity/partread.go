package parity

import (
	"cmp"
	"fmt"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// partReader reads parts of one of two logs.
type partReader struct {
	*trace.PartReader
	names map[string]string // new names, by old ones
	hit   map[string]bool   // old names that were met
}

func newPartReader(l *twoLogs, side int) *partReader {
	r := &partReader{PartReader: trace.NewPartReader(l.src[side].Name)}
	if side == gotSide && len(l.names) > 0 {
		r.names, r.hit = l.names, map[string]bool{}
	}
	return r
}

func (r *partReader) renamed(l *trace.Log) *trace.Log {
	if len(r.names) > 0 {
		rename(l.Records, r.names, r.hit)
	}
	return l
}

// piece is a run of lines of a pixel; a pixel that is named again has several.
type piece struct {
	seg    int // which segment
	text   []byte
	behind int  // lines before it
	last   bool // of the log
}

// parse reads a part, all of which must be of its pixel.
func (w *worker) parse(side int, pieces []piece) (*trace.Log, error) {
	r := w.read[side]
	r.Begin()
	for _, p := range pieces {
		if err := r.Read(p.text, p.behind, p.last); err != nil {
			return nil, err
		}
		if r.Open() && !p.last {
			return nil, notInParts{"a crash report goes on in another part"}
		}
	}
	l := r.Log()
	if len(pieces) == 0 {
		return l, nil
	}
	at := w.seg[side].At(pieces[0].seg)
	for i := range l.Records {
		rec := &l.Records[i]
		if rec.At.Slow != int(at.Slow) || rec.At.Fast != int(at.Fast) || rec.Stream == trace.SetupStream || rec.Stream == trace.NoteStream {
			return nil, notInParts{fmt.Sprintf("%s: %s stands among the lines of pixel %d %d and is not of it", rec.Pos, rec.Name, at.Slow, at.Fast)}
		}
	}
	if end := pieces[len(pieces)-1]; end.last {
		if err := w.endOf(side, l, end.text); err != nil {
			return nil, err
		}
	}
	return r.renamed(l), nil
}

// endOf looks at the last lines of a log.
func (w *worker) endOf(side int, l *trace.Log, text []byte) error {
	if text[len(text)-1] != '\n' && !tellsItsEnd(l) {
		// Whether a last line without its newline is whole, lines before these
		// would tell.
		return notInParts{"the last pixel is cut at its beginning"}
	}
	if w.logs.src[side].Cut {
		l.Problems = append(l.Problems, w.logs.src[side].cutProblem(int(w.logs.seg[side].Lines)))
	}
	return nil
}

// tellsItsEnd tells whether the part holds more than the quantities that come
// last of a pixel.
func tellsItsEnd(l *trace.Log) bool {
	for i := range l.Records {
		r := &l.Records[i]
		if r.Stream == trace.PixelStream && r.Key != schema.None && schema.Info(r.Key).Scope != schema.PerPixel {
			return true
		}
	}
	return false
}

// load reads the pieces of a job.
func (w *worker) load(job int) ([2][]piece, error) {
	var out [2][]piece
	for side, list := range w.logs.segmentsOf(job) {
		for _, i := range list {
			text, err := w.logs.src[side].read(nil, w.seg[side].At(i).Off, w.seg[side].End(i))
			if err != nil {
				return out, err
			}
			out[side] = append(out[side], w.piece(side, i, text))
		}
	}
	return out, nil
}

func (w *worker) piece(side, i int, text []byte) piece {
	return piece{seg: i, text: text, behind: int(w.seg[side].At(i).Line), last: i+1 == w.logs.seg[side].Len()}
}

// segmentsOf lists the segments of a job on both sides; none where the pixel was
// in an earlier job.
func (l *twoLogs) segmentsOf(job int) [2][]int {
	var out [2][]int
	side, i := l.segment(job)
	partner := int32(alone)
	if side == refSide {
		if partner = l.mates.of(i); partner == again {
			return out
		}
	}
	out[side] = l.withMore(side, i)
	if partner >= 0 {
		out[gotSide] = l.withMore(gotSide, int(partner))
	}
	return out
}

func (l *twoLogs) withMore(side, i int) []int {
	out := []int{i}
	for _, m := range l.mates.more[side][int32(i)] {
		out = append(out, int(m))
	}
	return out
}

// problemList holds problems of a log, of each kind the first MaxProblems, and
// counts all.
type problemList struct {
	list   []trace.Problem
	counts trace.ProblemCounts
}

func (p *problemList) take(l *trace.Log) {
	p.list = append(p.list, l.Problems...)
	for i := range l.Problems {
		p.counts[l.Problems[i].Kind]++
	}
	for k, n := range l.Unlisted {
		p.counts[k] += n
	}
	if len(p.list) > 4*trace.MaxProblems {
		p.trim()
	}
}

func (p *problemList) merge(o *problemList) {
	p.list = append(p.list, o.list...)
	for k, n := range o.counts {
		p.counts[k] += n
	}
	p.trim()
}

// trim drops what is beyond the first of each kind.
func (p *problemList) trim() {
	slices.SortStableFunc(p.list, func(x, y trace.Problem) int { return cmp.Compare(x.Pos.Line, y.Pos.Line) })
	var n trace.ProblemCounts
	p.list = slices.DeleteFunc(p.list, func(x trace.Problem) bool {
		n[x.Kind]++
		return n[x.Kind] > trace.MaxProblems
	})
}
