// Package record turns what the simulator computed into trace records: the
// setup of an experiment, and the samples of a tap. It stands between sim and
// trace, which do not know each other.
package record

import (
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// list collects setup records.
type list struct{ records []trace.Record }

func (l *list) add(k schema.Key, v ...float64) *trace.Record {
	r := trace.Record{Kind: &trace.Kind{Stream: trace.SetupStream, Key: k, Name: k.String()}, At: schema.Nowhere}
	for _, x := range v {
		r.Values = append(r.Values, trace.Value{Num: x})
	}
	l.records = append(l.records, r)
	return &l.records[len(l.records)-1]
}

func (l *list) vec(k schema.Key, v sim.Vec3) { l.add(k, v[:]...) }
func (l *list) mat(k schema.Key, m sim.Mat3) { l.add(k, m[:]...) }
func (l *list) text(k schema.Key, s string)  { l.add(k).Text = s }

func (l *list) fields(k schema.Key, names []string, v ...float64) {
	r := l.add(k, v...)
	for i := range r.Values {
		r.Values[i].Name = names[i]
	}
}

// frame adds three axes under consecutive keys.
func (l *list) frame(f sim.Frame, fast, slow, normal schema.Key) {
	l.vec(fast, f.Fast)
	l.vec(slow, f.Slow)
	l.vec(normal, f.Normal)
}

func (l *list) angles(s *sim.GeometrySetup) {
	l.fields(schema.AnglesRad, []string{"rotx", "roty", "rotz", "twotheta"}, s.Angles[0], s.Angles[1], s.Angles[2], s.Twotheta)
}

// Setup returns the detector's setup as the reference prints it, quirks and
// all: with the BEAM pivot it names MOSFLM and its axes whatever the
// convention, and prints the final axes once more as those after rotz.
func Setup(e *sim.Experiment) []trace.Record {
	l := &list{}
	g := e.Geometry
	if g.Pivot == sim.PivotSample {
		l.samplePivot(g)
	}
	l.frame(g.Setup.AfterRotz, schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz)
	l.twotheta(g)
	if g.Pivot == sim.PivotBeam {
		l.beamPivot(g)
	}
	return l.records
}

func (l *list) twotheta(g *sim.Geometry) {
	l.vec(schema.TwothetaAxis, g.Setup.TwothetaAxis)
	l.frame(g.Frame, schema.FdetAfterTwotheta, schema.SdetAfterTwotheta, schema.OdetAfterTwotheta)
}

func (l *list) samplePivot(g *sim.Geometry) {
	s := &g.Setup
	l.text(schema.DetectorConvention, g.Convention.String())
	l.angles(s)
	l.fields(schema.BeamCenter, []string{"Xclose", "Yclose", "pixel_mm"}, g.Xclose/1000.0, g.Yclose/1000.0, g.PixelSize*1000.0)
	l.frame(s.Initial, schema.InitialFdet, schema.InitialSdet, schema.InitialOdet)
	l.add(schema.Fclose, s.Fclose)
	l.add(schema.Sclose, s.Sclose)
	l.add(schema.CloseDistanceSetup, s.Close)
	l.add(schema.Ratio, s.Ratio)
	l.add(schema.Distance, s.Distance)
	l.vec(schema.TermFastBeforeRot, scaled(s.Initial.Fast, -s.Fclose))
	l.vec(schema.TermSlowBeforeRot, scaled(s.Initial.Slow, -s.Sclose))
	l.vec(schema.TermCloseBeforeRot, scaled(s.Initial.Normal, s.Close))
	l.vec(schema.Pix0BeforeRotation, s.Pix0Before)
	l.vec(schema.Pix0AfterRotz, s.Pix0AfterRotz)
	l.vec(schema.Pix0AfterTwotheta, g.Pix0)
}

func (l *list) beamPivot(g *sim.Geometry) {
	s := &g.Setup
	mosflm := sim.Frame{Fast: sim.Vec3{0, 0, 1}, Slow: sim.Vec3{0, -1, 0}, Normal: sim.Vec3{1, 0, 0}}
	l.text(schema.DetectorConvention, sim.Mosflm.String())
	l.angles(s)
	l.fields(schema.BeamCenter, []string{"X", "Y", "pixel_mm"}, g.Xbeam/1000.0, g.Ybeam/1000.0, g.PixelSize*1000.0)
	l.frame(mosflm, schema.InitialFdet, schema.InitialSdet, schema.InitialOdet)
	rx, ry, rz, total := sim.RotationMatrices(s.Angles, s.Reversed)
	l.mat(schema.Rx, rx)
	l.mat(schema.Ry, ry)
	l.mat(schema.Rz, rz)
	l.mat(schema.RTotal, total)
	l.frame(g.Frame, schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz)
	l.twotheta(g)
	l.text(schema.ConventionMapping, "Fbeam←Ybeam_mm(+0.5px),Sbeam←Xbeam_mm(+0.5px),beam_vec=[1 0 0]")
	l.add(schema.Fbeam, s.Fbeam)
	l.add(schema.Sbeam, s.Sbeam)
	l.add(schema.Distance, s.Distance)
	l.vec(schema.TermFast, scaled(g.Frame.Fast, -s.Fbeam))
	l.vec(schema.TermSlow, scaled(g.Frame.Slow, -s.Sbeam))
	l.vec(schema.TermBeam, scaled(g.Beam, s.Distance))
	l.vec(schema.Pix0Setup, g.Pix0)
}

func scaled(v sim.Vec3, s float64) sim.Vec3 { return sim.Vec3{s * v[0], s * v[1], s * v[2]} }
