package diff

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"

	"simtrace/pkg/trace"
)

// alignUnnamed returns where the pieces of got belong if neither log names its
// pixels: their numbers alone would have one pixel that a log lacks shift all that
// follow. So the pixels, or the runs where each is of one pixel, are aligned by what
// they print, and those of got take the places of their partners.
func (e *Engine) alignUnnamed(ctx context.Context, byRun bool, ref, got []trace.BlockAt) ([]trace.BlockAt, error) {
	if e.equal == e.index[0].Size && e.equal == e.index[1].Size {
		return got, nil
	}
	var units [2][]unit
	often := [2]map[uint64]int{{}, {}}
	for side, places := range [2][]trace.BlockAt{ref, got} {
		var err error
		if units[side], err = e.units(ctx, side, byRun, places); err != nil {
			return nil, err
		}
		for _, u := range units[side] {
			often[side][u.hash]++
		}
	}
	hash := func(side, i int) uint64 { return units[side][i].hash }
	q := sequences{
		n: len(units[0]), m: len(units[1]), hash: hash,
		same: func(i, j int) bool { return hash(0, i) == hash(1, j) },
		sure: func(i int) bool { h := hash(0, i); return often[0][h] == 1 && often[1][h] == 1 },
	}
	var failed error
	numbered := false // few logs need it
	q.alike = func(i, j int) bool {
		if !numbered {
			numbered = true
			failed = errors.Join(e.takeNumbers(ctx, 0, units[0]), e.takeNumbers(ctx, 1, units[1]))
		}
		return alikeNumbers(units[0][i].numbers, units[1][j].numbers)
	}
	out := slices.Clone(got)
	beyond := int32(len(ref) + len(got)) // no piece of the reference is at such a number
	q.resync(func(i, j int) {
		if j < 0 {
			return
		}
		for k := units[1][j].from; k < units[1][j].to; k++ {
			switch {
			case i >= 0 && byRun:
				out[k][0] = ref[units[0][i].from][0]
			case i >= 0:
				out[k] = ref[units[0][i].from]
			case byRun:
				out[k][0] += beyond
			default:
				out[k][2] += beyond
			}
		}
	})
	return out, failed
}

// unit is what is aligned: pieces of a log, what their bytes hash to, and numbers by
// which another program's are known.
type unit struct {
	from, to int
	hash     uint64
	numbers  []uint64
}

// units lists the runs of a log, or its pieces.
func (e *Engine) units(ctx context.Context, side int, byRun bool, places []trace.BlockAt) ([]unit, error) {
	var out []unit
	for from := 0; from < len(places); {
		to := from + 1
		for byRun && to < len(places) && places[to][0] == places[from][0] {
			to++
		}
		out = append(out, unit{from: from, to: to})
		from = to
	}
	return out, e.eachUnit(ctx, side, out, func(u *unit, text []byte) { u.hash = maphash.Bytes(hashSeed, text) })
}

// eachUnit reads the lines of each unit.
func (e *Engine) eachUnit(ctx context.Context, side int, units []unit, take func(*unit, []byte)) error {
	var buf []byte
	c := e.index[side].Cursor()
	for i := range units {
		u := &units[i]
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if buf, err = e.opt.Sources[side].ReadSpan(buf, c.At(u.from).Off, c.End(u.to-1)); err != nil {
			return err
		}
		take(u, buf)
	}
	return nil
}

// Of the numbers of a unit those with the smallest hashes are kept, which are the same
// ones in both logs, and of them those that few other units print.
const (
	keptNumbers  = 32
	knownDigits  = 6 // that a number is known by: two programs differ behind them
	sharedByMost = 8 // a number in more than one of so many units tells nothing
)

// takeNumbers finds by which numbers the units of a log are known.
func (e *Engine) takeNumbers(ctx context.Context, side int, units []unit) error {
	often := map[uint64]int{}
	err := e.eachUnit(ctx, side, units, func(u *unit, text []byte) {
		u.numbers = longNumbers(nil, text)
		slices.Sort(u.numbers)
		u.numbers = slices.Compact(u.numbers)
		u.numbers = slices.Clone(u.numbers[:min(len(u.numbers), keptNumbers)])
		for _, h := range u.numbers {
			often[h]++
		}
	})
	for i := range units {
		units[i].numbers = slices.DeleteFunc(units[i].numbers, func(h uint64) bool { return often[h] > 1+len(units)/sharedByMost })
	}
	return err
}

// longNumbers appends hashes of the first significant digits of each number that has
// as many.
func longNumbers(out []uint64, text []byte) []uint64 {
	n, h := 0, uint64(0)
	for _, c := range text {
		switch {
		case c == '.' && n <= knownDigits: // wherever the point is: units may differ
		case c-'0' > 9:
			n, h = 0, 0
		case n == 0 && c == '0':
		default:
			if n++; n <= knownDigits {
				h = h*10 + uint64(c-'0')
			}
			if n == knownDigits {
				out = append(out, h*0x9e3779b97f4a7c15)
			}
		}
	}
	return out
}

// alikeNumbers tells whether two units share at least half of the numbers by which
// they are known, sorted.
func alikeNumbers(a, b []uint64) bool {
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			shared, i, j = shared+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return shared > 0 && 2*shared >= min(len(a), len(b))
}
