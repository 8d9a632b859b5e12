// Package trace reads and writes the trace logs of nanoBragg and its ports.
//
// A log is a program's output as it came: banner, warnings and progress lines
// with trace lines between them. It is read in three steps:
//
//  1. Open makes it a Source, plain text that can be read at any place; Concat
//     makes one of several files.
//  2. Scan reads it once and finds its blocks: the setup of each run, each pixel,
//     each step of another program. The Index says where they stand.
//  3. A Reader turns the lines of a block into Records, one a quantity, each with
//     its position in the file (Pos) and in the calculation (schema.Coord). Blocks
//     are read in any order, by several readers that share their Names.
//
// What looks like a trace and cannot be read becomes a Problem, never an error
// and never nothing. Read does all of it for a log that fits in memory.
//
//	log ─ Open ─ Scan ─ Reader ─▶ Record … ─▶ NewC, NewPy, NewJSONL ─▶ log
//
// # What counts as a trace line
//
// A trace line starts with a tag, TRACE or TRACE_<DIALECT> with an optional
// suffix, and a colon (the PHI and ROTSTAR rows go without). The dialect may be
// any word of capitals; C and PY are those of the reference and its port.
//
//	TRACE_C:key=1 2 3               setup: before any pixel
//	TRACE_C: key 1 2 3              pixel
//	TRACE_C_PHI phi_tic=0 k=1 l=2   one row a phi step, one record a column
//	TRACE_C_SOURCE2: key 1          per source, also "TRACE_PY_SOURCE 2: key 1"
//	TRACE_PY_TRICUBIC: [i,j,k]=1    neighbourhood of an interpolation
//	TRACE_C_TAP5: key 1 other 2     any other suffix: a tap
//	TRACE:   label = [1, 2, 3]      note, under the heading that stands before
//	{"stream":"pixel","key":…}      JSON lines, as NewJSONL writes them
//
// The stream of a quantity that the schema knows follows from the schema, not
// from the form of its line: ports print setup keys in the form of pixel lines.
//
// Within a line, a tag is taken where a trace line stands glued behind a
// warning that lacks its newline: what follows must then read as a quantity.
// Prose and source code that mention a tag are not traces.
//
// # A log that breaks off
//
// A last line without its newline may lack digits, or an exponent, and still
// read as a number. Its last value is therefore not handed out, and the log is
// reported as Truncated; unless it is floatimage_accumulated, which repeats
// I_pixel_final and so tells that it is whole.
//
// # Memory
//
// A Source of up to MemoryLog bytes is held in memory. An Index keeps 2 to 16
// bytes a block. A Reader keeps the records of one block, each name once, and up
// to [MaxProblems] problems of each kind and block; the rest are counted. What it
// hands out is overwritten with the next block, unless it is told to keep it; the
// texts of values share the memory of the lines that were read.
//
// # What is inferred
//
// The reference prints a pixel's block once a detector layer and subpixel,
// without an index. The Sub of a record is therefore a running number over the
// samples of a pixel, in print order, not the subpixel's index; its Layer stays
// unknown. JSON lines carry the true indices. A setup that comes again behind a
// pixel begins another run. Whether a comma is the decimal mark is decided for
// the whole of a log.
package trace
