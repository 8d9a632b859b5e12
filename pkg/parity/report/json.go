package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// MetricsSchema names the form of metrics.json. It is the first thing in the
// file.
const MetricsSchema = "simtrace/tracecmp-metrics/2"

// JSON writes the report for programs: the keys that the port's own scripts
// read, and what they do not know. abs_delta is py - c; rel_delta is abs_delta
// over |c|, or over the norm of the reference's vector, and null where that is
// 0; rel is the relative difference that the status comes from.
func JSON(w io.Writer, r *parity.Report) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(metricsOf(r))
}

type metrics struct {
	Schema          string            `json:"schema"`
	Verdict         parity.Verdict    `json:"verdict"`
	Headline        string            `json:"headline"`
	ReadAs          string            `json:"read_as,omitempty"`
	Varied          []variedJSON      `json:"varied"`
	Reasons         []string          `json:"reasons"`
	Tolerance       float64           `json:"tolerance_rel"`
	Smallest        delta             `json:"smallest_tolerance_rel"`
	FirstDivergence *string           `json:"first_divergence"`
	NumDivergent    int               `json:"num_divergent"`
	Counts          counts            `json:"counts"`
	RowsTotal       int               `json:"rows_total"`
	RowsListed      int               `json:"rows_listed"`
	Coverage        coverage          `json:"coverage"`
	Waivers         []waiverJSON      `json:"waivers"`
	Roots           []root            `json:"roots"`
	Causes          []cause           `json:"causes"`
	Notes           []cause           `json:"notes"`
	RuledOut        []ruledOut        `json:"ruled_out"`
	Findings        []finding         `json:"findings"`
	Residue         []string          `json:"residue"`
	Growth          *growthJSON       `json:"growth,omitempty"`
	PerPhi          []phiTable        `json:"per_phi"`
	Problems        []problem         `json:"problems"`
	Summary         *summaryJSON      `json:"summary,omitempty"`
	Order           []string          `json:"order"`
	Factors         map[string]factor `json:"factors"`
}

type counts struct {
	Matched     int `json:"matched"`
	Diverged    int `json:"diverged"`
	Missing     int `json:"missing"`
	Waived      int `json:"waived"`
	Unparsed    int `json:"unparsed"`
	Total       int `json:"total"`
	Lost        int `json:"missing_lost"`
	Unpaired    int `json:"missing_unpaired"`
	Placeholder int `json:"missing_placeholder"`
	Unresolved  int `json:"missing_unresolved"`
	NotFinite   int `json:"not_finite"`
}

// variedJSON counts numbers that were not compared because they differ on every
// run.
type variedJSON struct {
	Name string `json:"name"`
	C    int    `json:"c"`
	Py   int    `json:"py"`
}

func variedOf(r *parity.Report) []variedJSON {
	out := []variedJSON{}
	for _, v := range r.Varied {
		out = append(out, variedJSON{v.Name, v.Ref, v.Got})
	}
	return out
}

// coverage says how much of the logs was compared.
type coverage struct {
	Results       int  `json:"results"`
	Agreeing      int  `json:"results_agreeing"`
	Common        int  `json:"blocks_common"`
	OnlyC         int  `json:"blocks_only_c"`
	OnlyPy        int  `json:"blocks_only_py"`
	WithoutResult int  `json:"blocks_without_result"`
	Inner         bool `json:"no_results_printed"`
}

type factor struct {
	Description string  `json:"description,omitempty"`
	C           any     `json:"c_value"`
	Py          any     `json:"py_value"`
	Abs         delta   `json:"abs_delta"`
	RelToC      delta   `json:"rel_delta"`
	Status      string  `json:"status"`
	Rel         delta   `json:"rel"`
	Local       []delta `json:"local,omitempty"`
	Inherited   []delta `json:"inherited,omitempty"`
	Component   string  `json:"component,omitempty"`
	Gap         string  `json:"gap,omitempty"`
	StandIn     string  `json:"stand_in,omitempty"`
	Note        string  `json:"note,omitempty"`
	Rule        string  `json:"rule,omitempty"`
	WouldPass   string  `json:"would_pass,omitempty"`
	Waiver      string  `json:"waiver,omitempty"`
	Stream      string  `json:"stream"`
	Stage       string  `json:"stage,omitempty"`
	Unit        string  `json:"unit,omitempty"`
	CAt         *string `json:"c_at"`
	PyAt        *string `json:"py_at"`
}

type root struct {
	Key        string   `json:"key"`
	Status     string   `json:"status"`
	Rel        delta    `json:"rel"`
	CAt        *string  `json:"c_at"`
	PyAt       *string  `json:"py_at"`
	Causes     []string `json:"causes"`
	Partly     bool     `json:"partly"`
	Unobserved []string `json:"unobserved_parents"`
	Below      []string `json:"ancestors_below_tolerance"`
	Amplified  float64  `json:"amplified,omitempty"`
	Jump       float64  `json:"jump,omitempty"`
}

type cause struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Checks    []string `json:"checks"`
	Held      string   `json:"calibration,omitempty"`
	Evidence  []string `json:"evidence"`
	Share     *float64 `json:"share"`
	ShareHow  string   `json:"share_how,omitempty"`
	ShareRest bool     `json:"share_is_rest,omitempty"`
}

type ruledOut struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

type finding struct {
	At   string `json:"at"`
	What string `json:"what"`
}

type problem struct {
	At   string `json:"at"`
	Kind string `json:"kind"`
	Why  string `json:"why"`
	Text string `json:"text"`
}

type phiTable struct {
	Slow     *int     `json:"slow"`
	Fast     *int     `json:"fast"`
	Pattern  []string `json:"pattern"`
	Outliers []int    `json:"outliers"`
	Rows     []phiRow `json:"rows"`
}

type phiRow struct {
	Tic   int      `json:"phi_tic"`
	Deg   delta    `json:"phi_deg"`
	C     *phiSide `json:"c"`
	Py    *phiSide `json:"py"`
	Delta delta    `json:"k_frac_delta"`
}

type phiSide struct {
	K     quantity `json:"k_frac"`
	FB    quantity `json:"F_latt_b"`
	F     quantity `json:"F_latt"`
	At    string   `json:"at"`
	Block bool     `json:"from_pixel_block"`
}

// delta is a number that may not be there: NaN is null, an infinity a word.
type delta float64

func (d delta) MarshalJSON() ([]byte, error) {
	switch v := float64(d); {
	case math.IsNaN(v):
		return []byte("null"), nil
	case math.IsInf(v, 0):
		return []byte(fmt.Sprintf("%q", word(v))), nil
	}
	return json.Marshal(float64(d))
}

// quantity is a number that a log printed: JSON has no nan and no inf, so they
// stand as the words that Python's float() reads.
type quantity float64

func (q quantity) MarshalJSON() ([]byte, error) {
	if v := float64(q); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte(fmt.Sprintf("%q", word(v))), nil
	}
	return json.Marshal(float64(q))
}

func word(v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case v < 0:
		return "-inf"
	}
	return "inf"
}

func metricsOf(r *parity.Report) metrics {
	c := r.Counts
	m := metrics{
		Schema: MetricsSchema, Verdict: r.Verdict, Headline: r.Headline, ReadAs: r.ReadAs, Varied: variedOf(r), RowsTotal: c.Total, RowsListed: len(r.Rows), Coverage: coverageOf(r.Coverage), Reasons: list(r.Reasons), Tolerance: r.Tolerance, Smallest: delta(r.Smallest), Waivers: waiversJSON(r),
		NumDivergent: c.Diverged + c.Lost,
		Counts:       countsOf(c), Summary: summaryOf(r),
		Roots: []root{}, RuledOut: []ruledOut{}, Findings: []finding{}, Residue: list(r.Residue),
		PerPhi: []phiTable{}, Problems: []problem{}, Order: []string{}, Factors: map[string]factor{},
		Causes: causesOf(r.Causes), Notes: causesOf(r.Notes),
	}
	if row := r.FirstRow(); row != nil {
		name := r.Label(row)
		m.FirstDivergence = &name
	}
	m.Growth = growthJSONOf(r.Growth)
	for _, x := range r.Roots {
		m.Roots = append(m.Roots, root{r.Label(x.Row), x.Row.Status.String(), delta(x.Row.Rel), at(x.Row.Ref), at(x.Row.Got),
			list(x.Causes), x.Partly, list(x.Unobserved), list(x.Below), finiteOr0(x.Amplified), finiteOr0(x.Jump)})
	}
	for _, x := range r.RuledOut {
		m.RuledOut = append(m.RuledOut, ruledOut{x.ID, x.Why})
	}
	for _, f := range r.Findings {
		m.Findings = append(m.Findings, finding{f.Pos.String(), f.What})
	}
	for _, p := range r.Problems {
		m.Problems = append(m.Problems, problem{p.Pos.String(), p.Kind.String(), p.Why, p.Text})
	}
	for _, t := range r.Phi {
		m.PerPhi = append(m.PerPhi, phiOf(t))
	}
	tried := map[string]int{}
	for i := range r.Rows {
		name := unused(m.Factors, tried, r.Label(&r.Rows[i]))
		m.Order = append(m.Order, name)
		m.Factors[name] = factorOf(&r.Rows[i])
	}
	return m
}

func countsOf(c parity.Counts) counts {
	return counts{c.Matched, c.Diverged, c.Missing, c.Waived, c.Unparsed, c.Total, c.Lost, c.Unpaired, c.Placeholder, c.Unresolved, c.NotFinite}
}

// unused makes sure that no row hides another of the same label. tried holds by
// label the numbers that are known to be taken.
func unused(taken map[string]factor, tried map[string]int, name string) string {
	if _, dup := taken[name]; !dup {
		return name
	}
	for n := max(2, tried[name]); ; n++ {
		try := fmt.Sprintf("%s (%d)", name, n)
		if _, dup := taken[try]; !dup {
			tried[name] = n + 1
			return try
		}
	}
}

func list(s []string) []string { return append([]string{}, s...) }

func at(rec *trace.Record) *string {
	if rec == nil {
		return nil
	}
	s := rec.Pos().String()
	return &s
}

func causesOf(cs []explain.Cause) []cause {
	out := []cause{}
	for _, c := range cs {
		x := cause{ID: c.ID, Title: c.Title, Checks: list(c.Checks), Held: calibrated(c), Evidence: list(evidence(c, doc.Upper))}
		if c.Share != nil {
			v := c.Share.Value
			x.Share, x.ShareHow, x.ShareRest = &v, c.Share.How, c.Share.Rest
		}
		out = append(out, x)
	}
	return out
}

func phiOf(t parity.PhiTable) phiTable {
	out := phiTable{Pattern: list(t.Pattern), Outliers: append([]int{}, t.Outliers...), Rows: []phiRow{}}
	if t.Pixel.Slow >= 0 {
		out.Slow, out.Fast = &t.Pixel.Slow, &t.Pixel.Fast
	}
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, phiRow{row.Tic, delta(row.Deg), phiSideOf(row.Ref), phiSideOf(row.Got), delta(row.Delta)})
	}
	return out
}

func phiSideOf(s parity.PhiSide) *phiSide {
	if !s.Has {
		return nil
	}
	return &phiSide{quantity(s.K), quantity(s.FB), quantity(s.F), s.Pos.String(), s.Block}
}

func factorOf(row *diff.Row) factor {
	f := factor{
		C: valueOf(row.Ref), Py: valueOf(row.Got), Abs: delta(row.Abs), Rel: delta(row.Rel), RelToC: delta(relativeToRef(row)),
		Status: row.Status.String(), Gap: row.Gap.String(), Note: row.Note, Component: row.Component,
		Stream: row.Stream.String(), CAt: at(row.Ref), PyAt: at(row.Got),
	}
	f.Waiver, f.WouldPass = row.Waiver, row.WouldPass()
	if row.Rule.Named() && row.Compared() {
		f.Rule = fmt.Sprintf("%s (%s)", row.Rule, row.Rule.Where)
	}
	if row.StandIn {
		f.StandIn = row.Got.Name
	}
	if row.Split != nil {
		f.Local, f.Inherited = deltas(row.Split.Local), deltas(row.Split.Inherited)
	}
	if q := row.Info; q != nil {
		f.Description, f.Stage, f.Unit = q.How, q.Stage.String(), q.Unit
	}
	return f
}

func deltas(vs []float64) []delta {
	out := make([]delta, len(vs))
	for i, v := range vs {
		out[i] = delta(v)
	}
	return out
}

// finiteOr0 is a factor that JSON can hold.
func finiteOr0(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// relativeToRef is the signed difference over the magnitude of the reference.
func relativeToRef(row *diff.Row) float64 {
	ref, _, ok := row.Pair()
	if !ok {
		return math.NaN()
	}
	size := math.Abs(ref.Num)
	if row.Info != nil {
		switch row.Info.Kind {
		case schema.Vec3, schema.Int3, schema.Mat3:
			size = 0
			for _, v := range row.Ref.Values {
				size = math.Hypot(size, v.Num)
			}
		}
	}
	if row.Abs == 0 {
		return 0
	}
	if size == 0 {
		return math.NaN()
	}
	return row.Abs / size
}

// valueOf is a record's value: a number, an array of numbers, an object where
// the numbers have names, or the words that stood there.
func valueOf(rec *trace.Record) any {
	switch {
	case rec == nil:
		return nil
	case len(rec.Values) == 0:
		return rec.Text
	case len(rec.Values) == 1 && rec.Values[0].Name == "":
		return quantity(rec.Values[0].Num)
	}
	named := map[string]quantity{}
	var plain []quantity
	for _, v := range rec.Values {
		if v.Name != "" {
			named[v.Name] = quantity(v.Num)
		}
		plain = append(plain, quantity(v.Num))
	}
	if len(named) == len(rec.Values) {
		return named
	}
	return plain
}

func coverageOf(c parity.Coverage) coverage {
	return coverage{c.Results, c.Agreeing, c.Common, c.OnlyRef, c.OnlyGot, c.WithoutResult, c.Inner}
}
