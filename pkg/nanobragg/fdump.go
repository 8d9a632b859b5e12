package nanobragg

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"

	"simtrace/pkg/sim"
)

// dumpName is the file in the working folder that the reference writes whenever
// it reads a list of structure factors, and reads where no list is named.
const dumpName = "Fdump.bin"

// WriteFdump writes structure factors in the reference's binary form: a line
// "hmin hmax kmin kmax lmin lmax", a form feed, and little-endian doubles, l
// fastest, with one plane, row and column of zeros more than the bounds say.
func WriteFdump(w io.Writer, g *sim.FGrid) error {
	lo, hi := g.Min, g.Max
	if !g.Stored(lo[0], lo[1], lo[2]) || !g.Stored(hi[0], hi[1], hi[2]) {
		return fmt.Errorf("only a part of the structure factors is at hand: %s", g.Hint)
	}
	if _, err := fmt.Fprintf(w, "%d %d %d %d %d %d\n\f", lo[0], hi[0], lo[1], hi[1], lo[2], hi[2]); err != nil {
		return err
	}
	plane := make([]byte, 0, 8*(hi[1]-lo[1]+2)*(hi[2]-lo[2]+2))
	for h := lo[0]; h <= hi[0]+1; h++ {
		plane = plane[:0]
		for k := lo[1]; k <= hi[1]+1; k++ {
			for l := lo[2]; l <= hi[2]+1; l++ {
				f := 0.0
				if g.Contains(h, k, l) {
					f = g.At(h, k, l)
				}
				plane = binary.LittleEndian.AppendUint64(plane, math.Float64bits(f))
			}
		}
		if _, err := w.Write(plane); err != nil {
			return err
		}
	}
	return nil
}

// ReadFdump reads what WriteFdump or the reference wrote. Every index within
// the bounds counts as listed, as it does for the reference. skipped reports
// that the first number begins with a byte that the reference takes for white
// space and drops, so that it would read all numbers wrong.
func ReadFdump(path string) (g *sim.FGrid, skipped bool, err error) {
	// A device could have no end.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, false, fmt.Errorf("%s: not a regular file", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, false, fileError(path, err)
	}
	head, rest, found := bytes.Cut(data, []byte("\n\f"))
	var lo, hi [3]int
	if n, _ := fmt.Sscanf(string(head), "%d %d %d %d %d %d", &lo[0], &hi[0], &lo[1], &hi[1], &lo[2], &hi[2]); !found || n != 6 || len(head) > 200 {
		return nil, false, fmt.Errorf("%s:1: not a dump of structure factors: the first line has six bounds of h, k and l", path)
	}
	numbers := 8
	for i := range lo {
		if lo[i] < -maxIndex || hi[i] > maxIndex || lo[i] > hi[i] {
			return nil, false, fmt.Errorf("%s:1: bounds %d to %d are no range of Miller indices", path, lo[i], hi[i])
		}
		if numbers > math.MaxInt32*8/(hi[i]-lo[i]+2) {
			return nil, false, fmt.Errorf("%s:1: box of Miller indices %v to %v is too large", path, lo, hi)
		}
		numbers *= hi[i] - lo[i] + 2
	}
	if len(rest) < numbers {
		return nil, false, fmt.Errorf("%s: file ends after %d of the %d bytes of structure factors", path, len(rest), numbers)
	}
	if g, err = sim.NewFGrid(lo, hi, 0); err != nil {
		return nil, false, fmt.Errorf("%s: %w", path, err)
	}
	return g, isSpace(rest[0]) || rest[0] == '\n', fillGrid(g, rest, path)
}

func fillGrid(g *sim.FGrid, raw []byte, path string) error {
	lo, hi := g.Min, g.Max
	g.Count = 1
	for i := range lo {
		g.Count *= hi[i] - lo[i] + 1
	}
	i := 0
	for h := lo[0]; h <= hi[0]+1; h++ {
		for k := lo[1]; k <= hi[1]+1; k++ {
			for l := lo[2]; l <= hi[2]+1; l++ {
				f := math.Float64frombits(binary.LittleEndian.Uint64(raw[i:]))
				i += 8
				if !g.Contains(h, k, l) {
					continue
				}
				if math.IsNaN(f) || math.IsInf(f, 0) {
					return fmt.Errorf("%s: F of %d %d %d is not a finite number", path, h, k, l)
				}
				g.Set(h, k, l, f)
			}
		}
	}
	return nil
}

// loadDump reads the dump of an earlier run where the reference would: no list
// is named, and the file lies in the working folder.
func (b *Builder) loadDump() error {
	c := &b.Config.Crystal
	if !asReference(b.Config.Profile) || b.HKLFile != "" || c.F != nil {
		return nil
	}
	if info, err := os.Stat(dumpName); err != nil || info.IsDir() {
		return nil
	}
	g, skipped, err := ReadFdump(dumpName)
	if err != nil {
		return err
	}
	if skipped {
		b.warn("%s: the reference drops the first byte of its numbers, which looks like white space, and reads all of them wrong", dumpName)
	}
	b.warn("no -hkl: the structure factors are those of %s in the working folder, whatever run left it there", dumpName)
	b.dumpRead = true
	c.F = g
	return nil
}
