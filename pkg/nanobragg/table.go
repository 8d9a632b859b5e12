package nanobragg

import "simtrace/pkg/sim"

// setFloat makes an apply function for a flag with one number.
func setFloat(into func(*Builder) *float64) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		f, err := v[0].float()
		*into(b) = f
		return err
	}
}

func setInt(into func(*Builder) *int) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		n, err := v[0].int()
		*into(b) = n
		return err
	}
}

func setText(into func(*Builder) *string) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		*into(b) = string(v[0])
		return nil
	}
}

// setVector is for the axes: any of them makes the convention CUSTOM.
func setVector(into func(*Builder) *sim.Vec3) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		f, err := floats(v)
		if err == nil {
			*into(b) = sim.Vec3(f)
			b.Config.Detector.Convention = sim.Custom
		}
		return err
	}
}

// setCentre is for the beam centre's coordinates, which choose a pivot too.
func setCentre(p sim.Pivot, into func(*Builder) *float64) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		b.Config.Detector.Pivot = p
		return setFloat(into)(b, v)
	}
}

func setConvention(c sim.Convention, p sim.Pivot) func(*Builder, []value) error {
	return func(b *Builder, _ []value) error {
		b.Config.Detector.Convention, b.Config.Detector.Pivot = c, p
		return nil
	}
}

func do(f func(*Builder)) func(*Builder, []value) error {
	return func(b *Builder, _ []value) error { f(b); return nil }
}

const (
	gCrystal    = "Crystal"
	gMosaic     = "Mosaic"
	gF          = "Structure factors"
	gBeam       = "Beam"
	gDetector   = "Detector"
	gCentre     = "Beam centre and convention"
	gVectors    = "Detector vectors (any of these makes the convention CUSTOM)"
	gRotation   = "Rotation"
	gSampling   = "Sampling"
	gOutput     = "Output"
	gBackground = "Background"
)

// Flags lists nanoBragg's options, in the order in which C looks for them.
var Flags = []Flag{
	{Name: "-Na", Args: 1, Group: gCrystal, Unit: "cells", Help: "unit cells along a", Sets: []string{"Na"}, apply: setCells(0)},
	{Name: "-Nb", Args: 1, Group: gCrystal, Unit: "cells", Help: "unit cells along b", Sets: []string{"Nb"}, apply: setCells(1)},
	{Name: "-Nc", Args: 1, Group: gCrystal, Unit: "cells", Help: "unit cells along c", Sets: []string{"Nc"}, apply: setCells(2)},
	{Name: "-N", length: 2, Args: 1, Group: gCrystal, Unit: "cells", Help: "unit cells along a, b and c", Sets: []string{"Na", "Nb", "Nc"}, apply: setCells(0, 1, 2)},
	{Name: "-cell", Args: 6, Min: 1, Group: gCrystal, Unit: "angstrom, degrees", Help: "a b c alpha beta gamma; b and c default to a, the angles to 90", Sets: []string{"cell"}, apply: applyCell},
	{Name: "-misset", length: 7, Args: 3, Min: 1, Group: gCrystal, Unit: "degrees", Help: "rotations about x, y, z, or the word random", Sets: []string{"misset"}, apply: applyMisset},
	{Name: "-xtalsize", Aliases: []string{"-xtal_size", "-samplesize", "-sample_size"}, Args: 1, Group: gCrystal, Unit: "mm", Help: "full width of the crystal, in place of -N", Sets: []string{"size_x", "size_y", "size_z"}, apply: setSize(0, 1, 2)},
	{Name: "-xtal_thick", Aliases: []string{"-xtal_x", "-sample_thick", "-sample_x"}, Args: 1, Group: gCrystal, Unit: "mm", Help: "width along a", Sets: []string{"size_x"}, apply: setSize(0)},
	{Name: "-xtal_width", Aliases: []string{"-xtal_y", "-sample_width", "-sample_y", "-width"}, Args: 1, Group: gCrystal, Unit: "mm", Help: "width along b; clipped by -beamsize", Sets: []string{"size_y"}, apply: setSize(1)},
	{Name: "-xtal_heigh", Aliases: []string{"-xtal_height", "-xtal_z", "-sample_heigh", "-sample_height", "-sample_z", "-heigh", "-height"}, Args: 1, Group: gCrystal, Unit: "mm", Help: "width along c; clipped by -beamsize", Sets: []string{"size_z"}, apply: setSize(2)},
	{Name: "-density", Aliases: []string{"-sample_den", "-sample_density"}, Args: 1, Group: gCrystal, Unit: "g/cm^3", Help: "read and then overwritten, as in C", Sets: []string{"density"}, apply: idle("-density")},
	{Name: "-MW", Aliases: []string{"-molec"}, length: 3, Args: 1, Group: gCrystal, Unit: "g/mol", Help: "read and then overwritten, as in C", Sets: []string{"MW"}, apply: idle("-MW")},
	{Name: "-Xbeam", Args: 1, Group: gCentre, Unit: "mm", Help: "direct beam, as the convention counts", Sets: []string{"Xbeam", "pivot"}, apply: setCentre(sim.PivotBeam, func(b *Builder) *float64 { return &b.Config.Detector.Xbeam })},
	{Name: "-Ybeam", Args: 1, Group: gCentre, Unit: "mm", Help: "direct beam, as the convention counts", Sets: []string{"Ybeam", "pivot"}, apply: setCentre(sim.PivotBeam, func(b *Builder) *float64 { return &b.Config.Detector.Ybeam })},
	{Name: "-Xclose", Args: 1, Group: gCentre, Unit: "mm", Help: "point of closest approach, fast axis", Sets: []string{"Xclose", "pivot"}, apply: setCentre(sim.PivotSample, func(b *Builder) *float64 { return &b.Config.Detector.Xclose })},
	{Name: "-Yclose", Args: 1, Group: gCentre, Unit: "mm", Help: "point of closest approach, slow axis", Sets: []string{"Yclose", "pivot"}, apply: setCentre(sim.PivotSample, func(b *Builder) *float64 { return &b.Config.Detector.Yclose })},
	{Name: "-ORGX", Args: 1, Group: gCentre, Unit: "pixels", Help: "XDS origin, fast axis", Sets: []string{"ORGX", "pivot"}, apply: setCentre(sim.PivotSample, func(b *Builder) *float64 { return &b.Config.Detector.ORGX })},
	{Name: "-ORGY", Args: 1, Group: gCentre, Unit: "pixels", Help: "XDS origin, slow axis", Sets: []string{"ORGY", "pivot"}, apply: setCentre(sim.PivotSample, func(b *Builder) *float64 { return &b.Config.Detector.ORGY })},
	{Name: "-pivot", Args: 1, Group: gCentre, Unit: "sample or beam", Help: "what detector rotations keep in place; counts in CUSTOM alone", Sets: []string{"pivot"}, apply: applyPivot},
	{Name: "-mosflm", Group: gCentre, Help: "MOSFLM's frame and beam centre", Sets: []string{"convention", "pivot"}, apply: setConvention(sim.Mosflm, sim.PivotBeam)},
	{Name: "-xds", Group: gCentre, Help: "XDS's frame and origin", Sets: []string{"convention", "pivot"}, apply: setConvention(sim.XDS, sim.PivotSample)},
	{Name: "-adxv", Group: gCentre, Help: "ADXV's frame and beam centre", Sets: []string{"convention", "pivot"}, apply: setConvention(sim.Adxv, sim.PivotBeam)},
	{Name: "-denzo", Group: gCentre, Help: "DENZO's frame and beam centre", Sets: []string{"convention", "pivot"}, apply: setConvention(sim.Denzo, sim.PivotBeam)},
	{Name: "-dials", Group: gCentre, Help: "DIALS's frame", Sets: []string{"convention", "pivot"}, apply: setConvention(sim.Dials, sim.PivotBeam)},
	{Name: "-fdet_vector", Args: 3, Group: gVectors, Help: "direction of the fast axis", Sets: []string{"fdet_vector", "convention"}, apply: setVector(func(b *Builder) *sim.Vec3 { return &b.Config.Detector.Fdet })},
	{Name: "-sdet_vector", Args: 3, Group: gVectors, Help: "direction of the slow axis", Sets: []string{"sdet_vector", "convention"}, apply: setVector(func(b *Builder) *sim.Vec3 { return &b.Config.Detector.Sdet })},
	{Name: "-odet_vector", Args: 3, Group: gVectors, Help: "the normal; regenerated as fast x slow unless exactly of length 1", Sets: []string{"odet_vector", "convention"}, apply: setVector(func(b *Builder) *sim.Vec3 { return &b.Config.Detector.Odet })},
	{Name: "-beam_vector", Args: 3, Group: gVectors, Help: "direction of the beam", Sets: []string{"beam_vector", "convention"}, apply: setVector(func(b *Builder) *sim.Vec3 { return &b.Config.Detector.Beam })},
	{Name: "-polar_vector", Args: 3, Group: gVectors, Help: "direction of the E vector", Sets: []string{"polar_vector", "convention"}, apply: setVector(func(b *Builder) *sim.Vec3 { return &b.Config.Detector.Polar })},
	{Name: "-spindle_axis", Args: 3, Group: gVectors, Help: "rotation axis of phi, right-handed", Sets: []string{"spindle_axis", "convention"}, apply: setVector(func(b *Builder) *sim.Vec3 { return &b.Config.Detector.Spindle })},
	{Name: "-twotheta_axis", Args: 3, Group: gVectors, Help: "rotation axis of -twotheta (C sets twotheta to the first number, too)", Sets: []string{"twotheta_axis", "convention"}, apply: setVector(func(b *Builder) *sim.Vec3 { return &b.Config.Detector.TwothetaAxis })},
	{Name: "-pix0_vector", length: 12, Args: 3, Group: gVectors, Unit: "m", Help: "read and then overwritten, as in C: its only effect is CUSTOM", Sets: []string{"pix0_vector", "convention"}, apply: applyPix0},
	{Name: "-pix0_vector_mm", Args: 3, Group: gVectors, Unit: "mm", Help: "read and then overwritten, as in C: its only effect is CUSTOM", Sets: []string{"pix0_vector", "convention"}, apply: applyPix0},
	{Name: "-distance", Args: 1, Group: gDetector, Unit: "mm", Help: "crystal to detector along the beam", Sets: []string{"distance", "pivot"}, apply: setCentre(sim.PivotBeam, func(b *Builder) *float64 { return &b.Config.Detector.DistanceMM })},
	{Name: "-close_distance", Args: 1, Group: gDetector, Unit: "mm", Help: "crystal to detector along its normal", Sets: []string{"distance", "pivot"}, apply: setCentre(sim.PivotSample, func(b *Builder) *float64 { return &b.Config.Detector.CloseMM })},
	{Name: "-detector_abs", Aliases: []string{"-detector_absorb", "-detector_absorption"}, Args: 1, Group: gDetector, Unit: "um or inf", Help: "attenuation depth of the sensor", Sets: []string{"detector_abs"}, apply: applyAbsorb},
	{Name: "-detector_thick", length: 15, Args: 1, Group: gDetector, Unit: "um", Help: "thickness of the sensor", Sets: []string{"detector_thick"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Detector.ThickUM })},
	{Name: "-detector_thicksteps", Aliases: []string{"-thicksteps"}, Args: 1, Group: gDetector, Help: "layers of the sensor", Sets: []string{"thicksteps"}, apply: setInt(func(b *Builder) *int { return &b.Config.Detector.ThickSteps })},
	{Name: "-twotheta", Args: 1, Group: gDetector, Unit: "degrees", Help: "swing of the detector about the twotheta axis", Sets: []string{"twotheta", "pivot"}, apply: setCentre(sim.PivotSample, func(b *Builder) *float64 { return &b.Config.Detector.TwothetaDeg })},
	{Name: "-detector_rotx", Args: 1, Group: gDetector, Unit: "degrees", Help: "rotation about x, first", Sets: []string{"detector_rotx"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Detector.RotDeg[0] })},
	{Name: "-detector_roty", Args: 1, Group: gDetector, Unit: "degrees", Help: "rotation about y, second", Sets: []string{"detector_roty"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Detector.RotDeg[1] })},
	{Name: "-detector_rotz", Args: 1, Group: gDetector, Unit: "degrees", Help: "rotation about z, third", Sets: []string{"detector_rotz"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Detector.RotDeg[2] })},
	{Name: "-detsize", length: 8, Args: 1, Group: gDetector, Unit: "mm", Help: "size of a square detector", Sets: []string{"detsize_f", "detsize_s"}, apply: applyDetsize},
	{Name: "-detsize_f", Aliases: []string{"-detsize_fast"}, Args: 1, Group: gDetector, Unit: "mm", Help: "size along the fast axis", Sets: []string{"detsize_f"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Detector.SizeFastMM })},
	{Name: "-detsize_s", Aliases: []string{"-detsize_slow"}, Args: 1, Group: gDetector, Unit: "mm", Help: "size along the slow axis", Sets: []string{"detsize_s"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Detector.SizeSlowMM })},
	{Name: "-detpixels", length: 10, Args: 1, Group: gDetector, Unit: "pixels", Help: "pixels of a square detector", Sets: []string{"detpixels_f", "detpixels_s"}, apply: applyPixels(true, true)},
	{Name: "-detpixels_f", Aliases: []string{"-detpixels_fast"}, Args: 1, Group: gDetector, Unit: "pixels", Help: "pixels along the fast axis", Sets: []string{"detpixels_f"}, apply: applyPixels(true, false)},
	{Name: "-detpixels_x", Args: 1, Group: gDetector, Unit: "pixels", Help: "the same as -detpixels_f", Sets: []string{"detpixels_f"}, apply: applyPixels(true, false)},
	{Name: "-detpixels_s", Aliases: []string{"-detpixels_slow"}, Args: 1, Group: gDetector, Unit: "pixels", Help: "pixels along the slow axis", Sets: []string{"detpixels_s"}, apply: applyPixels(false, true)},
	{Name: "-detpixels_y", Args: 1, Group: gDetector, Unit: "pixels", Help: "the same as -detpixels_s", Sets: []string{"detpixels_s"}, apply: applyPixels(false, true)},
	{Name: "-curved_det", Group: gDetector, Help: "all pixels at the same distance from the crystal", Sets: []string{"curved_det"}, apply: do(func(b *Builder) { b.Config.Detector.Curved = true })},
	{Name: "-pixel", Aliases: []string{"-pixel_size"}, Args: 1, Group: gDetector, Unit: "mm", Help: "pixel size", Sets: []string{"pixel"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Detector.PixelMM })},
	{Name: "-point_pixel", Group: gDetector, Help: "solid angle 1/R^2, without obliquity", Sets: []string{"point_pixel"}, apply: do(func(b *Builder) { b.Config.Detector.PointPixel = true })},
	{Name: "-polar", length: 6, Args: 1, Group: gBeam, Help: "Kahn polarisation factor", Sets: []string{"polar"}, apply: applyPolar},
	{Name: "-nopolar", Group: gBeam, Help: "no polarisation correction", Sets: []string{"polar"}, apply: do(func(b *Builder) { b.Config.Beam.NoPolar = true })},
	{Name: "-oversample_thick", Group: gSampling, Help: "absorption anew at every subpixel; compounds, as in C", Sets: []string{"oversample_thick"}, apply: do(func(b *Builder) { b.Config.Sampling.OversampleThick = true })},
	{Name: "-oversample_polar", Group: gSampling, Help: "polarisation anew at every subpixel; compounds, as in C", Sets: []string{"oversample_polar"}, apply: do(func(b *Builder) { b.Config.Sampling.OversamplePolar = true })},
	{Name: "-oversample_omega", Group: gSampling, Help: "solid angle anew at every subpixel; compounds, as in C", Sets: []string{"oversample_omega"}, apply: do(func(b *Builder) { b.Config.Sampling.OversampleOmega = true })},
	{Name: "-oversample", Args: 1, Group: gSampling, Unit: "subpixels", Help: "subpixels along each edge of a pixel", Sets: []string{"oversample"}, apply: setInt(func(b *Builder) *int { return &b.Config.Sampling.Oversample })},
	{Name: "-precision", Args: 1, Group: gSampling, Unit: "single or double", Help: "of bl831's CUDA program alone; render --arith has its arithmetic", Sets: []string{"precision"}, apply: applyPrecision},
	{Name: "-roi", Args: 4, Group: gSampling, Unit: "pixels", Help: "fast min, fast max, slow min, slow max, inclusive", Sets: []string{"roi"}, apply: applyROI},
	{Name: "-lambda", Aliases: []string{"-wave", "-wavelength"}, Args: 1, Group: gBeam, Unit: "angstrom", Help: "wavelength", Sets: []string{"lambda"}, apply: applyLambda},
	{Name: "-energy", Args: 1, Group: gBeam, Unit: "eV", Help: "photon energy, in place of -lambda", Sets: []string{"lambda"}, apply: applyEnergy},
	{Name: "-fluence", Args: 1, Group: gBeam, Unit: "photons/m^2", Help: "incident fluence", Sets: []string{"fluence"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.Fluence })},
	{Name: "-flux", Args: 1, Group: gBeam, Unit: "photons/s", Help: "with -exposure and -beamsize in place of -fluence", Sets: []string{"fluence"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.Flux })},
	{Name: "-exposure", Args: 1, Group: gBeam, Unit: "s", Help: "exposure time", Sets: []string{"exposure"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.ExposureS })},
	{Name: "-beamsize", Args: 1, Group: gBeam, Unit: "mm", Help: "beam size; also clips the crystal", Sets: []string{"beamsize"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.BeamsizeMM })},
	{Name: "-mosaic", length: 7, Aliases: []string{"-mosaici", "-mosaicity", "-mosaic_spr", "-mosaic_spread"}, Args: 1, Group: gMosaic, Unit: "degrees", Help: "mosaic spread", Sets: []string{"mosaic"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Crystal.MosaicDeg })},
	{Name: "-mosaic_dom", Aliases: []string{"-mosaic_domains"}, Args: 1, Group: gMosaic, Help: "number of mosaic domains", Sets: []string{"mosaic_domains"}, apply: setInt(func(b *Builder) *int { return &b.Config.Crystal.Domains })},
	{Name: "-dispersion", Args: 1, Group: gBeam, Unit: "percent", Help: "range of wavelengths", Sets: []string{"dispersion"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.Dispersion.Range })},
	{Name: "-dispsteps", Args: 1, Group: gBeam, Help: "wavelengths in that range", Sets: []string{"dispsteps"}, apply: setInt(func(b *Builder) *int { return &b.Config.Beam.Dispersion.Steps })},
	{Name: "-divergence", Args: 1, Group: gBeam, Unit: "mrad", Help: "divergence, both ways", Sets: []string{"hdivrange", "vdivrange"}, apply: applyDivergence},
	{Name: "-hdivrange", Args: 1, Group: gBeam, Unit: "mrad", Help: "horizontal divergence", Sets: []string{"hdivrange"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.HDivergence.Range })},
	{Name: "-vdivrange", Args: 1, Group: gBeam, Unit: "mrad", Help: "vertical divergence", Sets: []string{"vdivrange"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.VDivergence.Range })},
	{Name: "-hdiv", length: 5, Args: 1, Group: gBeam, Unit: "mrad", Help: "no flag of C, whose README has -hdiv 0: 0, or take -hdivrange", Sets: []string{"hdiv"}, apply: onlyZero("-hdiv", "-hdivrange")},
	{Name: "-vdiv", length: 5, Args: 1, Group: gBeam, Unit: "mrad", Help: "no flag of C, whose README has -vdiv 0: 0, or take -vdivrange", Sets: []string{"vdiv"}, apply: onlyZero("-vdiv", "-vdivrange")},
	{Name: "-hdivstep", length: 9, Args: 1, Group: gBeam, Unit: "mrad", Help: "horizontal step", Sets: []string{"hdivstep"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.HDivergence.Step })},
	{Name: "-hdivsteps", Args: 1, Group: gBeam, Help: "horizontal steps", Sets: []string{"hdivsteps"}, apply: setInt(func(b *Builder) *int { return &b.Config.Beam.HDivergence.Steps })},
	{Name: "-vdivstep", length: 9, Args: 1, Group: gBeam, Unit: "mrad", Help: "vertical step", Sets: []string{"vdivstep"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.VDivergence.Step })},
	{Name: "-vdivsteps", Args: 1, Group: gBeam, Help: "vertical steps", Sets: []string{"vdivsteps"}, apply: setInt(func(b *Builder) *int { return &b.Config.Beam.VDivergence.Steps })},
	{Name: "-divsteps", Args: 1, Group: gBeam, Help: "steps, both ways", Sets: []string{"hdivsteps", "vdivsteps"}, apply: applyDivsteps},
	{Name: "-round_div", Group: gBeam, Help: "cut the corners off the divergence grid (default)", Sets: []string{"div_shape"}, apply: do(func(b *Builder) { b.Config.Beam.SquareDiv = false })},
	{Name: "-square_div", Group: gBeam, Help: "keep the corners of the divergence grid", Sets: []string{"div_shape"}, apply: do(func(b *Builder) { b.Config.Beam.SquareDiv = true })},
	{Name: "-adc", Aliases: []string{"-adcoffset"}, Args: 1, Group: gOutput, Unit: "counts", Help: "offset of the integer images", Sets: []string{"adc"}, apply: setFloat(func(b *Builder) *float64 { return &b.Out.ADC })},
	{Name: "-phi", length: 4, Args: 1, Group: gRotation, Unit: "degrees", Help: "start of the rotation", Sets: []string{"phi"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Rotation.PhiDeg })},
	{Name: "-osc", Args: 1, Group: gRotation, Unit: "degrees", Help: "range of the rotation", Sets: []string{"osc"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Rotation.OscDeg })},
	{Name: "-phistep", length: 8, Args: 1, Group: gRotation, Unit: "degrees", Help: "step of the rotation", Sets: []string{"phistep"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Rotation.PhistepDeg })},
	{Name: "-phisteps", Args: 1, Group: gRotation, Help: "number of phi steps", Sets: []string{"phisteps"}, apply: setInt(func(b *Builder) *int { return &b.Config.Rotation.Phisteps })},
	{Name: "-dmin", Args: 1, Group: gSampling, Unit: "angstrom", Help: "leave out samples beyond this resolution", Sets: []string{"dmin"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Crystal.DminA })},
	{Name: "-mat", Aliases: []string{"-matrix"}, Args: 1, Group: gCrystal, Unit: "file", Input: true, Help: "MOSFLM matrix, reciprocal vectors in columns, times the wavelength", Sets: []string{"mat"}, apply: setText(func(b *Builder) *string { return &b.MatFile })},
	{Name: "-hkl", Args: 1, Group: gF, Unit: "file", Input: true, Help: "list of h k l F (the profile nanobragg copies it to Fdump.bin, and reads that where -hkl is missing)", Sets: []string{"hkl"}, apply: setText(func(b *Builder) *string { return &b.HKLFile })},
	{Name: "-default_F", Args: 1, Group: gF, Unit: "electrons", Help: "F of every reflection that is not listed", Sets: []string{"default_F"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Crystal.DefaultF })},
	{Name: "-img", Args: 1, Group: gDetector, Unit: "file", Input: true, Help: "SMV image whose header is read before the flags", Sets: []string{"img"}, apply: do(func(*Builder) {})},
	{Name: "-mask", Args: 1, Group: gDetector, Unit: "file", Input: true, Help: "SMV image: zero pixels are skipped; its header is read before the flags", Sets: []string{"mask"}, apply: do(func(*Builder) {})},
	{Name: "-stolout", Args: 1, Group: gBackground, Unit: "file", Help: "taken and not used, as in C: no file is written", Sets: []string{"stolout"}, apply: func(*Builder, []value) error { return nil }},
	{Name: "-stol", length: 5, Args: 1, Group: gBackground, Unit: "file", Input: true, Help: "F of amorphous material against sin(theta)/lambda: read and not used, as in C", Sets: []string{"stol"}, apply: applyStol},
	{Name: "-4stol", length: 6, Args: 1, Group: gBackground, Unit: "file", Input: true, Help: "the same against 4 sin(theta)/lambda: read and not used, as in C", Sets: []string{"stol"}, apply: applyStol},
	{Name: "-Q", length: 2, Args: 1, Group: gBackground, Unit: "file", Input: true, Help: "the same against 4 pi sin(theta)/lambda: read and not used, as in C", Sets: []string{"stol"}, apply: applyStol},
	{Name: "-sourcefile", Args: 1, Group: gBeam, Unit: "file", Input: true, Help: "sources: X Y Z, weight, wavelength in m; weights are read and not used, as in C", Sets: []string{"sourcefile"}, apply: setText(func(b *Builder) *string { return &b.SourceFile })},
	{Name: "-floatfile", Aliases: []string{"-floatimage"}, Args: 1, Group: gOutput, Unit: "file", Help: "float image, little-endian float32, fast axis first", Sets: []string{"floatfile"}, apply: setText(func(b *Builder) *string { return &b.FloatFile })},
	{Name: "-intfile", Aliases: []string{"-intimage"}, Args: 1, Group: gOutput, Unit: "file", Help: "integer image without noise, SMV", Sets: []string{"intfile"}, apply: setOutput(func(o *Outputs) *string { return &o.IntFile })},
	{Name: "-pgmfile", Aliases: []string{"-pgmimage"}, Args: 1, Group: gOutput, Unit: "file", Help: "preview, 8-bit portable greymap", Sets: []string{"pgmfile", "pgm"}, apply: applyPGMFile},
	{Name: "-noisefile", Aliases: []string{"-noiseimage"}, Args: 1, Group: gOutput, Unit: "file", Help: "photon counts with Poisson noise, SMV", Sets: []string{"noisefile", "noise"}, apply: applyNoiseFile},
	{Name: "-nonoise", Group: gOutput, Help: "no noise image", Sets: []string{"noise"}, apply: do(func(b *Builder) { b.Out.NoNoise = true })},
	{Name: "-nopgm", Group: gOutput, Help: "no PGM preview", Sets: []string{"pgm"}, apply: do(func(b *Builder) { b.Out.NoPGM = true })},
	{Name: "-scale", Args: 1, Group: gOutput, Help: "scale of the integer image", Sets: []string{"scale"}, apply: setFloat(func(b *Builder) *float64 { return &b.Out.Scale })},
	{Name: "-pgmscale", Args: 1, Group: gOutput, Help: "scale of the preview", Sets: []string{"pgmscale", "pgm"}, apply: applyPGMScale},
	{Name: "-printout", length: 9, Group: gOutput, Help: "print figures of every pixel", Sets: []string{"printout"}, apply: do(func(b *Builder) { b.Out.Printout = true })},
	{Name: "-noprogress", Group: gOutput, Help: "no progress bar", Sets: []string{"progress"}, apply: do(func(b *Builder) { b.NoProgress = true })},
	{Name: "-progress", Group: gOutput, Help: "progress bar", Sets: []string{"progress"}, apply: do(func(b *Builder) { b.NoProgress = false })},
	{Name: "-interpolate", Group: gF, Help: "tricubic interpolation between reflections", Sets: []string{"interpolate"}, apply: do(func(b *Builder) { b.Config.Crystal.Interpolate = sim.InterpolateOn })},
	{Name: "-nointerpolate", Group: gF, Help: "nearest reflection (default: interpolate where an edge is at most 2 cells)", Sets: []string{"interpolate"}, apply: do(func(b *Builder) { b.Config.Crystal.Interpolate = sim.InterpolateOff })},
	{Name: "-coherent", Group: gBeam, Help: "read and not used, as in C", Sets: []string{"coherent"}, apply: idle("-coherent")},
	{Name: "-round_xtal", Group: gCrystal, Help: "ellipsoidal crystal", Sets: []string{"shape"}, apply: setShape(sim.Round)},
	{Name: "-square_xtal", Group: gCrystal, Help: "parallelepiped crystal (default)", Sets: []string{"shape"}, apply: setShape(sim.Square)},
	{Name: "-gauss_xtal", Group: gCrystal, Help: "Gaussian spots without fringes", Sets: []string{"shape"}, apply: setShape(sim.Gauss)},
	{Name: "-tophat_spots", Aliases: []string{"-binary_spots"}, Group: gCrystal, Help: "flat spots without fringes", Sets: []string{"shape"}, apply: setShape(sim.Tophat)},
	{Name: "-fudge", Args: 1, Group: gCrystal, Help: "scales the radius of round, Gaussian and flat spots", Sets: []string{"fudge"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Crystal.Fudge })},
	{Name: "-printout_pixel", Args: 2, Group: gOutput, Unit: "fast slow", Help: "print figures of this pixel alone", Sets: []string{"printout_pixel"}, apply: applyPrintoutPixel},
	{Name: "-trace_pixel", Aliases: []string{"-dump_pixel"}, Args: 2, Group: gOutput, Unit: "slow fast", Help: "print the reference's trace of this pixel while rendering", Sets: []string{"trace_pixel"}, apply: applyTracePixel},
	{Name: "-seed", Args: 1, Group: gOutput, Help: "seed of the noise image; C takes the time where there is none", Sets: []string{"seed"}, apply: applyNoiseSeed},
	{Name: "-mosaic_seed", Args: 1, Group: gMosaic, Help: "seed of the mosaic domains", Sets: []string{"mosaic_seed"}, apply: applySeed(func(b *Builder) *int64 { return &b.Config.Crystal.MosaicSeed })},
	{Name: "-misset_seed", Args: 1, Group: gCrystal, Help: "seed of -misset random", Sets: []string{"misset_seed"}, apply: applySeed(func(b *Builder) *int64 { return &b.Config.Crystal.MissetSeed })},
	{Name: "-water", Args: 1, Group: gBackground, Unit: "um", Help: "water background, as a cube of this edge", Sets: []string{"water"}, apply: setFloat(func(b *Builder) *float64 { return &b.Config.Beam.WaterUM })},
}

func init() {
	for i := range Flags {
		if Flags[i].pattern == "" {
			Flags[i].pattern = Flags[i].Name
		}
	}
}
