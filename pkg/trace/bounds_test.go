package trace

import (
	"fmt"
	"io"
	"math/rand"
	"runtime"
	"strings"
	"testing"
)

// generated is a log of n parts, made while it is read.
type generated struct {
	n, i int
	part func(i int) string
	left string
}

func (g *generated) Read(p []byte) (int, error) {
	for g.left == "" {
		if g.i == g.n {
			return 0, io.EOF
		}
		g.left = g.part(g.i)
		g.i++
	}
	n := copy(p, g.left)
	g.left = g.left[n:]
	return n, nil
}

// TestMemoryIsBounded reads logs of 10 MB and more record by record, and looks at
// what the reader still holds at the end.
func TestMemoryIsBounded(t *testing.T) {
	_, block, _ := strings.Cut(readFileString(t, "testdata/supervisor.log"), "fpixel=1039)\n")
	for _, c := range []struct {
		name string
		n    int
		part func(i int) string
	}{
		{"pixels", 4000, func(i int) string {
			return fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n%s", i/97, i%97, block)
		}},
		{"no pixel named", 4000, func(int) string { return block }},
		{"rows of one pixel", 300000, func(i int) string { return fmt.Sprintf("TRACE_C_PHI phi_tic=%d k_frac=1 F_latt=2\n", i) }},
		{"garbled lines", 300000, func(i int) string { return fmt.Sprintf("TRACE_C: F_cell 1.2.%d the line is broken\n", i) }},
		{"keys", 300000, func(i int) string { return fmt.Sprintf("TRACE_C:key_number_%d=1 2 3\n", i) }},
		{"notes", 300000, func(i int) string { return fmt.Sprintf("TRACE: note number %d, another each time\n", i) }},
		{"tags", 300000, func(i int) string { return fmt.Sprintf("TRACE_C_TAG%d: key 1\n", i) }},
		{"crashes", 30000, func(i int) string { return fmt.Sprintf("Traceback (most recent call last):\nKeyError: %d\n", i) }},
		{"pixels of few records", 150000, func(i int) string {
			return fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\nTRACE_C: F_cell 1\n", i/2527, i%2527)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := heap()
			r := NewReader(&generated{n: c.n, part: c.part}, "g.log")
			records := 0
			for {
				if _, err := r.Next(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				records++
			}
			held := heap() - before
			t.Logf("%d records of %d bytes, %d KiB held", records, r.src.bytes, held>>10)
			// The largest table has 2^20 slots of 40 bytes.
			if held > 64<<20 {
				t.Errorf("%d MiB are held after %d MiB were read", held>>20, r.src.bytes>>20)
			}
			runtime.KeepAlive(r)
		})
	}
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func TestProblemsAreCounted(t *testing.T) {
	const n = MaxProblems + 5
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "TRACE_C: F_cell 1.2.%d\n", i)
	}
	b.WriteString("Traceback (most recent call last):\nKeyError: 5\nTRACE_C: F_cel")
	log := readString(t, b.String())
	if len(log.Problems) != MaxProblems+2 || log.Unlisted != (ProblemCounts{Unparsed: 5}) {
		t.Errorf("%d listed, %v not", len(log.Problems), log.Unlisted)
	}
	for kind, want := range (ProblemCounts{Unparsed: n, Truncated: 1, Traceback: 1}) {
		if got := log.Count(ProblemKind(kind)); got != want {
			t.Errorf("%s: %d, want %d", ProblemKind(kind), got, want)
		}
	}
	if p := log.Problems[MaxProblems]; p.Why != "KeyError: 5" {
		t.Errorf("the crash is listed as %+v", p)
	}
	if twice := Join("twice", log, log); twice.Count(Unparsed) != 2*n {
		t.Errorf("joined: %d", twice.Count(Unparsed))
	}
}

// TestCrashesAreCounted: a crash that is not listed any more must not name the
// one listed last.
func TestCrashesAreCounted(t *testing.T) {
	var b strings.Builder
	for i := range MaxProblems + 3 {
		fmt.Fprintf(&b, "Traceback (most recent call last):\nKeyError: %d\n", i)
	}
	log := readString(t, b.String())
	last := log.Problems[len(log.Problems)-1]
	if want := fmt.Sprint("KeyError: ", MaxProblems-1); last.Why != want || log.Unlisted[Traceback] != 3 {
		t.Errorf("%+v, %v not listed; want %s", last, log.Unlisted, want)
	}
}

// TestForgetting: a log of more places than are kept still hands out records
// that differ from one another.
func TestForgetting(t *testing.T) {
	p := newPlace()
	n, other := &name{id: 1}, &name{id: 2}
	at := func(slow, sub int) *Record {
		return &Record{Stream: PixelStream, At: Where{slow, 0, -1, sub, -1, -1, -1}}
	}
	type id struct{ slow, sub, occur int }
	seen := map[id]bool{}
	add := func(slow, sub int) {
		o := id{slow, sub, p.count(at(slow, sub), n)}
		if seen[o] {
			t.Fatalf("%+v comes twice", o)
		}
		seen[o] = true
	}
	rng := rand.New(rand.NewSource(5))
	for i := range 2 * maxOccurrences {
		add(i%3, i)
		add(rng.Intn(3), rng.Intn(50))
	}
	loose := map[int]bool{}
	for i := range 2 * maxOccurrences {
		p.count(at(0, i+7), other)
		if i%1000 == 0 {
			k := p.count(&Record{Stream: SetupStream, At: Nowhere}, n)
			if loose[k] {
				t.Fatalf("loose count %d comes twice", k)
			}
			loose[k] = true
		}
	}
	if p.numbers.n > maxOccurrences {
		t.Errorf("%d places are kept", p.numbers.n)
	}
}

// TestVisits holds the bits against a plain map.
func TestVisits(t *testing.T) {
	rng := rand.New(rand.NewSource(6))
	var v visits
	plain := map[[2]int]int{}
	for range 20000 {
		p := [2]int{rng.Intn(5) - 1, rng.Intn(300) - 1}
		if got := v.get(p); got != plain[p] {
			t.Fatalf("%v: %d, want %d", p, got, plain[p])
		}
		if rng.Intn(2) == 0 {
			plain[p] += rng.Intn(3)
			v.set(p, plain[p])
		}
	}
}

// TestOccurrencesDiffer: every coordinate counts, and nothing else does.
func TestOccurrencesDiffer(t *testing.T) {
	type id struct {
		stream Stream
		name   uint64
		at     Where
	}
	rng := rand.New(rand.NewSource(7))
	table, numbers, back := newOccurrences(), map[id]int{}, map[int]id{}
	for range 100000 {
		x := id{Stream(rng.Intn(3)), uint64(rng.Intn(4)), Where{0, 0, rng.Intn(4) - 1, rng.Intn(9) - 1, rng.Intn(4) - 1, rng.Intn(4) - 1, rng.Intn(9) - 1}}
		n := table.number(occurrenceOf(&Record{Stream: x.stream, At: x.at}, &name{id: x.name}))
		if was, ok := numbers[x]; ok && was != n {
			t.Fatalf("%+v is %d and %d", x, was, n)
		}
		if other, ok := back[n]; ok && other != x {
			t.Fatalf("%+v and %+v are both %d", x, other, n)
		}
		numbers[x], back[n] = n, x
	}
	if table.n != len(numbers) {
		t.Errorf("%d numbers for %d places", table.n, len(numbers))
	}
}
