package nanobragg

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"

	"simtrace/pkg/sim"
)

// smvHeaderBytes is the size of a header that is written.
const smvHeaderBytes = 512

// general is C's %g: six significant digits.
func general(v float64) string {
	return number(v, 'g', 6)
}

// fixed is C's %.<digits>f.
func fixed(v float64, digits int) string { return number(v, 'f', digits) }

// number prints what is undefined as the reference's machine does, whose
// undefined results carry a sign.
func number(v float64, form byte, digits int) string {
	switch {
	case math.IsNaN(v):
		return "-nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	return strconv.FormatFloat(v, form, digits, 64)
}

// printf is fmt.Fprintf into w with C's %g for the verb %v of float64 values.
func printf(w io.Writer, format string, args ...any) {
	for i, a := range args {
		if f, ok := a.(float64); ok {
			args[i] = general(f)
		}
	}
	fmt.Fprintf(w, format, args...)
}

// SMVHeader returns the header of an integer image: 512 bytes of KEY=value
// lines, lengths in millimetres, angles in degrees, origins in pixels, as the
// reference writes them (Area Detector Systems Corporation's format).
func SMVHeader(e *sim.Experiment) []byte {
	g, r := e.Geometry, e.Rotation
	px := g.PixelSize
	var h bytes.Buffer
	printf(&h, "{\nHEADER_BYTES=%d;\nDIM=2;\nBYTE_ORDER=little_endian;\nTYPE=unsigned_short;\n", smvHeaderBytes)
	printf(&h, "SIZE1=%d;\nSIZE2=%d;\nPIXEL_SIZE=%v;\nDISTANCE=%v;\n", g.Fast, g.Slow, px*1000.0, g.Distance*1000.0)
	printf(&h, "WAVELENGTH=%v;\n", e.Beam.Lambda0*1e10)
	printf(&h, "BEAM_CENTER_X=%v;\nBEAM_CENTER_Y=%v;\n", g.Xbeam*1000.0, g.Ybeam*1000)
	printf(&h, "ADXV_CENTER_X=%v;\nADXV_CENTER_Y=%v;\n", g.Fbeam*1000.0, (g.SizeS-g.Sbeam)*1000)
	half := float64(0.5 * px)
	printf(&h, "MOSFLM_CENTER_X=%v;\nMOSFLM_CENTER_Y=%v;\n", (g.Sbeam-half)*1000.0, (g.Fbeam-half)*1000)
	printf(&h, "DENZO_X_BEAM=%v;\nDENZO_Y_BEAM=%v;\n", g.Sbeam*1000.0, g.Fbeam*1000)
	printf(&h, "DIALS_ORIGIN=%v,%v,%v\n", g.DialsOrigin[0], g.DialsOrigin[1], g.DialsOrigin[2])
	printf(&h, "XDS_ORGX=%v;\nXDS_ORGY=%v;\n", g.Fclose/px+0.5, g.Sclose/px+0.5)
	printf(&h, "CLOSE_DISTANCE=%v;\n", g.Close*1000.0)
	printf(&h, "PHI=%v;\nOSC_START=%v;\nOSC_RANGE=%v;\n", r.Phi0*sim.DegreesPerRadian, r.Phi0*sim.DegreesPerRadian, r.Osc*sim.DegreesPerRadian)
	printf(&h, "TWOTHETA=%v;\n", g.Setup.Twotheta*sim.DegreesPerRadian)
	printf(&h, "DETECTOR_SN=000;\nBEAMLINE=fake;\n}\f")
	for h.Len() < smvHeaderBytes {
		h.WriteByte(' ')
	}
	return h.Bytes()
}

// WriteSMV writes an integer image: the header, then little-endian unsigned
// 16-bit pixels, fast axis first.
func WriteSMV(w io.Writer, e *sim.Experiment, pixels []uint16) error {
	if _, err := w.Write(SMVHeader(e)); err != nil {
		return err
	}
	return writeWords(w, pixels)
}

func writeWords(w io.Writer, pixels []uint16) error {
	_, err := w.Write(littleEndian(pixels, func(b []byte, v uint16) { binary.LittleEndian.PutUint16(b, v) }))
	return err
}
