package imagecmp

import (
	"cmp"
	"encoding/json"
	"io"
	"math"
)

// Schema names the form of summary.json. It is the first thing in the file.
const Schema = "simtrace/image-comparison/1"

// Number is a float64 that is null in JSON where it is not finite.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	if !finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// Metrics are the figures under the names that the port's nb-compare gives
// them: c is the reference, py the other image. The two peak distances are from
// each of the reference's ten brightest peaks to the nearest of the other's ten.
type Metrics struct {
	Correlation      Number `json:"correlation"`
	MSE              Number `json:"mse"`
	RMSE             Number `json:"rmse"`
	MaxAbsDiff       Number `json:"max_abs_diff"`
	CSum             Number `json:"c_sum"`
	PySum            Number `json:"py_sum"`
	SumRatio         Number `json:"sum_ratio"`
	MeanPeakDistance Number `json:"mean_peak_distance"`
	MaxPeakDistance  Number `json:"max_peak_distance"`
}

// Metrics returns the figures.
func (r *Report) Metrics() Metrics {
	return Metrics{Number(r.Correlation), Number(r.MSE), Number(r.RMSE), Number(math.Abs(r.MaxAbs.Delta())), Number(r.RefSum), Number(r.GotSum),
		Number(r.SumRatio), Number(r.Peaks.MeanNearest), Number(r.Peaks.MaxNearest)}
}

type jsonSpot struct {
	At
	Ref   Number `json:"ref"`
	Got   Number `json:"got"`
	Delta Number `json:"delta"`
	Rel   Number `json:"rel"`
}

func newSpot(s *Spot) *jsonSpot {
	if s == nil || s.Slow < 0 {
		return nil
	}
	return &jsonSpot{s.At, Number(s.Ref), Number(s.Got), Number(s.Delta()), Number(relative(s.Ref, s.Got))}
}

type jsonImage struct {
	Path string `json:"path"`
	Form string `json:"form"`
	Kind Kind   `json:"kind"`
	Shape
}

type jsonBin struct {
	From   uint64 `json:"from"`
	To     uint64 `json:"to"`
	Pixels uint64 `json:"pixels"`
}

type jsonPeaks struct {
	Above   Number `json:"above_ref"`
	Got     Number `json:"above_got"`
	InRef   int    `json:"ref"`
	InGot   int    `json:"got"`
	Matched int    `json:"matched"`
	Moved   int    `json:"moved"`
	LostRef []At   `json:"only_ref"`
	LostGot []At   `json:"only_got"`
	Slow    Number `json:"mean_offset_slow"`
	Fast    Number `json:"mean_offset_fast"`
	Mean    Number `json:"mean_distance"`
	Max     Number `json:"max_distance"`
}

type jsonCounts struct {
	Compared  int `json:"compared"`
	Left      int `json:"left_out"`
	Equal     int `json:"equal"`
	Within    int `json:"within_tolerance"`
	Beyond    int `json:"beyond_tolerance"`
	NaNRef    int `json:"nan_ref"`
	NaNGot    int `json:"nan_got"`
	InfRef    int `json:"inf_ref"`
	InfGot    int `json:"inf_got"`
	NotFinite int `json:"not_finite"`
}

type jsonLimits struct {
	Rel         Number `json:"rel"`
	Abs         Number `json:"abs"`
	CorrMin     Number `json:"corr_min"`
	SumRatioMin Number `json:"sum_ratio_min"`
	SumRatioMax Number `json:"sum_ratio_max"`
	MaxAbsMax   Number `json:"max_abs_max"`
}

// Summary is the report as it stands in summary.json.
type Summary struct {
	Schema  string   `json:"schema"`
	Verdict Verdict  `json:"verdict"`
	Reasons []string `json:"reasons"`
	Metrics
	Ref      jsonImage  `json:"ref"`
	Got      jsonImage  `json:"got"`
	ROI      []int      `json:"roi"`
	Limits   jsonLimits `json:"limits"`
	Pixels   jsonCounts `json:"pixels"`
	Smallest Number     `json:"smallest_rel_tolerance"`
	MaxAbs   *jsonSpot  `json:"max_abs_at"`
	MaxRel   *jsonSpot  `json:"max_rel_at"`
	First    *jsonSpot  `json:"first_beyond"`
	Before   *jsonSpot  `json:"last_agreeing_before"`
	ULPKind  Kind       `json:"ulp_kind"`
	ULP      []jsonBin  `json:"ulp_histogram"`
	Peaks    jsonPeaks  `json:"peaks"`
}

// Summary returns what JSON writes. Figures that are not finite are null.
func (r *Report) Summary() Summary {
	t, p, c := r.Options.Thresholds, r.Peaks, r.Counts
	s := Summary{Schema: Schema, Verdict: r.Verdict, Reasons: r.Reasons, Metrics: r.Metrics(),
		Ref:    jsonImage{cmp.Or(r.Ref.Path, r.Ref.Name), r.Ref.Form, r.Ref.Kind, r.Ref.Shape},
		Got:    jsonImage{cmp.Or(r.Got.Path, r.Got.Name), r.Got.Form, r.Got.Kind, r.Got.Shape},
		Limits: jsonLimits{Number(r.Options.Tolerance), Number(r.Options.Abs), Number(t.CorrMin), Number(t.SumRatioMin), Number(t.SumRatioMax), Number(t.MaxAbsMax)},
		Pixels: jsonCounts(c),
		MaxAbs: newSpot(&r.MaxAbs), MaxRel: newSpot(&r.MaxRel), First: newSpot(r.First), Before: newSpot(r.Before),
		Smallest: Number(r.Smallest()), ULPKind: r.ULPKind, ULP: []jsonBin{},
		Peaks: jsonPeaks{Number(p.Above), Number(p.AboveGot), p.InRef, p.InGot, len(p.Pairs), p.Moved, places(p.LostRef), places(p.LostGot),
			Number(p.MeanSlow), Number(p.MeanFast), Number(p.MeanDist), Number(p.MaxDist)},
	}
	if a := r.Options.ROI; a != nil {
		s.ROI = []int{a.FastMin, a.FastMax, a.SlowMin, a.SlowMax}
	}
	for _, b := range r.ULP {
		s.ULP = append(s.ULP, jsonBin(b))
	}
	return s
}

func places(peaks []Peak) []At {
	out := []At{}
	for _, p := range peaks {
		out = append(out, p.At)
	}
	return out
}

// JSON writes the report for programs.
func (r *Report) JSON(w io.Writer) error { return Encode(w, r.Summary()) }

// Encode writes a value as the files of this package are written: indented, and
// without escapes for HTML.
func Encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
