// The fast engine's arithmetic for one pixel a work-item: the kernels in plain Go
// of package fast, operation for operation. A product that feeds a sum is never
// fused, and fma stands where the Go code has it; what cannot be computed is NaN.
//
// The build defines, as whole numbers:
//   SHAPE        0 square, 1 round, 2 Gauss, 3 tophat, 4 a crystal of one cell
//   GENERAL      1: the sums compound, or structure factors are interpolated
//   INTERPOLATE  1: they are, up to the pixel that switches it off
//   TABLE        orientations that are staged in local memory at once; 0: none are

#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

#define PI_HI 0x1.921fb54442d18p+1
#define PI_LO 0x1.1a62633145c07p-53
#define INV_PI 0x1.45f306dc9c883p-2
#define LN2_HI 0x1.62e42fefa39efp-1
#define LN2_LO 0x1.abc9e3b39803fp-56
#define LOG2_E 0x1.71547652b82fep+0

#define SQUARE 0
#define ROUND 1
#define GAUSS 2
#define TOPHAT 3
#define ONE_CELL 4

// What a sample computes, and what all of them do: bits of Sample.what and
// Scene.what, as in scene.go.
enum {
	OMEGA = 1, CAPTURE = 2, FIRST_WATER = 4, NORMALIZE = 8, NORMALIZE_FIRST = 16, POLAR_FIRST = 32, POLAR_LAST = 64,
	WEIGHED = 1, CAPTURED = 2, OMEGAED = 4, THICK = 8, POLAR = 16, OMEGAS = 32, WATER = 64,
	END_CAPTURE = 128, END_OMEGA = 256, END_POLAR = 512, PLACED = 1024, RECIPROCAL = 2048, POINT = 4096,
};

// The structs have members of eight bytes only, in the order of scene.go.
typedef struct {
	double fast[3], slow[3], normal[3], origin[3]; // of the detector: unit vectors; metres
	double subpixel, centre, thick;                // metres
	double area, close;                            // of the solid angle
	double background, scale, dmin;
	double cells[3], volume, fudge, star[3][3];
	double lo[3], hi[3], stride[2], base;
	double least[3], most[3], low[3], count[3], outside;
	long oversample, samples, sources, steps, what;
} Scene;

typedef struct {
	double front, behind; // exponents of what the layer captures
	long layer, subS, subF, what;
} Sample;

typedef struct {
	double incident[3], lambda;
	double beam[3], b[3], e[3], kahn; // of the polarisation factor
	double weight;
} Source;

static double clamped(double x, double lo, double hi) {
	if (!(x < hi)) x = hi;
	if (!(x > lo)) x = lo;
	return x;
}

// nearest is the whole number next to x: halves go down.
static double nearest(double x) { return ceil(x - 0.5); }

static double reduce(double x, double m) { return fma(-m, PI_LO, fma(-m, PI_HI, x)); }

static double sin_reduced(double r) {
	double t = r * r;
	double rt = r * t;
	double p = fma(-7.373344734058185e-13, t, 1.6048095426283407e-10);
	p = fma(p, t, -2.505188027473269e-08);
	p = fma(p, t, 2.75573166005697e-06);
	p = fma(p, t, -0.0001984126982505642);
	p = fma(p, t, 0.008333333333285542);
	p = fma(p, t, -0.16666666666666186);
	return fma(rt, p, r);
}

static double cos_reduced(double r) {
	double t = r * r;
	double p = fma(4.616134808792219e-14, t, -1.1463635417518561e-11);
	p = fma(p, t, 2.087659259188775e-09);
	p = fma(p, t, -2.755731706850259e-07);
	p = fma(p, t, 2.4801587285783876e-05);
	p = fma(p, t, -0.001388888888883005);
	p = fma(p, t, 0.04166666666666583);
	return fma(t * t, p, fma(-0.5, t, 1.0));
}

static double exponential(double x) {
	if (!(x > -708.0)) x = -708.0;
	if (!(x < 708.0)) x = 708.0;
	double m = rint(x * LOG2_E);
	double r = fma(-m, LN2_LO, fma(-m, LN2_HI, x));
	double p = fma(2.763558089294297e-07, r, 2.763528784008978e-06);
	p = fma(p, r, 2.4801478198159207e-05);
	p = fma(p, r, 0.0001984118451211408);
	p = fma(p, r, 0.0013888888957644407);
	p = fma(p, r, 0.008333333371416228);
	p = fma(p, r, 0.041666666666480716);
	p = fma(p, r, 0.16666666666610327);
	p = fma(p, r, 0.5000000000000016);
	p = fma(r * r, p, r) + 1.0;
	return p * as_double((ulong)((long)m + 1023) << 52);
}

static double factor_at(__constant Scene *s, __global const double *F, double h0, double k0, double l0) {
	double p = clamped(l0, s->lo[2], s->hi[2]) + s->base;
	p = fma(clamped(k0, s->lo[1], s->hi[1]), s->stride[1], p);
	p = fma(clamped(h0, s->lo[0], s->hi[0]), s->stride[0], p);
	return F[(int)p];
}

// multiple is m pi as a sum.
static double multiple(double m, double *lo) {
	double hi = m * PI_HI;
	*lo = fma(m, PI_LO, fma(m, PI_HI, -hi));
	return hi;
}

static double sin_times(double x, double n) {
	double y = x * n;
	return sin_reduced(reduce(y, rint(y * INV_PI)));
}

static void grating(double x, double h0, double cells, double *num, double *den) {
	if (x == 0.0) {
		*num = cells;
		*den = 1.0;
		return;
	}
	double lo, hi = multiple(h0, &lo);
	*num = sin_times(x, cells);
	*den = sin_reduced(x - hi - lo);
}

// limits is the quotient of the products where a sine is zero.
static double limits(__constant Scene *s, double xh, double h0, double xk, double k0, double xm, double m0) {
	double num, den, n, d;
	grating(xh, h0, s->cells[0], &num, &den);
	grating(xk, k0, s->cells[1], &n, &d);
	num = num * n;
	den = den * d;
	grating(xm, m0, s->cells[2], &n, &d);
	return (num * n) / (den * d);
}

// radius is the squared distance from the nearest reflection.
static double radius(__constant Scene *s, double h, double k, double m) {
	double na = s->cells[0], nb = s->cells[1], nc = s->cells[2];
	if (!(s->what & RECIPROCAL))
		return h * h * na * na + k * k * nb * nb + m * m * nc * nc;
	double x = h * s->star[0][0] + k * s->star[1][0] + m * s->star[2][0];
	double y = h * s->star[0][1] + k * s->star[1][1] + m * s->star[2][1];
	double z = h * s->star[0][2] + k * s->star[1][2] + m * s->star[2][2];
	double r2 = x * x + y * y + z * z;
	return r2 * na * na * nb * nb * nc * nc;
}

static double ball(__constant Scene *s, double r2) {
	double x = PI_HI * sqrt(r2 * s->fudge);
	if (x == 0.0) return s->volume;
	if (x < 1e-3) return NAN;
	double r = reduce(x, rint(x * INV_PI));
	return s->volume * (3.0 * (sin_reduced(r) / x - cos_reduced(r))) / (x * x);
}

// gauss is the lattice factor of Gaussian spots; strictly zero where the exact
// engine's is, if that matters.
static double gauss(__constant Scene *s, double r2, int strict) {
	double x = -(r2 / 0.63 * s->fudge);
	double v = s->volume * exponential(x);
	if (strict && x < -745.13) v = NAN;
	if (strict && x < -745.14) v = 0.0;
	return v;
}

static double tophat(__constant Scene *s, double r2) { return r2 * s->fudge < 0.3969 ? s->volume : 0.0; }

// lattice is the lattice factor of the shapes that the squared distance decides.
static double lattice(__constant Scene *s, double r2, int strict) {
#if SHAPE == ROUND
	return ball(s, r2);
#elif SHAPE == GAUSS
	return gauss(s, r2, strict);
#else
	return tophat(s, r2);
#endif
}

#if TABLE
#define SPACE __local
#else
#define SPACE __global
#endif

// Reflection is what is computed once for as long as the nearest reflection is the
// same.
typedef struct {
	double h0, k0, m0, f;
	double hh, hl, kh, kl, mh, ml; // the indices times pi
} Reflection;

// plain adds (F F_latt)^2 of n orientations.
static double plain(__constant Scene *s, __global const double *F, double x, double y, double z, SPACE const double *o, int n, Reflection *at, double sum) {
	for (int j = 0; j < n; j++, o += 9) {
		double h = o[0] * x + o[1] * y + o[2] * z;
		double k = o[3] * x + o[4] * y + o[5] * z;
		double m = o[6] * x + o[7] * y + o[8] * z;
		double h0 = nearest(h), k0 = nearest(k), m0 = nearest(m);
		if (h0 != at->h0 || k0 != at->k0 || m0 != at->m0) {
			at->h0 = h0;
			at->k0 = k0;
			at->m0 = m0;
			at->f = factor_at(s, F, h0, k0, m0);
#if SHAPE == SQUARE || SHAPE == ONE_CELL
			at->hh = multiple(h0, &at->hl);
			at->kh = multiple(k0, &at->kl);
			at->mh = multiple(m0, &at->ml);
#endif
		}
		if (at->f == 0.0) continue;
#if SHAPE == SQUARE || SHAPE == ONE_CELL
		double xh = PI_HI * h, xk = PI_HI * k, xm = PI_HI * m;
		double den = sin_reduced(xh - at->hh - at->hl) * sin_reduced(xk - at->kh - at->kl) * sin_reduced(xm - at->mh - at->ml);
		double num = sin_times(xh, s->cells[0]) * sin_times(xk, s->cells[1]) * sin_times(xm, s->cells[2]);
		double latt = den == 0.0 ? limits(s, xh, h0, xk, k0, xm, m0) : num / den;
#else
		double latt = lattice(s, radius(s, h - h0, k - k0, m - m0), 0);
#endif
		double v = at->f * latt;
		sum = fma(v, v, sum);
	}
	return sum;
}

#if GENERAL

static double sin_over(double x, double m) {
	double lo, hi = multiple(m, &lo);
	return sin_reduced(x - hi - lo);
}

#if INTERPOLATE
// weights are the values at t of the cubic polynomials that are one at one of -1, 0, 1,
// 2 and zero at the others.
static void weights(double t, double *w) {
	double a = t + 1.0, c = t - 1.0, d = t - 2.0;
	double tc = t * c, ad = a * d;
	w[0] = tc * d * -(1.0 / 6);
	w[1] = ad * c * 0.5;
	w[2] = ad * t * -0.5;
	w[3] = tc * a * (1.0 / 6);
}

static double cubic(const double *w, double a, double b, double c, double d) {
	return fma(w[3], d, fma(w[2], c, fma(w[1], b, w[0] * a)));
}

// interpolated is the structure factor between the 64 reflections around a sample.
static double interpolated(__constant Scene *s, __global const double *F, double h, double k, double m) {
	double index[3] = {h, k, m}, floors[3], w[3][4];
	int outside = 0;
	for (int j = 0; j < 3; j++) {
		floors[j] = clamped(floor(index[j]), s->least[j], s->most[j]);
		outside |= index[j] - s->low[j] + 3.0 > s->count[j] || index[j] - 2.0 < s->low[j];
		weights(index[j] - floors[j], w[j]);
	}
	double p = floors[2] - 1.0 + s->base;
	p = fma(floors[1] - 1.0, s->stride[1], p);
	p = fma(floors[0] - 1.0, s->stride[0], p);
	__global const double *box = F + (int)p;
	double plane[4];
	for (int i = 0; i < 4; i++) {
		double line[4];
		for (int j = 0; j < 4; j++) {
			__global const double *v = box + i * (int)s->stride[0] + j * (int)s->stride[1];
			line[j] = cubic(w[2], v[0], v[1], v[2], v[3]);
		}
		plane[i] = cubic(w[1], line[0], line[1], line[2], line[3]);
	}
	double f = cubic(w[0], plane[0], plane[1], plane[2], plane[3]);
	return outside ? s->outside : f;
}
#endif

// Compound is what the general sweep multiplies by: each term, and the sum behind
// it, where the lattice factor is zero and where not.
typedef struct { double weight, factor, idle; } Compound;

static double general(__constant Scene *s, __global const double *F, double x, double y, double z, SPACE const double *o, int n, const Compound *by, int interpolate, double sum) {
	for (int j = 0; j < n; j++, o += 9) {
		double h = o[0] * x + o[1] * y + o[2] * z;
		double k = o[3] * x + o[4] * y + o[5] * z;
		double m = o[6] * x + o[7] * y + o[8] * z;
		double h0 = nearest(h), k0 = nearest(k), m0 = nearest(m), f;
#if INTERPOLATE
		f = interpolate ? interpolated(s, F, h, k, m) : factor_at(s, F, h0, k0, m0);
#else
		f = factor_at(s, F, h0, k0, m0);
#endif
#if SHAPE == ONE_CELL
		double latt = 1.0;
#elif SHAPE == SQUARE
		double xh = PI_HI * h, xk = PI_HI * k, xm = PI_HI * m;
		double den = sin_over(xh, h0) * sin_over(xk, k0) * sin_over(xm, m0);
		double num = sin_times(xh, s->cells[0]) * sin_times(xk, s->cells[1]) * sin_times(xm, s->cells[2]);
		double latt = den == 0.0 ? limits(s, xh, h0, xk, k0, xm, m0) : num / den;
#else
		double latt = lattice(s, radius(s, h - h0, k - k0, m - m0), 1);
#endif
		double v = f * latt;
		sum = fma(v * v, by->weight, sum);
		sum = sum * (latt == 0.0 ? by->idle : by->factor);
	}
	return sum;
}

#endif

// Pixel is what a pixel's samples share.
typedef struct { double x, y, z, r, sum, capture, polar, omega; } Pixel;

// place computes direction and distance of a sample.
static void place(__constant Scene *s, __global const Sample *at, long slow, long fast, Pixel *p) {
	double f = s->subpixel * (double)(fast * s->oversample + at->subF) + s->centre;
	double g = s->subpixel * (double)(slow * s->oversample + at->subS) + s->centre;
	double o = (double)at->layer * s->thick;
	double x = f * s->fast[0] + g * s->slow[0] + o * s->normal[0] + s->origin[0];
	double y = f * s->fast[1] + g * s->slow[1] + o * s->normal[1] + s->origin[1];
	double z = f * s->fast[2] + g * s->slow[2] + o * s->normal[2] + s->origin[2];
	p->r = sqrt(x * x + y * y + z * z);
	p->x = x / p->r;
	p->y = y / p->r;
	p->z = z / p->r;
}

static void normalize_again(Pixel *p) {
	double r = sqrt(p->x * p->x + p->y * p->y + p->z * p->z);
	p->x = p->x / r;
	p->y = p->y / r;
	p->z = p->z / r;
}

static double solid_angle(__constant Scene *s, double r) {
	double o = s->area / r / r;
	return s->what & POINT ? o : o * s->close / r;
}

static double captured(__constant Scene *s, __global const Sample *at, const Pixel *p) {
	double parallax = p->x * s->normal[0] + p->y * s->normal[1] + p->z * s->normal[2];
	return exponential(at->front / parallax) - exponential(at->behind / parallax);
}

static double polarized(__global const Source *q, const Pixel *p) {
	double c = q->beam[0] * p->x + q->beam[1] * p->y + q->beam[2] * p->z;
	double u = p->x * q->b[0] + p->y * q->b[1] + p->z * q->b[2];
	double v = p->x * q->e[0] + p->y * q->e[1] + p->z * q->e[2];
	double c2 = c * c, u2 = u * u, v2 = v * v;
	double cos2psi = (v2 - u2) / (v2 + u2);
	double turn = q->kahn * cos2psi * (1.0 - c2);
	return 0.5 * (1.0 + c2 - turn);
}

// factored multiplies by what the profile gives to each sample.
static double factored(__constant Scene *s, const Pixel *p, double v, double weight) {
	if (s->what & WEIGHED) v = v * weight;
	if (s->what & CAPTURED) v = v * p->capture;
	if (s->what & OMEGAED) v = v * p->omega;
	return v;
}

// image computes n pixels of rows from one on, width in each; sums up to the index
// latch, counted in the whole detector of pitch pixels a row, interpolate.
__kernel void image(__constant Scene *s, __global const Sample *samples, __global const Source *sources, __global const double *table, __global const double *F,
                    __global const double *places, long row, long column, long width, long n, long latch, long pitch, __global float *out) {
	long i = get_global_id(0);
	long at = min(i, n - 1); // the last group's surplus computes the last pixel again
	long slow = row + at / width, fast = column + at % width;
	Pixel p;
	p.sum = s->background;
	p.capture = 1.0;
	p.polar = 1.0;
	p.omega = 0.0;
	int steps = (int)s->steps, cut = 0;
#if GENERAL
	int interpolate = INTERPOLATE && slow * pitch + fast < latch;
	int compounds = interpolate || s->what & (THICK | POLAR | OMEGAS);
#endif
#if TABLE
	__local double staged[TABLE * 9];
#endif
	for (long sample = 0; sample < s->samples; sample++) {
		__global const Sample *a = samples + sample;
		if (s->what & PLACED) {
			__global const double *v = places + 4 * (sample * n + at);
			p.x = v[0];
			p.y = v[1];
			p.z = v[2];
			p.r = v[3];
		} else {
			place(s, a, slow, fast, &p);
		}
		if (a->what & OMEGA) p.omega = solid_angle(s, p.r);
		if (a->what & CAPTURE) p.capture = captured(s, a, &p);
		if (a->what & FIRST_WATER) p.sum = factored(s, &p, p.sum, 1.0);
		for (long source = 0; source < s->sources; source++) {
			__global const Source *q = sources + source;
			double x = (p.x - q->incident[0]) / q->lambda, y = (p.y - q->incident[1]) / q->lambda, z = (p.z - q->incident[2]) / q->lambda;
			if (s->dmin > 0.0) {
				double stol = 0.5 * sqrt(x * x + y * y + z * z);
				cut |= stol > 0.0 && s->dmin > 0.5 / stol;
			}
			if (s->what & POLAR) p.polar = polarized(q, &p);
			double held = p.sum;
			int apart = s->what & (WEIGHED | CAPTURED | OMEGAED);
#if GENERAL
			apart = apart && !compounds;
			Compound by = {factored(s, &p, 1.0, q->weight), 1.0, 1.0};
			if (s->what & THICK) by.factor = p.capture;
			if (s->what & POLAR) by.factor = by.factor * p.polar;
			if (s->what & OMEGAS) by.factor = by.factor * p.omega;
			if (s->what & WATER) by.idle = by.factor;
#endif
			if (apart) p.sum = 0.0;
			Reflection near = {NAN, NAN, NAN, 0.0};
#if TABLE
			for (int first = 0; first < steps; first += TABLE) {
				int some = min(TABLE, steps - first);
				if (steps > TABLE || sample == 0 && source == 0) {
					barrier(CLK_LOCAL_MEM_FENCE);
					for (int j = get_local_id(0); j < 9 * some; j += get_local_size(0)) staged[j] = table[9 * first + j];
					barrier(CLK_LOCAL_MEM_FENCE);
				}
				__local const double *o = staged;
#else
			{
				int some = steps;
				__global const double *o = table;
#endif
#if GENERAL
				if (compounds)
					p.sum = general(s, F, x, y, z, o, some, &by, interpolate, p.sum);
				else
#endif
					p.sum = plain(s, F, x, y, z, o, some, &near, p.sum);
			}
			if (apart) p.sum = factored(s, &p, p.sum, q->weight) + held;
			int last = source == s->sources - 1;
			if (a->what & NORMALIZE && !last || a->what & NORMALIZE_FIRST && source == 0) normalize_again(&p);
			if (a->what & POLAR_FIRST && source == 0 || a->what & POLAR_LAST && last) p.polar = polarized(q, &p);
		}
	}
	if (s->what & END_CAPTURE) p.capture = 1.0;
	if (s->what & END_OMEGA) p.omega = 1.0;
	if (s->what & END_POLAR) p.polar = 1.0;
	double v = s->scale * p.sum * p.capture * p.polar;
	if (i < n) out[i] = cut ? (float)NAN : (float)(v * p.omega);
}

// arithmetic computes ten operations with each three numbers, for the test of the
// device.
__kernel void arithmetic(__global const double *in, __global double *out, __global float *rounded, long n) {
	long i = get_global_id(0);
	if (i >= n) return;
	double a = in[3 * i], b = in[3 * i + 1], c = in[3 * i + 2];
	__global double *o = out + 8 * i;
	o[0] = a * b + c;
	o[1] = a * b - c * a;
	o[2] = fma(a, b, c);
	o[3] = a / b;
	o[4] = sqrt(fabs(a));
	o[5] = ceil(a - 0.5);
	o[6] = rint(b * INV_PI);
	o[7] = exponential(c);
	rounded[i] = (float)a;
}
