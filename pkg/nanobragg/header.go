package nanobragg

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// SMVFile is an SMV image as far as it is read: its header and, for a mask, its
// pixels.
type SMVFile struct {
	Path       string
	Fast, Slow int // pixels

	data   []byte
	header []byte
}

// smvMagic is as much of the first lines as the reference looks at.
const smvMagic = "{\nHEADER_BYT"

// ReadSMV reads an SMV image. Errors are one clear line with the file's name.
func ReadSMV(path string) (*SMVFile, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer in.Close()
	// Never more than the header says there is: a device has no end.
	f := &SMVFile{Path: path}
	if f.header, err = f.more(in, nil, smvHeaderBytes); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(f.header, []byte(smvMagic)) {
		return nil, fmt.Errorf("%s:1: not an SMV image: its first lines are not \"{\" and \"HEADER_BYTES=...\"", path)
	}
	size, err := f.count("HEADER_BYTES", 1<<24)
	if err != nil {
		return nil, err
	}
	all, err := f.more(in, f.header, size)
	if err != nil {
		return nil, err
	}
	if size > len(all) {
		return nil, fmt.Errorf("%s: file ends after %d of the %d bytes of its header", path, len(all), size)
	}
	f.header = all[:size]
	if f.Fast, f.Slow, err = f.size(); err != nil {
		return nil, err
	}
	if f.data, err = f.more(in, all, size+2*f.Fast*f.Slow); err != nil {
		return nil, err
	}
	return f, nil
}

// more reads on until there are so many bytes, or the file ends.
func (f *SMVFile) more(in io.Reader, have []byte, want int) ([]byte, error) {
	if len(have) >= want {
		return have, nil
	}
	buf := bytes.NewBuffer(slices.Clip(have))
	if _, err := buf.ReadFrom(io.LimitReader(in, int64(want-len(have)))); err != nil {
		return nil, fileError(f.Path, err)
	}
	return buf.Bytes(), nil
}

func (f *SMVFile) size() (fast, slow int, err error) {
	if _, found, _ := f.value("SIZE1"); !found {
		n, err := f.count("DETECTOR_DIMENSIONS", math.MaxInt32)
		if err != nil {
			return 0, 0, fmt.Errorf("%s: the header has no SIZE1", f.Path)
		}
		return n, n, nil
	}
	if fast, err = f.count("SIZE1", math.MaxInt32); err != nil {
		return 0, 0, err
	}
	slow, err = f.count("SIZE2", math.MaxInt32)
	return fast, slow, err
}

// value is the number behind the last place in the header where the key
// stands, be it a part of a longer one: the reference finds DISTANCE in
// CLOSE_DISTANCE and ORGX in XDS_ORGX.
func (f *SMVFile) value(key string) (v float64, found bool, err error) {
	head := f.header
	if end := bytes.IndexByte(head, 0); end >= 0 {
		head = head[:end]
	}
	at := bytes.LastIndex(head, []byte(key))
	if at < 0 {
		return 0, false, nil
	}
	line := bytes.Count(head[:at], []byte("\n")) + 1
	_, text, ok := bytes.Cut(head[at:], []byte("="))
	if !ok {
		return 0, true, fmt.Errorf("%s:%d: %s has no value", f.Path, line, key)
	}
	end := bytes.IndexAny(text, ";\n}")
	if end >= 0 {
		text = text[:end]
	}
	v, err = strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, true, fmt.Errorf("%s:%d: %s is %q, not a finite number", f.Path, line, key, shorten(text))
	}
	return v, !math.IsNaN(v), nil
}

// ownDistance is the value of the key DISTANCE where it stands alone.
func (f *SMVFile) ownDistance() (v float64, found bool) {
	_, text, found := bytes.Cut(f.header, []byte("\nDISTANCE="))
	if !found {
		return 0, false
	}
	word := bytes.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' })
	if len(word) == 0 {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(word[0]), 64)
	return v, err == nil
}

func (f *SMVFile) count(key string, most float64) (int, error) {
	v, found, err := f.value(key)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return 0, fmt.Errorf("%s: the header has no %s", f.Path, key)
	case !(v >= 1 && v <= most):
		return 0, fmt.Errorf("%s: %s is %g, not a number from 1 to %g", f.Path, key, v, most)
	}
	return int(v), nil
}

// Pixels returns the pixels, fast axis first. Bytes are not swapped: the
// reference does not either, and what counts in a mask is zero or not.
func (f *SMVFile) Pixels() ([]uint16, error) {
	raw := f.data[len(f.header):]
	if f.Fast > len(raw)/2/f.Slow {
		return nil, fmt.Errorf("%s: file ends after %d of the 2 x %d x %d bytes of its pixels", f.Path, len(raw), f.Fast, f.Slow)
	}
	out := make([]uint16, f.Fast*f.Slow)
	for i := range out {
		out[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	return out, nil
}

// applyHeaders makes the values of -mask's and -img's headers the settings
// that the flags then start from, wherever those two flags stand: the mask's
// first, then the image's. Of each flag the last one counts.
func (b *Builder) applyHeaders(args []Arg) error {
	for _, name := range []string{"-mask", "-img"} {
		var last *Arg
		for i := range args {
			if a := &args[i]; len(a.Values) == 1 && (a.Name == name || !asSpelled(b.Config.Profile) && strings.Contains(a.Name, name)) {
				last = a
			}
		}
		if last == nil {
			continue
		}
		if err := b.applyHeader(name == "-mask", b.pathFrom(last.Origin, last.Values[0])); err != nil {
			return fmt.Errorf("%s%s: %w", b.where(*last), last.Name, err)
		}
	}
	return nil
}

func (b *Builder) applyHeader(mask bool, path string) error {
	f, err := ReadSMV(path)
	if err != nil {
		return err
	}
	d := &b.Config.Detector
	d.PixelsFast, d.PixelsSlow = f.Fast, f.Slow
	b.fromHeader(f, "SIZE1", "detpixels_f")
	b.fromHeader(f, "SIZE2", "detpixels_s")
	for _, k := range []struct {
		key, setting string
		into         *float64
	}{
		{"PIXEL_SIZE", "pixel", &d.PixelMM}, {"DISTANCE", "distance", &d.DistanceMM}, {"CLOSE_DISTANCE", "distance", &d.CloseMM},
		{"WAVELENGTH", "lambda", &b.Config.Beam.LambdaA}, {"BEAM_CENTER_X", "Xbeam", &d.Xbeam}, {"BEAM_CENTER_Y", "Ybeam", &d.Ybeam},
		{"ORGX", "ORGX", &d.ORGX}, {"ORGY", "ORGY", &d.ORGY},
		{"PHI", "phi", &b.Config.Rotation.PhiDeg}, {"OSC_RANGE", "osc", &b.Config.Rotation.OscDeg},
	} {
		v, found, err := f.value(k.key)
		if err != nil {
			return err
		}
		if found {
			*k.into = v
			b.fromHeader(f, k.key, k.setting)
			if k.key == "CLOSE_DISTANCE" {
				b.closeFrom = path
			}
		}
	}
	if own, found := f.ownDistance(); found && own != d.DistanceMM {
		b.warn("%s: DISTANCE=%g is not looked at: the last place in the header where DISTANCE stands is CLOSE_DISTANCE=%g", path, own, d.DistanceMM)
	}
	if mask {
		return b.applyMask(f)
	}
	b.imgFile = path
	return nil
}

// applyMask takes the pixels, and counts BEAM_CENTER_Y from the other end.
func (b *Builder) applyMask(f *SMVFile) (err error) {
	d := &b.Config.Detector
	if y, found, _ := f.value("BEAM_CENTER_Y"); found {
		pixel := float64(d.PixelMM / 1000.0)
		d.YbeamM, d.Ybeam = float64(pixel*float64(f.Slow))-float64(y/1000.0), math.NaN()
	}
	b.MaskFile, b.maskSize = f.Path, [2]int{f.Fast, f.Slow}
	b.Config.Sampling.Mask, err = f.Pixels()
	return err
}

// fromHeader remembers where a setting comes from.
func (b *Builder) fromHeader(f *SMVFile, key, setting string) {
	v, _, _ := f.value(key)
	b.setBy[setting] = Setting{Arg: Arg{Name: fmt.Sprintf("%s=%g", key, v), Origin: f.Path}}
}

// checkHeaders refuses a mask of another size than the detector, and warns of a
// flag that a header undoes.
func (b *Builder) checkHeaders() error {
	d := &b.Config.Detector
	by := b.setBy["distance"]
	if by.Flag != nil && by.Flag.Name == "-distance" && b.closeFrom != "" && !b.given("-close_distance") {
		b.warn("%s is undone by the CLOSE_DISTANCE=%g of %s", by, d.CloseMM, b.closeFrom)
	}
	if b.Config.Sampling.Mask == nil || [2]int{d.PixelsFast, d.PixelsSlow} == b.maskSize {
		return nil
	}
	return fmt.Errorf("%s: the mask has %d x %d pixels (fast x slow), the detector %d x %d",
		b.MaskFile, b.maskSize[0], b.maskSize[1], d.PixelsFast, d.PixelsSlow)
}

// given reports whether a flag was applied.
func (b *Builder) given(name string) bool {
	for _, s := range b.Settings {
		if s.Flag != nil && s.Flag.Name == name {
			return true
		}
	}
	return false
}
