package trace

// trail notes how lines of any program's log were read: where their numbers stand
// and what became of them. A layout is made of it.
type trail struct {
	lines []trailLine
	// rigid is set where more than the words around the numbers decided: where they
	// stand, which rank printed them, that the line is JSON.
	rigid bool
}

// trailLine is a line as it was read.
type trailLine struct {
	number int    // of the line, from 1
	prefix int    // bytes that loggers put before it
	body   string // the rest, with blanks for dates and times of day
	row    bool   // it has numbers alone
	fixed  bool   // its numbers end where they do, below the names of a header
	taken  []takenNumber
}

// takenNumber is a number that was taken for something.
type takenNumber struct {
	from, to int // within the body
	as       taken
}

// taken is what a number was taken for.
type taken uint8

const (
	asValue   taken = iota
	asVaried        // left out, because it varies by run
	asCounter       // of the outermost key; those of the other keys follow
)

// counterAt is what a counter of the key at this depth was taken for.
func counterAt(depth int) taken { return asCounter + taken(depth) }

func (t *textReader) noteLine(number, prefix int, rank int32) {
	if l := t.trail; l != nil {
		l.lines = append(l.lines, trailLine{number: number, prefix: prefix})
		l.rigid = l.rigid || rank >= 0
	}
}

// noteBody is told of the line as its numbers are looked for in it.
func (t *textReader) noteBody(s string) {
	if l := t.trail; l != nil {
		l.lines[len(l.lines)-1].body = s
	}
}

func (t *textReader) noteRow() {
	if l := t.trail; l != nil {
		l.lines[len(l.lines)-1].row = true
	}
}

func (t *textReader) noteTaken(list []numberAt, as taken) {
	if t.trail == nil {
		return
	}
	l := &t.trail.lines[len(t.trail.lines)-1]
	for _, x := range list {
		l.taken = append(l.taken, takenNumber{x.from, x.to, as})
	}
}

// noteFixed says that the line is read by where its numbers end.
func (t *textReader) noteFixed() {
	if t.trail != nil {
		t.trail.lines[len(t.trail.lines)-1].fixed = true
	}
}

// noteRigid says that the line is read by more than its words.
func (t *textReader) noteRigid() {
	if t.trail != nil {
		t.trail.rigid = true
	}
}
