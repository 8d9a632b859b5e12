package imagecmp

import (
	"fmt"
	"math"
)

// Verdict is the answer to the question whether the images agree.
type Verdict string

// The verdicts.
const (
	Match    Verdict = "MATCH"
	Diverged Verdict = "DIVERGED"
	Refused  Verdict = "REFUSED"
)

// DefaultTolerance is the relative tolerance of a pixel where Options names
// none: some eight units in the last place of a float32.
const DefaultTolerance = 1e-6

// DefaultPercentile is that of peaks and of the pictures' scales.
const (
	DefaultPeakPercentile = 95
	DefaultPNGPercentile  = 99.5
)

// ROI is a region of interest, ends included, in nanoBragg's order.
type ROI struct{ FastMin, FastMax, SlowMin, SlowMax int }

// NewROI reads the four numbers of a region, in that order. Whether it lies in an image is seen
// when one is compared.
func NewROI(v []int) (*ROI, error) {
	r := &ROI{FastMin: v[0], FastMax: v[1], SlowMin: v[2], SlowMax: v[3]}
	if r.FastMin < 0 || r.SlowMin < 0 || r.FastMin > r.FastMax || r.SlowMin > r.SlowMax {
		return nil, fmt.Errorf("roi %d %d %d %d: no region (FASTMIN FASTMAX SLOWMIN SLOWMAX)", v[0], v[1], v[2], v[3])
	}
	return r, nil
}

// Thresholds decide instead of the tolerance where there are any. NaN is none.
type Thresholds struct {
	CorrMin     float64 // smallest correlation that passes
	SumRatioMin float64 // got/ref
	SumRatioMax float64
	MaxAbsMax   float64 // largest absolute difference of a pixel that passes
}

// NoThresholds leaves the decision to the tolerance.
func NoThresholds() Thresholds {
	return Thresholds{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
}

// Any reports whether there is a threshold.
func (t Thresholds) Any() bool {
	for _, v := range []float64{t.CorrMin, t.SumRatioMin, t.SumRatioMax, t.MaxAbsMax} {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}

// Options of a comparison.
type Options struct {
	// Tolerance is the largest relative difference of a pixel that passes:
	// |got - ref| over the larger of the two magnitudes. Zero means equal.
	Tolerance float64
	// Abs is the largest absolute difference that passes whatever its relation
	// to the pixel.
	Abs        float64
	Thresholds Thresholds
	ROI        *ROI   // nil for the whole image
	Mask       *Image // pixels that are zero in it are left out; nil for none
	// PeakPercentile of an image's pixels is what a peak in it must exceed.
	PeakPercentile float64
	// NaNEqual lets nan agree with nan, and an infinity with the same one.
	NaNEqual bool
}

// DefaultOptions compares every pixel to within DefaultTolerance.
func DefaultOptions() Options {
	return Options{Tolerance: DefaultTolerance, Thresholds: NoThresholds(), PeakPercentile: DefaultPeakPercentile}
}

// Spot is a pixel with its two values.
type Spot struct {
	At
	Ref, Got float64
}

// Delta is got - ref.
func (s Spot) Delta() float64 { return s.Got - s.Ref }

// Bin is a bar of the histogram of distances in units in the last place.
type Bin struct{ From, To, Pixels uint64 }

// Counts of pixels. Equal + Within + Beyond = Compared, always, and Compared +
// Left = all of the image.
type Counts struct {
	Compared int
	Left     int // out of the region of interest, or masked
	Equal    int // -0 equals 0; with NaNEqual two nans are equal
	Within   int // different, and within tolerance
	Beyond   int // out of tolerance
	// Of Compared: not finite, on each side and on either. They are compared,
	// and left out of every sum.
	NaNRef, NaNGot, InfRef, InfGot, NotFinite int
}

// Report is the whole result of a comparison of two images.
type Report struct {
	Ref, Got *Image
	Options  Options
	Verdict  Verdict
	Reasons  []string // one sentence each: why this verdict
	// ShapesDiffer is set where that is why nothing was compared.
	ShapesDiffer bool

	Counts Counts
	// Of the pixels that are finite on both sides; NaN where there is none or
	// it is undefined.
	Correlation    float64 // Pearson's
	MSE, RMSE      float64
	RefSum, GotSum float64
	SumRatio       float64 // got/ref
	MaxAbs, MaxRel Spot
	// First is the first pixel out of tolerance in scan order, and Before the
	// last one ahead of it that is not and holds signal; nil for none.
	First, Before *Spot

	ULPKind Kind  // in whose last place distances are counted
	ULP     []Bin // of the finite pixels, without empty bars

	Peaks Peaks

	// Next is the command that gets further, and NextWhy what it does; whoever knows the
	// command line sets them. "" for none.
	Next, NextWhy string

	unequal int // pixels beyond tolerance that are not finite on both sides
}

// Smallest is the smallest relative tolerance with which every finite pixel
// would pass.
func (r *Report) Smallest() float64 { return relative(r.MaxRel.Ref, r.MaxRel.Got) }

// relative is |got - ref| over the larger magnitude; 0 where they are equal.
func relative(ref, got float64) float64 {
	if ref == got {
		return 0
	}
	return math.Abs(got-ref) / math.Max(math.Abs(ref), math.Abs(got))
}
