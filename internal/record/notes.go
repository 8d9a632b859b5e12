package record

import (
	"fmt"
	"strconv"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// notes collects the reference's free-form lines about the cell.
type notes struct {
	records []trace.Record
	heading string
}

// line adds one line; the text is what stands behind "TRACE:".
func (n *notes) line(format string, args ...any) {
	n.records = append(n.records, trace.Record{
		Kind: &trace.Kind{Stream: trace.NoteStream, Name: n.heading}, At: schema.Nowhere, Text: fmt.Sprintf(format, args...),
	})
}

func (n *notes) title(format string, args ...any) {
	n.heading = fmt.Sprintf(format, args...)
	n.line(" %s", n.heading)
}

// g is C's %g: six digits.
func g(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

func vec(v sim.Vec3) string { return fmt.Sprintf("[%s, %s, %s]", g(v[0]), g(v[1]), g(v[2])) }

func (n *notes) vectors(indent string, names [3]string, l sim.Lattice) {
	for i, name := range names {
		n.line("%s%s = %s", indent, name, vec(l[i]))
	}
}

func (n *notes) lengths(indent string, names [3]string, l sim.Lattice, lengths sim.Vec3, unit string) {
	for i, name := range names {
		n.line("%s%s = %s |%s| = %s%s", indent, name, vec(l[i]), name, g(lengths[i]), unit)
	}
}

// measured is lengths with those that the vectors have.
func (n *notes) measured(indent string, names [3]string, l sim.Lattice, unit string) {
	n.lengths(indent, names, l, l.Lengths(), unit)
}

var (
	starNames  = [3]string{"a_star", "b_star", "c_star"}
	realNames  = [3]string{"a", "b", "c"}
	starCross  = [3]string{"b_star_cross_c_star", "c_star_cross_a_star", "a_star_cross_b_star"}
	crossNames = [3]string{"b_cross_c", "c_cross_a", "a_cross_b"}
)

// Notes returns the cell's derivation as the reference prints it, to six
// digits.
func Notes(e *sim.Experiment) []trace.Record {
	n := &notes{}
	s := &e.Crystal.Setup
	if s.FromMatrix {
		n.matrix(s)
	}
	if s.Misset {
		n.misset(s)
	}
	n.cross(s)
	n.real(e.Crystal)
	n.metres(e.Crystal)
	return n.records
}

func (n *notes) matrix(s *sim.CrystalSetup) {
	n.title("Raw matrix values from file:")
	n.vectors("   ", [3]string{"a_star (raw)", "b_star (raw)", "c_star (raw)"}, s.RawStar)
	n.line("   lambda0 = %s Angstroms", g(s.LambdaA))
	n.line("   scaling factor = 1e-10/lambda0 = %s", g(s.Scale))
	n.title("After wavelength correction:")
	n.measured("   ", starNames, s.MatrixStar, "")
}

func (n *notes) misset(s *sim.CrystalSetup) {
	n.title("Before misset rotation:")
	n.lengths("   ", starNames, s.BeforeMisset, s.StarLengths, "")
	m := s.MissetRad
	n.line("   misset angles = [%s, %s, %s] degrees", g(m[0]*sim.DegreesPerRadian), g(m[1]*sim.DegreesPerRadian), g(m[2]*sim.DegreesPerRadian))
	n.title("After misset rotation:")
	n.lengths("   ", starNames, s.StarIn, s.StarLengths, "")
}

func (n *notes) cross(s *sim.CrystalSetup) {
	n.title("Computing cross products of reciprocal vectors:")
	n.line("   Input vectors for cross products:")
	n.vectors("     ", starNames, s.StarIn)
	n.line("   Cross product results:")
	c := s.StarCross
	n.line("     a_star x b_star = %s", vec(c[2]))
	n.line("     b_star x c_star = %s", vec(c[0]))
	n.line("     c_star x a_star = %s", vec(c[1]))
	n.title("Reciprocal cell volume calculation:")
	n.line("   V_star = a_star . (b_star x c_star) = %s", g(s.VStarRaw))
}

func (n *notes) real(x *sim.Crystal) {
	s := &x.Setup
	n.title("Direct-space cell volume: V_cell = 1/V_star = %s", g(x.VCell))
	n.title("Before computing real-space vectors:")
	n.vectors("   ", starCross, s.StarCrossFinal)
	n.line("   V_cell = %s, V_star = %s", g(x.VCell), g(s.VStar))
	n.title("After computing real-space vectors:")
	n.measured("   ", realNames, s.RealA, "")
	n.title("Re-generating reciprocal vectors from real-space vectors:")
	n.lengths("   Before re-generation: ", starNames, s.StarIn, s.StarLengths, "")
	n.vectors("   Cross products: ", crossNames, s.RealCross)
	n.measured("   After re-generation: ", starNames, x.Star, "")
}

func (n *notes) metres(x *sim.Crystal) {
	n.title("Converting real-space vectors from Angstroms to meters:")
	n.measured("   Before conversion: ", realNames, x.Setup.RealA, " Angstroms")
	n.measured("   After conversion: ", realNames, x.Real, " meters")
	n.title("Copying vectors to a0, b0, c0 (phi=0 mosaic=0 reference):")
	n.measured("   ", [3]string{"a0", "b0", "c0"}, x.Real, " meters")
	n.title("Copying vectors to ap, bp, cp (phi=0 working copy):")
	n.measured("   ", [3]string{"ap", "bp", "cp"}, x.Real, " meters")
}
