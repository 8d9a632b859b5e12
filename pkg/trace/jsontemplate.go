package trace

import (
	"math"
	"strings"

	"simtrace/pkg/trace/schema"
)

// jsonTemplate is a JSON line with holes for its numbers: another one like it is the same
// record with other numbers. It is a private way of the Reader to be fast, which tests
// hold to the parser.
type jsonTemplate struct {
	template
	roles  []int // by hole: which coordinate the number is, or isValue
	record Record
	next   *jsonTemplate // of the line that came behind one like this
}

// isValue is a number that is none of the coordinates.
const isValue = -1

// jsonTemplates are those of a reader.
type jsonTemplates struct {
	list  []*jsonTemplate
	last  *jsonTemplate // of the line before
	holes []jsonHole    // of a line that may be learnt
	spans []span        // room
	known int           // lines that had a template
	other int           // lines that had none
}

// jsonHole is where a number of a line stands.
type jsonHole struct {
	span
	role int
}

// maxJSONTemplates is how many lines are learnt. A log whose lines are hardly any of
// those is parsed.
const maxJSONTemplates = 64

// useful tells whether enough lines are known ones.
func (j *jsonTemplates) useful() bool { return j.other <= 4*maxJSONTemplates+j.known/4 }

// learns tells whether another line may be learnt.
func (j *jsonTemplates) learns() bool { return len(j.list) < maxJSONTemplates && j.useful() }

// note notes a number that ends here; of a coordinate the role is that.
func (p *jsonParser) note(from, role int) {
	if p.holes != nil {
		*p.holes = append(*p.holes, jsonHole{span{int32(from), int32(p.i)}, role})
	}
}

// knownJSON reads a line of a known template; false for another.
func (r *Reader) knownJSON(line string) bool {
	j := &r.jsons
	if j.last != nil && j.last.next != nil && r.readJSONAs(j.last.next, line) {
		j.last = j.last.next
		j.known++
		return true
	}
	if !j.useful() {
		return false
	}
	for _, k := range j.list {
		if r.readJSONAs(k, line) {
			if j.last != nil {
				j.last.next = k
			}
			j.last = k
			j.known++
			return true
		}
	}
	if len(j.list) > 0 {
		j.other++
	}
	return false
}

// readJSONAs reads a line as one of a template; false where it is none.
func (r *Reader) readJSONAs(k *jsonTemplate, line string) (ok bool) {
	j := &r.jsons
	if j.spans, ok = k.match(line, j.spans[:0]); !ok {
		return false
	}
	at, vs := schema.Nowhere, r.scratch()
	for i, x := range j.spans {
		text := line[x.from:x.to]
		if role := k.roles[i]; role != isValue {
			n, ok := plainInt(text)
			if !ok || n > math.MaxInt32 {
				return false
			}
			at[role] = shifted(int32(n), r.opt.Shift[role])
			continue
		}
		vs = append(vs, Value{Name: k.record.Values[len(vs)].Name, Num: numberOf(text), Text: text})
	}
	at[schema.Run] = r.place.at[schema.Run]
	r.block.TraceLines++
	r.recordLike(&k.record, at, vs)
	return true
}

// learnJSON makes a template of a line that was just read as a record. One without a
// place is of the setup, and does not come again.
func (r *Reader) learnJSON(line string, rec *Record) {
	j := &r.jsons
	k := &jsonTemplate{record: *rec.Clone()}
	at, values := int32(0), 0
	for _, h := range j.holes {
		if plainEnd(line, int(h.from)) != int(h.to) {
			return
		}
		k.literals = append(k.literals, newLiteral(strings.Clone(line[at:h.from]), false))
		k.roles = append(k.roles, h.role)
		if at = h.to; h.role == isValue {
			values++
		}
	}
	k.literals = append(k.literals, newLiteral(strings.Clone(line[at:]), false))
	if values != len(rec.Values) || values == 0 || values == len(j.holes) || rec.Stream == NoteStream {
		return
	}
	if j.list = append(j.list, k); j.last != nil {
		j.last.next = k
	}
	j.last = k
}
