package schema

var table = [Count]Quantity{
	DetectorConvention: {Name: "detector_convention", Kind: Text, Config: true},
	AnglesRad:          {Name: "angles_rad", Kind: Fields, Unit: "rad", Config: true},
	BeamCenter:         {Name: "beam_center_m", Kind: Fields, Unit: "km", Config: true, How: "metres divided by 1000 once more"},
	ConventionMapping:  {Name: "convention_mapping", Kind: Text, Config: true},
	TwothetaAxis:       {Name: "twotheta_axis", Minor: true, Kind: Vec3, Config: true, Parents: []Key{DetectorConvention}},
	SpindleAxisRaw:     {Name: "spindle_axis_raw", Kind: Vec3, Stage: Orientation, Scope: PerStep, Config: true},
	SpindleAxis:        {Name: "spindle_axis_normalized", Minor: true, Kind: Vec3, Stage: Orientation, Scope: PerStep, Parents: []Key{SpindleAxisRaw}, How: "u / |u|"},
	SpindleMagnitude:   {Name: "spindle_magnitude", Minor: true, Kind: Scalar, Stage: Orientation, Scope: PerStep, Parents: []Key{SpindleAxisRaw}, How: "|u|"},
	PolarAxis:          {Name: "polar_axis", Kind: Vec3, Stage: Scattering, Scope: PerSample, Config: true},

	InitialFdet:        {Name: "initial_fdet", Minor: true, Kind: Vec3, Parents: []Key{DetectorConvention}},
	InitialSdet:        {Name: "initial_sdet", Minor: true, Kind: Vec3, Parents: []Key{DetectorConvention}},
	InitialOdet:        {Name: "initial_odet", Minor: true, Kind: Vec3, Parents: []Key{DetectorConvention, InitialFdet, InitialSdet}, How: "as given where its length is exactly 1, else f x s"},
	Rx:                 {Name: "Rx", Kind: Mat3, Parents: []Key{AnglesRad}},
	Ry:                 {Name: "Ry", Kind: Mat3, Parents: []Key{AnglesRad}},
	Rz:                 {Name: "Rz", Kind: Mat3, Parents: []Key{AnglesRad}},
	RTotal:             {Name: "R_total", Kind: Mat3, Parents: []Key{Rx, Ry, Rz}, How: "Rz Ry Rx"},
	FdetAfterRotz:      {Name: "fdet_after_rotz", Kind: Vec3, Parents: []Key{InitialFdet, AnglesRad, RTotal}},
	SdetAfterRotz:      {Name: "sdet_after_rotz", Kind: Vec3, Parents: []Key{InitialSdet, AnglesRad, RTotal}},
	OdetAfterRotz:      {Name: "odet_after_rotz", Kind: Vec3, Parents: []Key{InitialOdet, AnglesRad, RTotal}},
	FdetAfterTwotheta:  {Name: "fdet_after_twotheta", Kind: Vec3, Parents: []Key{FdetAfterRotz, AnglesRad, TwothetaAxis}},
	SdetAfterTwotheta:  {Name: "sdet_after_twotheta", Kind: Vec3, Parents: []Key{SdetAfterRotz, AnglesRad, TwothetaAxis}},
	OdetAfterTwotheta:  {Name: "odet_after_twotheta", Kind: Vec3, Parents: []Key{OdetAfterRotz, AnglesRad, TwothetaAxis}},
	Ratio:              {Name: "ratio", Parents: []Key{OdetAfterRotz}, How: "b . odet, rotated but before twotheta"},
	Distance:           {Name: "distance_m", Unit: "m", Parents: []Key{Ratio}, How: "close_distance / ratio"},
	CloseDistanceSetup: {Name: "close_distance_m", Unit: "m", Parents: []Key{Ratio, Distance}, How: "|ratio distance|"},
	Fclose:             {Name: "Fclose_m", Unit: "m", Parents: []Key{BeamCenter, DetectorConvention}},
	Sclose:             {Name: "Sclose_m", Unit: "m", Parents: []Key{BeamCenter, DetectorConvention}},
	TermFastBeforeRot:  {Name: "term_fast_before_rot", Kind: Vec3, Unit: "m", Parents: []Key{Fclose, InitialFdet}, How: "-Fclose f"},
	TermSlowBeforeRot:  {Name: "term_slow_before_rot", Kind: Vec3, Unit: "m", Parents: []Key{Sclose, InitialSdet}, How: "-Sclose s"},
	TermCloseBeforeRot: {Name: "term_close_before_rot", Kind: Vec3, Unit: "m", Parents: []Key{CloseDistanceSetup, InitialOdet}, How: "close_distance o"},
	Pix0BeforeRotation: {Name: "pix0_before_rotation", Kind: Vec3, Unit: "m", Parents: []Key{TermFastBeforeRot, TermSlowBeforeRot, TermCloseBeforeRot}, How: "-Fclose f - Sclose s + close_distance o"},
	Pix0AfterRotz:      {Name: "pix0_after_rotz", Kind: Vec3, Unit: "m", Parents: []Key{Pix0BeforeRotation, AnglesRad}},
	Pix0AfterTwotheta:  {Name: "pix0_after_twotheta", Kind: Vec3, Unit: "m", Parents: []Key{Pix0AfterRotz, AnglesRad, TwothetaAxis}},
	Fbeam:              {Name: "Fbeam_m", Unit: "m", Parents: []Key{BeamCenter, DetectorConvention}},
	Sbeam:              {Name: "Sbeam_m", Unit: "m", Parents: []Key{BeamCenter, DetectorConvention}},
	TermFast:           {Name: "term_fast", Kind: Vec3, Unit: "m", Parents: []Key{Fbeam, FdetAfterTwotheta}, How: "-Fbeam f"},
	TermSlow:           {Name: "term_slow", Kind: Vec3, Unit: "m", Parents: []Key{Sbeam, SdetAfterTwotheta}, How: "-Sbeam s"},
	TermBeam:           {Name: "term_beam", Kind: Vec3, Unit: "m", Parents: []Key{Distance}, How: "distance b"},
	Pix0Setup:          {Name: "pix0_vector", Same: []Key{Pix0Vector}, Kind: Vec3, Unit: "m", Parents: []Key{TermFast, TermSlow, TermBeam}, How: "-Fbeam f - Sbeam s + distance b"},

	FdetVec:            {Name: "fdet_vec", PrintedBy: ProgramC | ProgramPy, Same: []Key{FdetAfterTwotheta}, Kind: Vec3, Stage: Origin, Scope: PerSample, Parents: []Key{FdetAfterTwotheta}},
	SdetVec:            {Name: "sdet_vec", PrintedBy: ProgramC | ProgramPy, Same: []Key{SdetAfterTwotheta}, Kind: Vec3, Stage: Origin, Scope: PerSample, Parents: []Key{SdetAfterTwotheta}},
	Pix0Vector:         {Name: "pix0_vector_meters", PrintedBy: ProgramC | ProgramPy, Same: []Key{Pix0Setup}, Kind: Vec3, Unit: "m", Stage: Origin, Scope: PerSample, Parents: []Key{Pix0AfterTwotheta, Pix0Setup}, How: "SAMPLE: R(-Fclose f - Sclose s + close_distance o); BEAM: -Fbeam f - Sbeam s + distance b"},
	PixelPos:           {Name: "pixel_pos_meters", Locates: true, PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "m", Stage: Position, Scope: PerSample, Parents: []Key{FdetVec, SdetVec, Pix0Vector}, How: "Fdet f + Sdet s + Odet o + D0"},
	RDistance:          {Name: "R_distance_meters", PrintedBy: ProgramC | ProgramPy, Unit: "m", Stage: Position, Scope: PerSample, Parents: []Key{PixelPos}, How: "|P|"},
	CloseDistance:      {Name: "close_distance_meters", PrintedBy: ProgramC | ProgramPy, Same: []Key{CloseDistanceSetup}, Unit: "m", Stage: SolidAngle, Scope: PerSample, Parents: []Key{Pix0Vector, OdetAfterTwotheta}, How: "D0 . o"},
	OmegaSample:        {Name: "omega_pixel_sr", Kept: true, PrintedBy: ProgramC | ProgramPy, Unit: "sr", Stage: SolidAngle, Scope: PerSample, Parents: []Key{RDistance, CloseDistance}, How: "pixel^2/R^2 close_distance/R, or 1/R^2 with -point_pixel"},
	Obliquity:          {Name: "obliquity_factor", PrintedBy: ProgramC | ProgramPy, Stage: SolidAngle, Scope: PerSample, Parents: []Key{RDistance, CloseDistance}, How: "close_distance / R"},
	DiffractedVec:      {Name: "diffracted_vec", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Stage: Scattering, Scope: PerSample, Parents: []Key{PixelPos, RDistance}, How: "P / R"},
	IncidentVec:        {Name: "incident_vec", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Stage: Scattering, Scope: PerSample, Config: true},
	LambdaMeters:       {Name: "lambda_meters", PrintedBy: ProgramC | ProgramPy, Unit: "m", Stage: Scattering, Scope: PerSample, Config: true},
	LambdaAngstroms:    {Name: "lambda_angstroms", PrintedBy: ProgramC | ProgramPy, Minor: true, Unit: "A", Stage: Scattering, Scope: PerSample, Parents: []Key{LambdaMeters}, How: "lambda 1e10"},
	ScatteringVec:      {Name: "scattering_vec_A_inv", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "1/m", Stage: Scattering, Scope: PerSample, Parents: []Key{DiffractedVec, IncidentVec, LambdaMeters}, How: "(d - i) / lambda"},
	PolarizationFactor: {Name: "polarization_factor", Stage: Scattering, Scope: PerSample, Parents: []Key{PolarAxis, DiffractedVec, IncidentVec}},

	RotAStar:   {Name: "rot_a_star_A_inv", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "1/A", Stage: Crystal, Scope: PerStep, How: "V* b x c, not rotated by phi or mosaic"},
	RotBStar:   {Name: "rot_b_star_A_inv", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "1/A", Stage: Crystal, Scope: PerStep, How: "V* c x a, not rotated by phi or mosaic"},
	RotCStar:   {Name: "rot_c_star_A_inv", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "1/A", Stage: Crystal, Scope: PerStep, How: "V* a x b, not rotated by phi or mosaic"},
	RotA:       {Name: "rot_a_angstroms", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "A", Stage: Orientation, Scope: PerStep, Parents: []Key{RotAStar, RotBStar, RotCStar, SpindleAxis}, How: "M_domain R(u, phi) a0"},
	RotB:       {Name: "rot_b_angstroms", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "A", Stage: Orientation, Scope: PerStep, Parents: []Key{RotAStar, RotBStar, RotCStar, SpindleAxis}, How: "M_domain R(u, phi) b0"},
	RotC:       {Name: "rot_c_angstroms", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Unit: "A", Stage: Orientation, Scope: PerStep, Parents: []Key{RotAStar, RotBStar, RotCStar, SpindleAxis}, How: "M_domain R(u, phi) c0"},
	HKLFrac:    {Name: "hkl_frac", PrintedBy: ProgramC | ProgramPy, Kind: Vec3, Stage: Miller, Scope: PerStep, Parents: []Key{ScatteringVec, RotA, RotB, RotC}, How: "a.S, b.S, c.S"},
	HKLRounded: {Name: "hkl_rounded", PrintedBy: ProgramC | ProgramPy, Kind: Int3, Stage: Miller, Scope: PerStep, Parents: []Key{HKLFrac}, How: "ceil(x - 0.5)"},
	FLattA:     {Name: "F_latt_a", When: SquareOnly, PrintedBy: ProgramC | ProgramPy, Stage: Lattice, Scope: PerStep, Parents: []Key{HKLFrac}, How: "sin(pi Na h) / sin(pi h)"},
	FLattB:     {Name: "F_latt_b", When: SquareOnly, PrintedBy: ProgramC | ProgramPy, Stage: Lattice, Scope: PerStep, Parents: []Key{HKLFrac}, How: "sin(pi Nb k) / sin(pi k)"},
	FLattC:     {Name: "F_latt_c", When: SquareOnly, PrintedBy: ProgramC | ProgramPy, Stage: Lattice, Scope: PerStep, Parents: []Key{HKLFrac}, How: "sin(pi Nc l) / sin(pi l)"},
	FLatt:      {Name: "F_latt", When: SquareOnly, PrintedBy: ProgramC | ProgramPy, Stage: Lattice, Scope: PerStep, Parents: []Key{FLattA, FLattB, FLattC}, How: "F_latt_a F_latt_b F_latt_c"},
	PhiDeg:     {Name: "phi_deg", When: SquareOnly, Unit: "deg", Stage: Orientation, Scope: PerPhi, Config: true, How: "phi0 + phistep phi_tic"},
	PhiKFrac:   {Name: "k_frac", When: SquareOnly, Stage: Miller, Scope: PerPhi, Parents: []Key{PhiDeg, RotB, ScatteringVec}, How: "b.S at this phi"},
	PhiFLattB:  {Name: "F_latt_b", When: SquareOnly, Stage: Lattice, Scope: PerPhi, Parents: []Key{PhiKFrac}, How: "sin(pi Nb k) / sin(pi k)"},
	PhiFLatt:   {Name: "F_latt", When: SquareOnly, Stage: Lattice, Scope: PerPhi, Parents: []Key{PhiFLattB, RotA, RotC, ScatteringVec}, How: "F_latt_a F_latt_b F_latt_c"},

	FCell:             {Name: "F_cell", When: NotCut, PrintedBy: ProgramC, Same: []Key{FCellNearest, FCellInterpolated}, Unit: "electrons", Stage: StructureFactor, Scope: PerStep, Parents: []Key{HKLFrac, HKLRounded}},
	FCellNearest:      {Name: "F_cell_nearest", When: NotCut, PrintedBy: ProgramPy, Same: []Key{FCell}, Unit: "electrons", Stage: StructureFactor, Scope: PerStep, Parents: []Key{HKLRounded}},
	TricubicH:         {Name: "tricubic_h", Kind: List, Stage: StructureFactor, Scope: PerStep, Parents: []Key{HKLFrac}},
	TricubicK:         {Name: "tricubic_k", Kind: List, Stage: StructureFactor, Scope: PerStep, Parents: []Key{HKLFrac}},
	TricubicL:         {Name: "tricubic_l", Kind: List, Stage: StructureFactor, Scope: PerStep, Parents: []Key{HKLFrac}},
	TricubicF:         {Name: "tricubic_F", Kind: List, Unit: "electrons", Stage: StructureFactor, Scope: PerStep, Parents: []Key{TricubicH, TricubicK, TricubicL}},
	FCellInterpolated: {Name: "F_cell_interpolated", When: NotCut, Same: []Key{FCell}, Unit: "electrons", Stage: StructureFactor, Scope: PerStep, Parents: []Key{HKLFrac, TricubicF}},

	SourceIndex:     {Name: "source_index", Minor: true, Kind: Int, Stage: Scattering, Scope: PerSource},
	SourceDirection: {Name: "source_direction", Kind: Vec3, Stage: Scattering, Scope: PerSource, Config: true},
	SourceLambda:    {Name: "wavelength_angstroms", Aliases: []string{"lambda_angstroms"}, Unit: "A", Stage: Scattering, Scope: PerSource, Config: true},
	SourceWeight:    {Name: "source_weight", Stage: Scattering, Scope: PerSource, Config: true},
	SourcePolar:     {Name: "polar", Stage: Scale, Scope: PerSource, Parents: []Key{SourceDirection}},
	SourceFCell:     {Name: "F_cell", Unit: "electrons", Stage: StructureFactor, Scope: PerSource, Parents: []Key{SourceDirection, SourceLambda}},
	SourceFLatt:     {Name: "F_latt", Stage: Lattice, Scope: PerSource, Parents: []Key{SourceDirection, SourceLambda}},
	SourceFCellSqr:  {Name: "F_cell_squared", Stage: StructureFactor, Scope: PerSource, Parents: []Key{SourceFCell}, How: "F_cell^2"},
	SourceFLattSqr:  {Name: "F_latt_squared", Stage: Lattice, Scope: PerSource, Parents: []Key{SourceFLatt}, How: "F_latt^2"},
	SourceCos2Theta: {Name: "cos2theta", Stage: Scale, Scope: PerSource, Parents: []Key{SourceDirection}, How: "i . d"},
	SourcePrePolar:  {Name: "I_contribution_pre_polar", Aliases: []string{"I_contribution"}, Stage: Sum, Scope: PerSource, Parents: []Key{SourceFCell, SourceFLatt}, How: "F_cell^2 F_latt^2"},
	SourcePostPolar: {Name: "I_contribution_post_polar", Stage: Sum, Scope: PerSource, Parents: []Key{SourcePrePolar, SourcePolar}},

	IBeforeScaling:          {Name: "I_before_scaling", PrintedBy: ProgramC, Result: true, Same: []Key{IBeforeScalingPrePolar}, Stage: Sum, Scope: PerPixel, Parents: []Key{FLatt, PhiFLatt, FCell, FCellNearest, FCellInterpolated, Steps}, How: "background + sum of F_cell^2 F_latt^2"},
	IBeforeScalingPrePolar:  {Name: "I_before_scaling_pre_polar", PrintedBy: ProgramPy, Result: true, Same: []Key{IBeforeScaling}, Stage: Sum, Scope: PerPixel, Parents: []Key{FLatt, PhiFLatt, FCell, FCellNearest, FCellInterpolated, Steps}, How: "background + sum of F_cell^2 F_latt^2"},
	Polar:                   {Name: "polar", PrintedBy: ProgramC | ProgramPy, Minor: true, Stage: Scale, Scope: PerPixel, Parents: []Key{DiffractedVec, IncidentVec, PolarizationFactor}, How: "(1 + cos^2 2theta - K cos(2 psi) sin^2 2theta) / 2"},
	IBeforeScalingPostPolar: {Name: "I_before_scaling_post_polar", PrintedBy: ProgramPy, Stage: Sum, Scope: PerPixel, Parents: []Key{IBeforeScalingPrePolar, Polar}, How: "I_before_scaling polar"},
	RESqr:                   {Name: "r_e_sqr", PrintedBy: ProgramC | ProgramPy, Unit: "m^2", Stage: Scale, Scope: PerPixel, Config: true},
	REMeters:                {Name: "r_e_meters", PrintedBy: ProgramC | ProgramPy, Minor: true, Unit: "m", Stage: Scale, Scope: PerPixel, Parents: []Key{RESqr}, How: "sqrt(r_e_sqr)"},
	Fluence:                 {Name: "fluence_photons_per_m2", PrintedBy: ProgramC | ProgramPy, Aliases: []string{"fluence"}, Unit: "photons/m^2", Stage: Scale, Scope: PerPixel, Config: true},
	Steps:                   {Name: "steps", PrintedBy: ProgramC | ProgramPy, Kind: Int, Stage: Scale, Scope: PerPixel, Config: true, How: "sources domains phisteps oversample^2"},
	OversampleThick:         {Name: "oversample_thick", PrintedBy: ProgramC | ProgramPy, Kind: Int, Stage: Scale, Scope: PerPixel, Config: true},
	OversamplePolar:         {Name: "oversample_polar", PrintedBy: ProgramC | ProgramPy, Kind: Int, Stage: Scale, Scope: PerPixel, Config: true},
	OversampleOmega:         {Name: "oversample_omega", PrintedBy: ProgramC | ProgramPy, Kind: Int, Stage: Scale, Scope: PerPixel, Config: true},
	CaptureFraction:         {Name: "capture_fraction", PrintedBy: ProgramC | ProgramPy, Minor: true, Stage: Scale, Scope: PerPixel},
	OmegaPixel:              {Name: "omega_pixel", PrintedBy: ProgramC | ProgramPy, Minor: true, Unit: "sr", Stage: Scale, Scope: PerPixel, Parents: []Key{OmegaSample}, How: "the first sample's omega_pixel_sr"},
	Cos2Theta:               {Name: "cos_2theta", PrintedBy: ProgramC | ProgramPy, Minor: true, Stage: Scale, Scope: PerPixel, Parents: []Key{DiffractedVec, IncidentVec}, How: "i . d"},
	IPixelFinal:             {Name: "I_pixel_final", PrintedBy: ProgramC | ProgramPy, Result: true, Unit: "photons", Stage: Scale, Scope: PerPixel, Parents: []Key{IBeforeScaling, IBeforeScalingPrePolar, RESqr, Fluence, Steps, OversampleThick, OversamplePolar, OversampleOmega, CaptureFraction, Polar, OmegaPixel}, How: "r_e_sqr fluence I / steps capture_fraction polar omega_pixel"},
	FloatImage:              {Name: "floatimage_accumulated", PrintedBy: ProgramC | ProgramPy, Result: true, Unit: "photons", Stage: Scale, Scope: PerPixel, Parents: []Key{IPixelFinal}, How: "I_pixel_final as float32"},
}

var nanoBragg = func() *Schema {
	index := make([]IndexKey, Phi+1)
	for i, n := range [...]string{"run", "slow", "fast", "layer", "sub", "source", "domain", "phi"} {
		index[i].Name = n
	}
	for k, f := range formulas {
		table[k].Formula = f
	}
	s, err := New("nanoBragg", index, table[1:])
	if err != nil {
		panic(err)
	}
	return s
}()

// NanoBragg is the schema of nanoBragg's traces; its keys are the constants of
// this package.
func NanoBragg() *Schema { return nanoBragg }

// Info describes a key of NanoBragg; it panics for a key that does not exist.
func Info(k Key) *Quantity {
	if k == None || int(k) >= Count {
		panic("schema: no such key")
	}
	return &nanoBragg.list[k]
}

// String returns the name that a key of NanoBragg prints as.
func (k Key) String() string {
	if k == None || int(k) >= Count {
		return "?"
	}
	return nanoBragg.list[k].Name
}
