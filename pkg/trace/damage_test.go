package trace

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

func TestLastLineWithoutNewline(t *testing.T) {
	whole := testkit.File(t, "testdata/supervisor.log")
	whole = strings.TrimSuffix(whole, "\n")
	for _, c := range []struct {
		name, in string
		cut      bool
	}{
		{"a whole pixel", whole, false},
		{"a whole pixel, then noise", whole + "\n2% done", false},
		{"without its last line", whole[:strings.LastIndex(whole, "\n")], true},
		{"in the last number", whole[:len(whole)-6], true},
		{"without the last exponent", strings.TrimSuffix(whole, "e-07"), true},
		{"in the middle", whole[:len(whole)/2], true},
		{"in a tag", "TRACE_C: F_cell 1\nTRACE_", true},
		{"behind a tag", "TRACE_C: F_cell 1\nTRACE_C", true},
		{"in a key", "TRACE_C: F_cell 1\nTRACE_C: F_la", true},
		{"in noise, the pixel not finished", "TRACE_C: F_cell 1\n4% do", true},
		{"noise alone", "0% done", false},
		{"nothing", "", false},
		{"a setup alone", "TRACE_C:twotheta_axis=0 1 0\nTRACE_C:pix0_vector=0.112087366299472 0.0653100408232811 -0.0556023303792543", true},
		{"rows alone", "TRACE_C_PHI phi_tic=0 F_latt=1.5\nTRACE_C_PHI phi_tic=1 F_latt=1.09860741704307", true},
		{"a note behind a whole pixel", whole + "\nTRACE: Oversample = 1", true},
		{"a JSON line", `{"stream":"pixel","key":"F_cell","values":[1]}`, false},
		{"a cut JSON line", `{"stream":"pixel","key":"F_cell","val`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := readString(t, c.in)
			cut := len(log.Problems) == 1 && log.Problems[0].Kind == Truncated
			if cut != c.cut || len(log.Problems) > 1 {
				t.Errorf("problems: %v", log.Problems)
			}
			if cut && len(at(log, log.Lines)) > 0 {
				t.Errorf("a value that may be cut was kept: %+v", at(log, log.Lines))
			}
		})
	}
}

// TestEveryCut: wherever a log breaks off, either its numbers are those of the
// whole log, or the last ones are not handed out.
func TestEveryCut(t *testing.T) {
	testkit.NotUnderRace(t)
	whole := testkit.File(t, "testdata/supervisor.log")
	whole = regexp.MustCompile(`(?m)^TRACE:  .*\n`).ReplaceAllString(whole, "") // most notes: too much of the same
	var all []string
	for _, r := range readString(t, whole).Records {
		all = append(all, sketch(&r))
	}
	for cut := 2; cut < len(whole); cut++ {
		log := readString(t, whole[:cut])
		if len(log.Records) > len(all) {
			t.Fatalf("cut at %d: more records than in the whole", cut)
		}
		for i, r := range log.Records {
			if got := sketch(&r); got != all[i] && r.Key != schema.FloatImage {
				t.Fatalf("cut at %d: %s, in the whole %s", cut, got, all[i])
			}
		}
		if whole[cut-1] != '\n' && len(log.Problems) != 1 && cut < len(whole)-20 {
			t.Fatalf("cut at %d, in %q: problems %v", cut, whole[max(0, cut-30):cut], log.Problems)
		}
	}
}

func TestCrashes(t *testing.T) {
	log := readString(t, `TRACE_PY: F_cell 1
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    main()
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in <module>
ValueError: bad
Segmentation fault (core dumped)
`)
	var why []string
	for _, p := range log.Problems {
		if p.Kind != Traceback {
			t.Errorf("%+v", p)
		}
		why = append(why, p.Why)
	}
	if got, want := strings.Join(why, "; "), "KeyError: 'x'; ValueError: bad; the program crashed"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestGzip(t *testing.T) {
	text := testkit.File(t, "testdata/supervisor.log")
	plain := readString(t, text)
	z := zipped(t, text)
	log, err := Read(bytes.NewReader(z), "t.log")
	if err != nil || sketches(log) != sketches(plain) || log.Bytes != int64(len(text)) || log.Lines != plain.Lines {
		t.Fatalf("%v: %d records, %d bytes, %d lines", err, len(log.Records), log.Bytes, log.Lines)
	}
	// Cut off in the middle: what came is kept, and the log said to be cut.
	log, err = Read(bytes.NewReader(z[:len(z)*2/3]), "t.log")
	if err != nil || len(log.Records) == 0 || len(log.Records) >= len(plain.Records) {
		t.Fatalf("%v, %d records", err, len(log.Records))
	}
	if last := log.Problems[len(log.Problems)-1]; last.Kind != Truncated || last.Why != "the compressed log ends early" {
		t.Errorf("%+v", log.Problems)
	}
	// Damaged within: an error, for nothing behind it can be trusted.
	bad := bytes.Clone(z)
	bad[len(bad)-5] ^= 0xff // of the checksum
	if _, err := Read(bytes.NewReader(bad), "t.log"); !errors.Is(err, gzip.ErrChecksum) || !strings.HasPrefix(err.Error(), "t.log: ") {
		t.Errorf("a wrong checksum gives %v", err)
	}
}

func TestInputFails(t *testing.T) {
	broken := errors.New("disk on fire")
	in := io.MultiReader(strings.NewReader("TRACE_C: F_cell 1\nTRACE_C: F_cell 2"), iotest.ErrReader(broken))
	if _, err := Read(in, "t.log"); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "t.log: ") {
		t.Errorf("failing input gives %v", err)
	}
	if _, err := ReadFile("testdata/none.log"); err == nil || !strings.Contains(err.Error(), "none.log") {
		t.Errorf("a missing file gives %v", err)
	}
	if _, err := Read(strings.NewReader("\xff\xfeT\x00R\x00"), "t.log"); err == nil || !strings.Contains(err.Error(), "UTF-16") {
		t.Errorf("UTF-16 gives %v", err)
	}
}

// TestReaderByByte: the pieces in which the input arrives do not matter.
func TestReaderByByte(t *testing.T) {
	text := testkit.File(t, "testdata/port.log")
	log, err := Read(iotest.OneByteReader(strings.NewReader(text)), "t.log")
	if err != nil || sketches(log) != sketches(readString(t, text)) {
		t.Errorf("%v\n%s", err, sketches(log))
	}
}

func TestLongLines(t *testing.T) {
	testkit.NotUnderRace(t)
	const big = 3 << 20
	for _, c := range []struct{ name, in, want string }{
		{"longer than 64 KiB", "x" + strings.Repeat(" ", 200<<10) + "TRACE_C: F_cell 5\n", "pixel {F_cell} 5"},
		{"a hole of zeros", strings.Repeat("\x00", big) + "TRACE_C: F_cell 5\nTRACE_C: F_latt 6\n",
			"pixel {F_latt} 6\n! 1 unparsed: the line is longer than 1 MiB"},
		{"many tags", strings.Repeat("TRACE_A ", big/8) + "\nTRACE_C: F_latt 6\n",
			"pixel {F_latt} 6\n! 1 unparsed: the line is longer than 1 MiB"},
		{"noise", strings.Repeat("ab", big) + "\nTRACE_C: F_latt 6\n", "pixel {F_latt} 6"},
		{"a trace without end", "TRACE_C: F_cell " + strings.Repeat("1", big) + "\nTRACE_C: F_latt 6\n",
			"pixel {F_latt} 6\n! 1 unparsed: the line is longer than 1 MiB"},
		{"a trace without end behind a progress bar", "10 %\rTRACE_C: F_cell " + strings.Repeat("1", big) + "\nTRACE_C: F_latt 6\n",
			"pixel {F_latt} 6\n! 1 unparsed: the line is longer than 1 MiB"},
		{"a progress bar", strings.Repeat("10 %\r", big/5) + "TRACE_C: F_cell 5\n", "pixel {F_cell} 5"},
		{"JSON without end", `{"stream":"pixel","key":"` + strings.Repeat("k", big) + "\"}\nTRACE_C: F_latt 6\n",
			"pixel {F_latt} 6\n! 1 unparsed: the line is longer than 1 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := readString(t, c.in)
			got := sketches(log)
			if got != c.want || log.Bytes != int64(len(c.in)) || log.Lines != strings.Count(c.in, "\n") {
				t.Errorf("%d lines, %d bytes\n got %s\nwant %s", log.Lines, log.Bytes, got, c.want)
			}
			for _, p := range log.Problems {
				if len(p.Text) > 200 {
					t.Errorf("a problem of %d bytes", len(p.Text))
				}
			}
		})
	}
}

// TestLineOfTags: a line that is all tags costs its length, not its square,
// and what is readable behind it is read.
func TestLineOfTags(t *testing.T) {
	for _, tag := range []string{"TRACE_A:", "TRACE_A ", "TRACE", "TRACE_PY_SOURCE ", "TRACE_A: x"} {
		log := readString(t, strings.Repeat(tag, maxLine/2/len(tag))+"\nTRACE_C: F_latt 6\n")
		if got := at(log, 2); len(got) != 1 || len(log.Problems) > 1 || len(log.Records) > 2 {
			t.Errorf("%q: %d records, %d problems, line 2 %v", tag, len(log.Records), len(log.Problems), got)
		}
	}
}

// TestCrashLines: what programs, runtimes and batch systems say when a run does
// not come to its end.
func TestCrashLines(t *testing.T) {
	for _, line := range []string{
		"Segmentation fault (core dumped)", "./run.sh: line 3: 4711 Segmentation fault      ./a.out", "Killed", "  Killed", "Aborted (core dumped)",
		"terminate called after throwing an instance of 'std::bad_alloc'", "a.out: main.c:5: main: Assertion `x > 0' failed.",
		"==4711==ERROR: AddressSanitizer: heap-buffer-overflow", "sim.c:12:5: runtime error: signed integer overflow", "panic: runtime error: index out of range",
		"fatal error: all goroutines are asleep - deadlock!", "slurmstepd: error: *** JOB 5 ON n1 CANCELLED AT 2020-01-01 DUE TO TIME LIMIT ***",
		"forrtl: severe (174): SIGSEGV, segmentation fault occurred", "Out of memory: Killed process 4711", "=>> PBS: job killed: walltime 3600 exceeded limit 3600",
		"MPI_ABORT was invoked on rank 0 in communicator MPI_COMM_WORLD", "torch.cuda.OutOfMemoryError: CUDA out of memory.", "Bus error", "Floating point exception",
	} {
		log := readString(t, "TRACE_C: F_cell 1\n"+line+"\n")
		if len(log.Problems) != 1 || log.Problems[0].Kind != Traceback || log.Problems[0].Pos.Line != 2 || log.Problems[0].Text != strings.TrimLeft(line, " ") {
			t.Errorf("%q: %v", line, log.Problems)
		}
	}
	for _, line := range []string{
		"no process was Killed", "memory: 5 GB free(d)", "the run was not Aborted", "Segmentation of the image: done", "fatal errors: 0", "panicking is no use",
		"0 assertions failed", "killed time: 5 s",
	} {
		if log := readString(t, "TRACE_C: F_cell 1\n"+line+"\n"); len(log.Problems) != 0 {
			t.Errorf("%q: %v", line, log.Problems)
		}
	}
}
