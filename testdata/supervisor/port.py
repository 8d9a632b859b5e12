"""A toy port of nanoBragg, for tests of tracecmp probe: it prints one line and no trace.

It knows the flags of the supervisor case alone (CUSTOM convention, SAMPLE pivot, one source,
one domain, no subpixels), and differs from the C program in two places: the cell turns
afresh at every phi step, and the detector's normal is taken as it was typed.
"""
import math
import struct
import sys

WORDS = {"-spindle_axis": 3, "-odet_vector": 3, "-sdet_vector": 3, "-fdet_vector": 3, "-beam_vector": 3, "-pix0_vector_mm": 3, "-roi": 4,
         "-nonoise": 0, "-nointerpolate": 0}
R_E_SQR = 7.94079248018965e-30  # m^2
DEG = math.pi / 180


def flags(args):
    out, i = {}, 0
    while i < len(args):
        n = WORDS.get(args[i], 1)
        words = args[i + 1:i + 1 + n]
        out[args[i]] = words[0] if n == 1 else words
        i += 1 + n
    return out


def vector(words):
    return [float(w) for w in words]


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def scaled(a, s):
    return [x * s for x in a]


def unit(a):
    return scaled(a, 1 / math.sqrt(dot(a, a)))


def rotated(v, axis, phi):
    s, c = math.sin(phi), math.cos(phi)
    x, d = cross(axis, v), dot(axis, v) * (1 - c)
    return [v[i] * c + x[i] * s + axis[i] * d for i in range(3)]


def grating(x, n):
    return math.sin(n * x) / math.sin(x) if math.sin(x) != 0 else float(n)


def crystal(path, lam):
    with open(path) as f:
        m = [float(w) for w in f.read().split()]
    stars = [scaled(m[i::3], 1e-10 / lam) for i in range(3)]
    volume = 1 / dot(stars[0], cross(stars[1], stars[2]))
    real = [scaled(cross(stars[(i + 1) % 3], stars[(i + 2) % 3]), volume) for i in range(3)]
    return stars, [scaled(v, 1e-10) for v in real]


def factors(path):
    with open(path) as f:
        rows = [line.split() for line in f]
    return {tuple(int(w) for w in r[:3]): float(r[3]) for r in rows if r}


class Detector:
    def __init__(self, f):
        self.fast, self.slow = unit(vector(f["-fdet_vector"])), unit(vector(f["-sdet_vector"]))
        self.normal = vector(f["-odet_vector"])
        self.beam = unit(vector(f["-beam_vector"]))
        self.pixel = float(f["-pixel"]) / 1000
        distance = float(f["-distance"]) / 1000
        self.close = abs(dot(self.beam, self.normal) * distance)
        x, y = float(f["-Xbeam"]) / 1000, float(f["-Ybeam"]) / 1000
        self.origin = [-x * self.fast[i] - y * self.slow[i] + self.close * self.normal[i] for i in range(3)]

    def position(self, spixel, fpixel):
        f, s = (fpixel + 0.5) * self.pixel, (spixel + 0.5) * self.pixel
        return [f * self.fast[i] + s * self.slow[i] + self.origin[i] for i in range(3)]


def pixel(f, det, stars, cell, fhkl, spixel, fpixel):
    pos = det.position(spixel, fpixel)
    airpath = math.sqrt(dot(pos, pos))
    diffracted = scaled(pos, 1 / airpath)
    omega = det.pixel * det.pixel / airpath / airpath * det.close / airpath
    lam = float(f["-lambda"]) * 1e-10
    scattering = [(diffracted[i] - det.beam[i]) / lam for i in range(3)]
    cos2theta = dot(diffracted, det.beam)
    polar = 0.5 * (1 + cos2theta * cos2theta)
    spindle, steps = unit(vector(f["-spindle_axis"])), int(f["-phisteps"])
    counts = [int(f["-N" + n]) for n in "abc"]
    total = 0.0
    for tic in range(steps):
        phi = (float(f["-phi"]) + float(f["-osc"]) / steps * tic) * DEG
        a, b, c = [rotated(v, spindle, phi) for v in cell]
        h, k, l = dot(a, scattering), dot(b, scattering), dot(c, scattering)
        nearest = tuple(math.ceil(x - 0.5) for x in (h, k, l))
        lattice = [grating(math.pi * x, n) for x, n in zip((h, k, l), counts)]
        f_latt = lattice[0] * lattice[1] * lattice[2]
        f_cell = fhkl.get(nearest, 0.0)
        total += f_cell * f_cell * f_latt * f_latt
    fluence = float(f["-flux"]) * float(f["-exposure"]) / (float(f["-beamsize"]) / 1000) ** 2
    final = R_E_SQR * fluence * total / steps * polar * omega
    return final


def main():
    f = flags(sys.argv[1:])
    det = Detector(f)
    stars, cell = crystal(f["-mat"], float(f["-lambda"]) * 1e-10)
    fhkl = factors(f["-hkl"])
    x0, x1, y0, y1 = [int(w) for w in f["-roi"]]
    with open(f.get("-floatfile", "floatimage.bin"), "wb") as out:
        for spixel in range(y0, y1 + 1):
            for fpixel in range(x0, x1 + 1):
                out.write(struct.pack("<f", pixel(f, det, stars, cell, fhkl, spixel, fpixel)))
    print("done")


if __name__ == "__main__":
    main()
