package diff

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// The judge compares two logs of nanoBragg by the documented rules, record
// against record, and looks at everything as often as it likes. It shares
// nothing with the engine but the reader, and the engine is held to it. What it
// does not know, see judged, it is not asked.
type judge struct {
	schema  *schema.Schema
	logs    [2]*trace.Log
	partner [2]map[*trace.Symbol]*trace.Symbol // stand-ins
	aligned bool                               // pixels are brought together by what they print, see TestUnnamedPixels
	byPixel bool                               // a pixel is itself in whatever run, since none is in two
	byRun   bool                               // a run has one pixel at most, and all of it is one block
	blocks  [2]map[[3]int32]bool
	pixelOf [2]map[int32][2]int32 // by run, where it has one
}

// ruling is what is said of a pair of records, or of one without a partner.
type ruling struct {
	Name     string
	Ref, Got int // lines; 0 for none
	Status   Status
	Lost     bool
	Open     bool // whether it is lost is not known
	Abs, Rel float64
}

func newJudge(logs [2]*trace.Log) *judge {
	j := &judge{schema: schema.NanoBragg(), logs: logs, byPixel: true, byRun: true}
	runs := [2]map[[2]int32]int32{{}, {}}
	var named [2]bool
	for side, l := range logs {
		j.pixelOf[side], j.blocks[side] = map[int32][2]int32{}, map[[3]int32]bool{}
		for i := range l.Records {
			at := place(&l.Records[i])
			px := [2]int32{at[1], at[2]}
			if px[1] < 0 {
				continue
			}
			before, ok := j.pixelOf[side][at[0]]
			j.byRun = j.byRun && (!ok || before == px)
			run, twice := runs[side][px]
			j.byPixel = j.byPixel && !(twice && run != at[0])
			named[side] = named[side] || px[0] >= 0
			j.pixelOf[side][at[0]], runs[side][px] = px, at[0]
		}
	}
	common := false
	for px := range runs[0] {
		_, ok := runs[1][px]
		common = common || ok
	}
	j.byPixel = j.byPixel && common && named[0] && named[1]
	// Which of several pixels without names is too much is the engine's choice.
	several := max(len(runs[0]), len(runs[1]), len(j.pixelOf[0]), len(j.pixelOf[1])) > 1
	j.aligned = several && !named[0] && !named[1]
	for side, l := range logs {
		for i := range l.Records {
			j.blocks[side][j.block(side, &l.Records[i])] = true
		}
	}
	j.standIns()
	return j
}

// place is run, slow and fast; the pixel of a run that names none is its first.
func place(r *trace.Record) [3]int32 {
	at := [3]int32{r.At[schema.Run], r.At[schema.Slow], r.At[schema.Fast]}
	if at[1] < 0 && at[2] < 0 && r.Stream != trace.SetupStream && r.Stream != trace.NoteStream {
		at[2] = 0
	}
	return at
}

// block is where the lines of a record belong.
func (j *judge) block(side int, r *trace.Record) [3]int32 {
	at := place(r)
	px, has := j.pixelOf[side][at[0]]
	switch {
	case j.byRun && j.byPixel && has:
		return [3]int32{0, px[0], px[1]}
	case j.byRun && !j.byPixel:
		return [3]int32{at[0], -1, -1}
	case !j.byRun && j.byPixel && at[2] >= 0:
		at[0] = 0
	}
	return at
}

// standIns pairs quantities that one log alone prints, the nearest in value first.
func (j *judge) standIns() {
	j.partner = [2]map[*trace.Symbol]*trace.Symbol{{}, {}}
	for {
		var best [2]*trace.Symbol
		var least []float64
		for _, r := range j.logs[0].Records {
			for _, g := range j.logs[1].Records {
				rank, ok := j.schema.SameAs(r.Key, g.Key)
				if !ok || j.first(1, r.Symbol) != nil || j.first(0, g.Symbol) != nil || j.partner[0][r.Symbol] != nil || j.partner[1][g.Symbol] != nil {
					continue
				}
				m := apart(j.first(0, r.Symbol), j.first(1, g.Symbol))
				if math.IsNaN(m.rel) {
					m.rel = math.Inf(1)
				}
				if d := []float64{m.rel, float64(rank), float64(r.Key) + float64(g.Key)}; least == nil || slices.Compare(d, least) < 0 {
					best, least = [2]*trace.Symbol{r.Symbol, g.Symbol}, d
				}
			}
		}
		if least == nil {
			return
		}
		j.partner[0][best[0]], j.partner[1][best[1]] = best[1], best[0]
	}
}

// first is the first record of a quantity; nil for none.
func (j *judge) first(side int, s *trace.Symbol) *trace.Record {
	i := slices.IndexFunc(j.logs[side].Records, func(r trace.Record) bool { return r.Symbol == s })
	if i < 0 {
		return nil
	}
	return &j.logs[side].Records[i]
}

// same is the reference's symbol for one of either log.
func (j *judge) same(side int, s *trace.Symbol) *trace.Symbol {
	if p := j.partner[1][s]; side == 1 && p != nil {
		return p
	}
	return s
}

// identity is the quantity, the block, and the inner coordinates that both logs
// tell of the quantity.
func (j *judge) identity(side int, r *trace.Record) string {
	s, at := j.same(side, r.Symbol), r.At
	var tells [2][schema.MaxIndex]bool
	for k, l := range j.logs {
		for i := range l.Records {
			if j.same(k, l.Records[i].Symbol) == s {
				for c, v := range l.Records[i].At {
					tells[k][c] = tells[k][c] || v >= 0
				}
			}
		}
	}
	for c := range at {
		if c <= schema.Fast || j.both(s) && !(tells[0][c] && tells[1][c]) {
			at[c] = -1
		}
	}
	return fmt.Sprintf("%p %v %v", s, j.block(side, r), at)
}

// both tells whether both logs print a quantity, or what stands in for it.
func (j *judge) both(s *trace.Symbol) bool {
	return j.partner[0][s] != nil || j.first(0, s) != nil && j.first(1, s) != nil
}

// rule pairs the records of each identity, the k-th with the k-th, and rules on
// all of them. Where a log has more than the other, which one is too much is not
// said: free lists such identities.
func (j *judge) rule(tolerance float64) (out []ruling, free map[string]bool) {
	list := map[string]*[2][]*trace.Record{}
	for side, l := range j.logs {
		for i := range l.Records {
			id := j.identity(side, &l.Records[i])
			if list[id] == nil {
				list[id] = &[2][]*trace.Record{}
			}
			list[id][side] = append(list[id][side], &l.Records[i])
		}
	}
	free = map[string]bool{}
	for id, both := range list {
		ref, got := both[0], both[1]
		switch {
		case len(ref) == len(got):
			for k := range ref {
				out = append(out, measured(ref[k], got[k], tolerance))
			}
		case len(ref) > 0 && len(got) > 0:
			free[id] = true
		default:
			for side, records := range both {
				for k, r := range records {
					lost, known := j.lost(1-side, r)
					again := k > 0 && sameText(records[k-1], r) && !j.gone(1-side, r)
					out = append(out, alone(side, r, lost && !again, known || again))
				}
			}
		}
	}
	return out, free
}

func alone(side int, r *trace.Record, lost, known bool) ruling {
	x := ruling{Name: r.Name, Status: Missing, Lost: lost, Open: !known, Abs: math.NaN(), Rel: math.NaN()}
	if side == 0 {
		x.Ref = r.Line
	} else {
		x.Got = r.Line
	}
	return x
}

// distances are what is measured between two records.
type distances struct {
	abs, rel            float64
	partners, notFinite bool // each component has one; some is no number in either log
}

// apart measures got - ref of the component that differs most, and its size over
// that of the vector, or of the larger number.
func apart(ref, got *trace.Record) distances {
	out := distances{abs: math.NaN(), rel: math.NaN(), partners: len(ref.Values) == len(got.Values)}
	vector := ref.Symbol.Info == nil && ref.Stream == trace.NoteStream && len(ref.Values) >= 3 && ref.Values[0].Name+ref.Values[1].Name+ref.Values[2].Name == ""
	if q := ref.Symbol.Info; q != nil {
		vector = len(ref.Values) > 1 && (q.Kind == schema.Vec3 || q.Kind == schema.Int3 || q.Kind == schema.Mat3)
	}
	size := max(length(ref), length(got))
	for i, r := range ref.Values {
		k := i
		if r.Name != "" || i >= len(got.Values) || got.Values[i].Name != "" {
			k = slices.IndexFunc(got.Values, func(v trace.Value) bool { return r.Name != "" && v.Name == r.Name })
		}
		if out.partners = out.partners && k >= 0; !out.partners {
			return distances{abs: math.NaN(), rel: math.NaN()}
		}
		g, by := got.Values[k], size
		if !vector || r.Name != "" {
			by = max(math.Abs(r.Num), math.Abs(g.Num))
		}
		d := g.Num - r.Num
		x := math.Abs(d) / by
		switch {
		case r.Num == g.Num || math.IsNaN(r.Num) && math.IsNaN(g.Num):
			d, x = 0, 0
		case !finite(r.Num) || !finite(g.Num):
			d, x = math.NaN(), math.Inf(1)
		case !finite(d):
			x = math.Abs(g.Num/by - r.Num/by)
		}
		out.notFinite = out.notFinite || !finite(r.Num) && !finite(g.Num)
		if math.IsNaN(out.rel) || x > out.rel {
			out.abs, out.rel = d, x
		}
	}
	return out
}

// length is the norm of the nameless finite components.
func length(r *trace.Record) float64 {
	n := 0.0
	for _, v := range r.Values {
		if v.Name == "" && finite(v.Num) {
			n = math.Hypot(n, v.Num)
		}
	}
	return n
}

// measured rules on a pair.
func measured(ref, got *trace.Record, tolerance float64) ruling {
	q, m := ref.Symbol.Info, apart(ref, got)
	x := ruling{Name: ref.Name, Ref: ref.Line, Got: got.Line, Abs: m.abs, Rel: m.rel}
	words := func(r *trace.Record) bool { return len(r.Values) == 0 }
	truth := func(r *trace.Record) bool {
		return slices.Contains(strings.Fields("t f true false yes no on off"), strings.ToLower(r.Text))
	}
	switch {
	case words(ref) != words(got) || words(ref) && q != nil && q.Kind != schema.Text && !(truth(ref) && truth(got)):
		x.Status = Missing // a word stands for a number
	case words(ref) && ref.Text == got.Text:
		x.Abs, x.Rel = 0, 0
	case words(ref):
		x.Status = Critical
	case !m.partners:
		x.Status, x.Lost = Missing, true
	case m.rel <= tolerance && m.notFinite:
		x.Status = NotFinite
	case m.rel <= tolerance && (m.rel == 0 || q == nil || q.Kind != schema.Int && q.Kind != schema.Int3):
	case m.rel < 1e-4:
		x.Status = Minor // and integers that differ at all
	case m.rel < 1e-2:
		x.Status = Divergent
	default:
		x.Status = Critical
	}
	return x
}
