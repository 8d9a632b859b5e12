package diff

import (
	"cmp"
	"context"
	"slices"

	"simtrace/pkg/trace"
)

// PixelMatch says how the pixels of the two logs were brought together.
type PixelMatch uint8

const (
	// SamePixels: both logs name their pixels and have some in common, or
	// neither names any.
	SamePixels PixelMatch = iota
	// AssumedPixel: one log names no pixel, and the other exactly one.
	AssumedPixel
	// OtherPixels: both logs name their pixels and have none in common.
	OtherPixels
	// AmbiguousPixel: one log names no pixel, and the other several.
	AmbiguousPixel
)

// Pixel is a pixel's place, slow before fast, counted from 0.
type Pixel struct{ Slow, Fast int }

// jobs bring the pieces of two logs together: a job is what belongs at one
// place, wherever it stands. It keeps 4 bytes a piece and a job of each log, and
// nothing where both logs have the same places in the same order.
type jobs struct {
	n      int
	bounds [2][]int32 // by job, where its pieces begin in pieces; nil: job i is piece i
	pieces [2][]int32

	match    PixelMatch
	runBlind bool // pixels are joined whatever run they are of
	byRun    bool // a job is a whole run, of one pixel at most
}

// of lists the pieces of a job in one of the logs.
func (j *jobs) of(side, job int) []int32 {
	return j.pieces[side][j.bounds[side][job]:j.bounds[side][job+1]]
}

// straight tells that job i is piece i of both logs.
func (j *jobs) straight() bool { return j.bounds[0] == nil }

// places are the pieces of one log.
type places struct {
	at      []trace.BlockAt
	named   bool
	pixels  map[[2]int32]int32 // by pixel: its run
	unique  bool               // no pixel is in two runs
	perRun  int                // most pixels of a run
	unnamed int                // pixels without a name
}

func placesOf(x *trace.Index) *places {
	p := &places{at: x.Places(), unique: true, pixels: map[[2]int32]int32{}}
	inRun, run := map[[2]int32]bool{}, int32(-1)
	for _, at := range p.at {
		if at[0] != run {
			clear(inRun)
			run = at[0]
		}
		if at.Setup() {
			continue
		}
		pixel := [2]int32{at[1], at[2]}
		inRun[pixel] = true
		p.perRun = max(p.perRun, len(inRun))
		if !at.Named() {
			p.unnamed++
			continue
		}
		p.named = true
		if before, ok := p.pixels[pixel]; ok && before != run {
			p.unique = false
		}
		p.pixels[pixel] = run
	}
	return p
}

// join makes the jobs of two logs. Of a program of which nothing is known, blocks are
// parted first where one log lost a line that begins one.
func (e *Engine) join(ctx context.Context) (*jobs, error) {
	j := &jobs{}
	switch s := e.opt.Names.Schema; {
	case !e.isNanoBragg() && e.index[0].Straight(e.index[1]):
		j.n = e.index[0].Len()
		return j, nil
	case s.Free && len(s.Index) > 0:
		at, err := trace.PartBlocks(e.opt.Sources, e.opt.Names, e.index, e.opt.Read)
		if err != nil {
			return nil, err
		}
		j.build(at[0], at[1])
		return j, nil
	case !e.isNanoBragg():
		j.build(e.index[0].Places(), e.index[1].Places())
		return j, nil
	}
	a, b := placesOf(e.index[0]), placesOf(e.index[1])
	j.match = matchPixels(a, b)
	j.byRun = a.perRun <= 1 && b.perRun <= 1
	j.runBlind = a.named && b.named && a.unique && b.unique && j.match == SamePixels
	ref, got := j.keys(a), j.keys(b)
	if !a.named && !b.named && max(len(ref), len(got)) > 2 {
		var err error
		if got, err = e.alignUnnamed(ctx, j.byRun, ref, got); err != nil {
			return nil, err
		}
	}
	j.build(ref, got)
	return j, nil
}

// matchPixels says how the pixels of two logs are brought together.
func matchPixels(a, b *places) PixelMatch {
	if !a.named && !b.named {
		return SamePixels
	}
	if !a.named || !b.named {
		if len(a.pixels)+len(b.pixels) == 1 && a.unnamed+b.unnamed <= 1 {
			return AssumedPixel
		}
		if a.unnamed+b.unnamed == 0 {
			return SamePixels // one has no lines of a pixel
		}
		return AmbiguousPixel
	}
	for p := range a.pixels {
		if _, ok := b.pixels[p]; ok {
			return SamePixels
		}
	}
	return OtherPixels
}

// keys say to which job each piece of p belongs.
func (j *jobs) keys(p *places) []trace.BlockAt {
	out := slices.Clone(p.at)
	var pixelOf map[int32][2]int32
	if j.byRun && j.runBlind {
		pixelOf = map[int32][2]int32{}
		for px, run := range p.pixels {
			pixelOf[run] = px
		}
	}
	for i, at := range out {
		switch {
		case j.byRun && j.runBlind:
			if px, ok := pixelOf[at[0]]; ok {
				out[i] = trace.BlockAt{0, px[0], px[1]}
			}
		case j.byRun && j.match != OtherPixels:
			out[i] = trace.BlockAt{at[0], -1, -1}
		case j.runBlind && !at.Setup():
			out[i] = trace.BlockAt{0, at[1], at[2]}
		}
	}
	return out
}

// build groups the pieces by key; jobs come in the order of the reference, and
// behind it in that of got.
func (j *jobs) build(ref, got []trace.BlockAt) {
	if slices.Equal(ref, got) && distinct(ref) {
		j.n = len(ref)
		return
	}
	keys := [2][]trace.BlockAt{ref, got}
	var sorted [2][]int32
	var mixed [2]bool // the log's places do not come in the order of their keys
	for side, list := range keys {
		sorted[side], mixed[side] = inOrder(list)
	}
	type group struct{ list [2][]int32 }
	var groups, ofGot []group // those with pieces of the reference, and of got alone
	x, y := sorted[0], sorted[1]
	take := func(keys []trace.BlockAt, order []int32) (group, rest []int32) {
		n := 1
		for n < len(order) && keys[order[0]] == keys[order[n]] {
			n++
		}
		return order[:n], order[n:]
	}
	for len(x) > 0 || len(y) > 0 {
		c := 0
		switch {
		case len(x) == 0:
			c = 1
		case len(y) == 0:
			c = -1
		default:
			c = slices.Compare(ref[x[0]][:], got[y[0]][:])
		}
		var g group
		if c <= 0 {
			g.list[0], x = take(ref, x)
		}
		if c >= 0 {
			g.list[1], y = take(got, y)
		}
		if g.list[0] != nil {
			groups = append(groups, g)
		} else {
			ofGot = append(ofGot, g)
		}
	}
	if mixed[0] {
		slices.SortFunc(groups, func(g, h group) int { return cmp.Compare(g.list[0][0], h.list[0][0]) })
	}
	if mixed[1] {
		slices.SortFunc(ofGot, func(g, h group) int { return cmp.Compare(g.list[1][0], h.list[1][0]) })
	}
	groups = append(groups, ofGot...)
	j.n = len(groups)
	for side := range keys {
		j.bounds[side] = make([]int32, 1, len(groups)+1)
		for _, g := range groups {
			j.pieces[side] = append(j.pieces[side], g.list[side]...)
			j.bounds[side] = append(j.bounds[side], int32(len(j.pieces[side])))
		}
	}
}

// distinct tells whether no place comes twice.
func distinct(keys []trace.BlockAt) bool {
	if rising(keys) {
		return true
	}
	order, _ := inOrder(keys)
	for i := 1; i < len(order); i++ {
		if keys[order[i-1]] == keys[order[i]] {
			return false
		}
	}
	return true
}

// rising tells whether the places come in the order of their keys, and none twice.
func rising(keys []trace.BlockAt) bool {
	for i := 1; i < len(keys); i++ {
		if slices.Compare(keys[i-1][:], keys[i][:]) >= 0 {
			return false
		}
	}
	return true
}

// inOrder returns the numbers of the pieces sorted by key, those of one key in
// the order of the log; mixed tells that this is another order than the log's.
func inOrder(keys []trace.BlockAt) (order []int32, mixed bool) {
	out := make([]int32, len(keys))
	for i := range out {
		out[i] = int32(i)
	}
	if rising(keys) {
		return out, false
	}
	slices.SortFunc(out, func(x, y int32) int {
		return cmp.Or(slices.Compare(keys[x][:], keys[y][:]), cmp.Compare(x, y))
	})
	return out, true
}
