package trace

import (
	"bytes"
	"strings"
	"unsafe"

	"simtrace/pkg/trace/schema"
)

// line looks at one line of the log, which stands where begins says, and tells
// whether a block begins with it, or with lines right before it: begins is then
// where.
func (s *scanner) line(b []byte, begins *Piece) (ok bool) {
	s.isTrace = false
	switch {
	case s.reader != nil:
		return s.textLine(b, begins)
	case s.form != nil:
		return s.formLine(b, begins)
	case s.plain:
		return s.part(b, begins)
	}
	for rest := b; ; {
		part := rest
		i := bytes.IndexByte(rest, '\r')
		if i >= 0 {
			part, rest = rest[:i], rest[i+1:]
		}
		ok = s.part(part, begins) || ok
		if i < 0 {
			return ok
		}
	}
}

// scanShape is the beginning of a trace line, "TRACE_C: F_cell ", and the one that
// came behind it last time: blocks are alike, and what is expected is compared and
// not looked up.
type scanShape struct {
	prefix []byte
	name   *name // of a quantity of the schema; nil for a line of another kind
	next   *scanShape
}

// expect notes a line that begins like this.
func (s *scanner) expect(b []byte, n int, of *name) {
	sh := s.names.shapes[string(b[:n])]
	if sh == nil {
		sh = &scanShape{prefix: bytes.Clone(b[:n]), name: of}
		s.names.shapes[string(sh.prefix)] = sh
	}
	if s.last != nil {
		s.last.next = sh
	}
	s.last = sh
}

// part is line for what stands between carriage returns.
func (s *scanner) part(b []byte, begins *Piece) bool {
	if s.last != nil && s.last.next != nil && bytes.HasPrefix(b, s.last.next.prefix) {
		s.last = s.last.next
		s.isTrace = true
		if s.last.name == nil {
			return s.pixelLine(begins)
		}
		if !s.marks.points {
			s.marks.see(string(b[len(s.last.prefix)-1:]))
		}
		return s.known(s.last.name, begins)
	}
	if bytes.HasPrefix(b, []byte(jsonStart)) {
		s.isTrace = true
		return s.jsonLine(b, begins)
	}
	i := 0
	if !bytes.HasPrefix(b, []byte("TRACE")) {
		i = bytes.Index(b, []byte("TRACE"))
	}
	if i < 0 {
		return s.announced(b, begins)
	}
	// The text is looked at and not kept.
	text := unsafe.String(unsafe.SliceData(b[i:]), len(b)-i)
	n := tagLen(text)
	if n == 0 || !s.traceBegins(b[:i], text) {
		return s.announced(b, begins)
	}
	t := s.names.tag(text[:n])
	switch t.form {
	case noteForm, configForm, narrowForm:
		s.isTrace = i == 0 || t.form == configForm
		return s.announced(b, begins)
	case blockForm:
		return s.quantity(b, i, text[n:], begins)
	}
	if !t.followedBy(text[n:]) {
		return s.announced(b, begins) // a shell variable, a word of prose
	}
	s.isTrace = true
	if t.form == phiForm && i == 0 && n < len(b) {
		s.expect(b, n+1, nil)
	}
	return s.pixelLine(begins)
}

// traceBegins tells whether what begins with a tag, behind something else of its
// line, is a trace to the reader as well: prose and source code mention tags.
func (s *scanner) traceBegins(before []byte, text string) bool {
	if len(bytes.TrimLeft(before, " \t")) == 0 {
		return true
	}
	return mayPrecede(unsafe.String(unsafe.SliceData(before), len(before))) && s.names.readsAsQuantity(text)
}

// announced begins the pixel that a line names, if it names one.
func (s *scanner) announced(b []byte, begins *Piece) bool {
	i := bytes.Index(b, []byte("ixel ("))
	if i < 0 {
		return false
	}
	slow, fast, ok := announced(string(b[i:min(len(b), i+100)]))
	if !ok || slow > 1<<30 || fast > 1<<30 {
		return false
	}
	at := BlockAt{s.run, shifted(int32(slow), s.shift[schema.Slow]), shifted(int32(fast), s.shift[schema.Fast])}
	s.named = true
	if s.at == at && !s.used {
		return false
	}
	return s.begin(at, begins)
}

func (s *scanner) begin(at BlockAt, begins *Piece) bool {
	s.at, s.used, s.closed, s.seenClosed = at, false, false, keySet{}
	begins.At = at
	return true
}

// quantity looks at what stands behind the tag of a setup or pixel line.
func (s *scanner) quantity(b []byte, at int, text string, begins *Piece) bool {
	if text == "" || text[0] != ':' {
		return false
	}
	s.isTrace = true
	s.marks.see(text)
	key, _, _ := splitKey(text[1:])
	if key == "" {
		return false
	}
	n := s.names.get(key)
	if !n.known() {
		s.used = true
		return false
	}
	if end := len(b) - len(text) + len(": ") + len(key); at == 0 && n.text == key && strings.HasPrefix(text, ": ") && end < len(b) && b[end] == ' ' && string(b[end-len(key):end]) == key {
		s.expect(b, end+1, n)
	}
	return s.known(n, begins)
}

// known takes a quantity of the schema into account.
func (s *scanner) known(n *name, begins *Piece) bool {
	switch n.info.Scope {
	case schema.PerRun:
		return s.setupLine(n.block, begins)
	case schema.PerSample:
		if s.closed && !s.named {
			return s.nextUnnamed(begins)
		}
		s.closed = false
	case schema.PerPixel:
		if s.seenClosed.has(n.block) && !s.named {
			ok := s.nextUnnamed(begins)
			s.seenClosed.add(n.block)
			s.closed = true
			return ok
		}
		ok := s.pixelLine(begins)
		s.seenClosed.add(n.block)
		s.closed = true
		return ok
	}
	return s.pixelLine(begins)
}

// nextUnnamed begins another pixel that the log does not name.
func (s *scanner) nextUnnamed(begins *Piece) bool {
	s.unnamed++
	s.begin(BlockAt{s.run, -1, s.unnamed}, begins)
	s.used, s.content = true, true
	return true
}

// pixelLine takes a line of a pixel into account: the first of a run that names
// none begins one.
func (s *scanner) pixelLine(begins *Piece) bool {
	begun := false
	if s.at.Setup() {
		begun = s.begin(BlockAt{s.run, -1, 0}, begins)
	}
	s.used, s.content = true, true
	return begun
}

// setupLine takes a quantity of the setup into account. One that comes again
// when the run had pixels begins another run.
func (s *scanner) setupLine(k schema.Key, begins *Piece) bool {
	if !s.content || !s.seen.has(k) {
		s.seen.add(k)
		s.used = s.used || !s.at.Setup()
		return false
	}
	s.run++
	at := setupAt(s.run)
	if s.used || !s.at.Named() {
		begins.Off, begins.Line = s.traceEnd, s.traceLine
	} else {
		// The pixel was named before its run's setup.
		at = BlockAt{s.run, s.at[1], s.at[2]}
	}
	s.seen, s.content, s.unnamed = keySet{}, false, 0
	s.named = at.Named()
	s.seen.add(k)
	return s.begin(at, begins)
}

// jsonLine looks at a JSON line.
func (s *scanner) jsonLine(b []byte, begins *Piece) bool {
	if rest, ok := jsonField(b, `"pixel"`, '['); ok {
		slow, rest, ok1 := leadingInt(rest, ',')
		fast, _, ok2 := leadingInt(rest, ']')
		if !ok1 || !ok2 {
			return false
		}
		at := BlockAt{s.run, shifted(slow, s.shift[schema.Slow]), shifted(fast, s.shift[schema.Fast])}
		s.named, s.content = true, true
		begun := s.at != at && s.begin(at, begins)
		s.used = true
		return begun
	}
	rest, ok := jsonField(b, `"key"`, '"')
	end := bytes.IndexByte(rest, '"')
	if !ok || end < 0 {
		return false
	}
	if n := s.names.get(unsafe.String(unsafe.SliceData(rest), end)); n.known() && n.info.Scope == schema.PerRun {
		return s.setupLine(n.block, begins)
	}
	return false
}

// jsonField returns what stands behind the key, its colon and the byte that opens
// its value, with or without blanks between them.
func jsonField(b []byte, key string, opens byte) (rest []byte, ok bool) {
	for {
		i := bytes.Index(b, []byte(key))
		if i < 0 {
			return nil, false
		}
		b = b[i+len(key):]
		rest = bytes.TrimLeft(b, " \t")
		if len(rest) == 0 || rest[0] != ':' {
			continue // the word is a value
		}
		rest = bytes.TrimLeft(rest[1:], " \t")
		return rest[min(1, len(rest)):], len(rest) > 0 && rest[0] == opens
	}
}

// leadingInt reads an integer of at least 0 up to a byte.
func leadingInt(b []byte, end byte) (v int32, rest []byte, ok bool) {
	for i, c := range b {
		switch {
		case c == ' ':
		case c-'0' <= 9 && v < 1<<26:
			v, ok = v*10+int32(c-'0'), true
		case c == end:
			return v, b[i+1:], ok
		default:
			return 0, nil, false
		}
	}
	return 0, nil, false
}

// decimalMarks tells what mark a log puts before decimals.
type decimalMarks struct {
	points bool // a number has a point
	lists  bool // commas part the numbers of a list
	always bool // a separator stands beside them that is no comma
	commas int
}

// see looks at the numbers of a line, as long as they can matter.
func (m *decimalMarks) see(s string) {
	if m.points {
		return
	}
	depth, commas, last := 0, 0, -10
	for i := 1; i+1 < len(s); i++ {
		switch s[i] {
		case '.':
			if s[i-1]-'0' <= 9 || s[i+1]-'0' <= 9 {
				m.points = true
				return
			}
		case '[', '(':
			depth++
		case ']', ')':
			depth--
		case ';', '\t':
			m.always = m.always || commas > 0
		case ',':
			if s[i-1]-'0' > 9 || s[i+1]-'0' > 9 {
				continue
			}
			m.lists = m.lists || depth > 0 || onlyDigits(s, last+1, i) && last > 0
			commas++
			last = i
		}
	}
	m.commas += commas
}

// onlyDigits tells whether s has nothing but digits from one index to another.
func onlyDigits(s string, from, to int) bool {
	for i := max(from, 0); i < to; i++ {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// comma reports whether a comma between two digits is a decimal mark.
func (m *decimalMarks) comma() bool {
	return m.commas > 0 && !m.points && (m.always || !m.lists)
}
