package parity_test

import (
	"fmt"
	"strings"
	"testing"

	"simtrace/pkg/parity"
)

// anyPair is a pair of small logs of a program of which nothing is known. In both
// {a|b} stands for a in the reference and b in the other.
type anyPair struct {
	name, logs     string
	verdict        parity.Verdict
	line           int // of the first divergence in the reference, 0 for any
	diverged, lost int
}

var anyPairs = []anyPair{
	{"complex numbers", "u 1\nz = 0.54030231-0.8414{709|809}j w = (1.5+0.2{5|6}j)\n", parity.Diverged, 2, 2, 0},
	{"a factor behind a letter", "step 1 r 0.5 (x1.04719755{1|2})\nstep 2 r 0.25 (x1.5707963{27|32})\n", parity.Match, 0, 0, 0},
	{"a factor that differs", "step 1 r 0.5 (x1.0471)\nstep 2 r 0.25 (x1.57{07|17})\n", parity.Diverged, 2, 1, 0},
	{"numbers in columns without a blank", "  1  12.345-100.2{34|74}  7.5\n", parity.Diverged, 1, 1, 0},
	{"what stands behind a type", "x = tensor([0.25, 0.75], device='cuda:0', grad_fn=<AddBackward0>) tensor(3.1{4|7})\n", parity.Diverged, 1, 1, 0},
	{"addresses", "<Grid at 0x7f{3a|41}5c0be{210|7f8}> cells 64 mass 1.75\n", parity.Match, 0, 0, 0},
	{"syslog", "Mar  {4|5} 10:11:{12|52} node{1|7} solver[{312|98}]: step 1 energy 2.5\nMar  4 10:11:13 node1 solver[312]: step 2 energy {2.25|2.75}\n", parity.Diverged, 2, 1, 0},
	{"Android", "03-04 10:11:12.345  {312|98}  {318|99} D Solver: step=1 energy=2.5\n", parity.Match, 0, 0, 0},
	{"Spring", "2025-03-04 10:11:12.345  INFO {312|98} --- [           main] com.acme.Solver          : step=1 energy=2.5\n", parity.Match, 0, 0, 0},
	{"log4j on one side", "{|10:11:12.345 [main] INFO  com.acme.Solver - }step 1 energy 2.5\n", parity.Match, 0, 0, 0},
	{"srun -l of many tasks", "{ 9: step 1 energy 2.5\n10: step 1 energy 2.75|10: step 1 energy 2.75\n 9: step 1 energy 2.5}\n", parity.Match, 0, 0, 0},
	{"Chromium", "2025-03-04 10:11:12.345 [{312:98|409:77}] step 2 energy 2.25\n", parity.Match, 0, 0, 0},
	{"seconds since 1970 are no rank", "[1741080{123|999}] step 1 energy 2.5\n[1741080{124|998}] step 2 energy {2.25|2.75}\n", parity.Diverged, 2, 1, 0},
	{"a model's words", "wall shear stress: 0.12{3|5}\nused and compiled (interval > {0|2}) = T\n GPU acceleration: no, total charge: {9.98|8.98}\neta = 0.2{1|2}\n", parity.Diverged, 1, 4, 0},
	{"speeds", "{'loss': 0.25, 'samples_per_second': {31.5|28.1}, 'eval_runtime': {2.5|3.5}}\n", parity.Match, 0, 0, 0},
	{"a line of timers", "norm 0.5\nMLMG: Timers: Solve = {0.51|0.47} Iter = {0.31|0.29} Bottom = {0.02|0.03}\n", parity.Match, 0, 0, 0},
	{"times end at a blank line", "Total time:\n   solve  {1.5|1.7}\n   write  {0.5|0.6}\n\n   shells: {10|12}\n", parity.Diverged, 5, 1, 0},
	{"one below a heading of times", "performance:\n  blocks: 8\n  tiles: {4|5}\n  depth: 3\n  width: 16\n  order: 2\n", parity.Diverged, 3, 1, 0},
	{"hashes", "hash 1234567890123456{781|782}\n", parity.Diverged, 1, 1, 0},
	{"a crash with numbers in both", "energy 2.5\nslurmstepd: error: *** JOB 4711 ON n3 CANCELLED AT 2025-03-04T10:11:12 DUE TO TIME LIMIT ***\n", parity.Refused, 0, 0, 0},
	{"numbers in quotes", "{\"step\": 1, \"energy\": \"2.5\"}\n{\"step\": 2, \"energy\": \"{2.25|2.75}\"}\n", parity.Diverged, 2, 1, 0},
	{"quoted columns", "\"step\",\"force\",\"energy\"\n\"1\",\"0.5\",\"2.5\"\n\"2\",\"0.25\",\"{2.25|2.75}\"\n", parity.Diverged, 3, 1, 0},
	{"leaders", "Total energy {:|.............} 2.5 eV\nNorm {:|.....................} 0.25\n", parity.Match, 0, 0, 0},
	{"the title of a window", "{|\x1b]0;job 12\x07}energy 2.5\n", parity.Match, 0, 0, 0},
	{"JSON without a last newline", "[\n {\"energy\": 2.5},\n {\"energy\": 2.25}]", parity.Match, 0, 0, 0},
	{"settings with comments", "Tolerance = 1e-6\t\t# default\nOrder = 4\t\t# default\n{Depth = 7\t\t# default\n|}Width = 9\t\t# default\n", parity.Diverged, 3, 0, 1},
	{"a line that repeats the one before", "residual 0.5\n{residual 0.5\n|}energy 2.5\n", parity.Diverged, 0, 0, 1},
	{"a row before an end that repeats itself", "{E 1.5\n|}E 1.25\nE 1.125\nE 1.0625\nE 1.03125\nE 1.03125\n", parity.Diverged, 1, 0, 1},
	{"words under a header of numbers", " Step  Temp  CPU  Press\n 1 0.5 {1.1|1.2} 2.5\n 2 0.6 {2.3|2.9} 2.7\nFinal {3.5|3.7} 4.5\n", parity.Diverged, 4, 1, 0},
	{"a table with times in a column", "  iter      residual       drag   wall time\n     1     {0.51|0.62}     2.25      {0.13|0.19}\n     2     {0.32|0.43}     2.5       {0.44|0.35}\n     3     {0.23|0.34}     2.75      {0.61|0.72}\n", parity.Diverged, 2, 3, 0},
	{"a profile", "Density profile:\n  left {1.5|1.7}\n  right {2.5|2.2}\n", parity.Diverged, 2, 2, 0},
	{"kilobars", "step 1\n stress = {-2.71|-7.12} kB  work 0.5\n", parity.Diverged, 2, 1, 0},
	{"seconds of the model", "{dt = 0.004 s|dt = 0.008 s}\nenergy 2.5\nperiod: {3.25|4.25} s\n", parity.Diverged, 1, 2, 0},
	{"a model's elapsed time", "n 1 elapsed physical time {0.31|0.32} s e 2\nn 2 elapsed physical time {0.75|0.78} s e 3\n", parity.Diverged, 1, 2, 0},
	{"a lost line of times", "step 1\n{ time...... 2.25\n|} mass 3\nstep 2\n time...... 3.5\n mass 4\nstep 3\n time...... 7.75\n mass 5\nstep 4\n time...... 5.5\n mass 6\n", parity.Diverged, 2, 0, 1},
	{"checksums", "step 1 e 2.5 crc=0x00a1b2c{3|4}\nstate 0x1{e|f} of 0x55d0c8a2b{1|7}0, e 3\nhash: 0x0123456789a{b|c}\n", parity.Diverged, 1, 3, 0},
	{"addresses by their words", "==12== at 0x10{915|A27}D: solve\nbuffer ptr=0x6{0|1}f0, e 2.5\n", parity.Match, 0, 0, 0},
	{"powers of ten", "a = 2.75·10⁻{³|⁴} b = 1.5 × 10{²|¹²}\n", parity.Diverged, 1, 2, 0},
	{"ratios", "ratio 2 4.7{51|61}:3.4812\n", parity.Diverged, 1, 1, 0},
	{"words for infinity", "step 1 inf = 0.25\nPrimal Inf.   Dual Inf.\n", parity.Match, 0, 0, 0},
	{"progress bars", " 30%: 3/10 [00:0{1|2}<00:0{4|6}, {2.25|1.75}it/s]{'loss': 0.25, 'lr': 0.001}\n", parity.Match, 0, 0, 0},
	{"minutes and seconds", "SOLVE : {3m 7.25|4m 1.50}s CPU {3m 9.50|4m 2.75}s WALL\nETA {2m31|3m04}s\nenergy 2.5\n", parity.Match, 0, 0, 0},
	{"a title of times", " ===>     TIMING STATISTICS     <===\n\n setup = {0.31|0.47}\n sweep = {1.25|1.75}\n\n k = 1.{25|75}\n", parity.Diverged, 6, 1, 0},
	{"below a line that is no list of times", "Timing run:\n\nstep 1 e {2.5|2.25}\nstep 2 e {3.5|3.25}\nstep 3 e {4.25|4.75}\n", parity.Diverged, 3, 3, 0},
	{"a table of timers", "Section   no. calls   wall time   part\n------\nSolve  4  {5.25|6.5}s  {14|39}%\nWrite  2  {0.25|0.5}s  {4|3}%\n\nenergy 2.5\n", parity.Match, 0, 0, 0},
	{"rates", "steps/s: {81.5|64.25}\nms/step {1.25|1.5}\nload average: {0.12, 0.5|1.5, 2.25}\nenergy 2.5\n", parity.Match, 0, 0, 0},
	{"times of a shell", "1.{25|75}user 0.{25|5}system 0:02.{70|90}elapsed 9{8|1}%CPU\nenergy 2.5\n", parity.Match, 0, 0, 0},
	{"short dates", "state 2.5 written 3/{14|15}/26 1{0|1}:16 AM\n", parity.Match, 0, 0, 0},
	{"a row that ends with seconds", "   1  {-2.5e+02|-2.75e+02}  1.5e-01  2.5e-02  {3|4}s\n   2  {-2.25e+02|-2.625e+02}  1.25e-01  1.5e-02  {5|6}s\n", parity.Diverged, 1, 2, 0},
	{"ranks of a number", "Process {0 of 2: sum 2.5\nProcess 1 of 2: sum 3.5|1 of 2: sum 3.5\nProcess 0 of 2: sum 2.5}\n", parity.Match, 0, 0, 0},
	{"seconds since 1970", "ts {1741080123.5|1741083456.25} e 2.5\nts {1741080124.5|1741083459} e 2.25\nTs = {301.5|302.5}\nport: {8080|9091}\n", parity.Diverged, 3, 1, 0},
	{"what machines number", "device: {2|3}\n n 1 packets at port {35|36} e 2.5\n n 2 packets at port {47|49} e 2.25\n", parity.Diverged, 2, 2, 0},
	{"a row of a list and seconds", "total 4 {6.5|6.75} {0.25|0.5}s\ntotal 2 {3.5|3.75} {0.75|0.5}s\n", parity.Diverged, 1, 2, 0},
	{"imaginary parts", "z = 2.5{1|2}i w = 1.5 -  3.2{5|6}i\n", parity.Diverged, 1, 2, 0},
	{"the sign of an imaginary part", "  0.5 {+|-}  2.25i   1.5 + 3.5i\n", parity.Diverged, 1, 1, 0},
	{"an imaginary part that is nan", "  0.5+2.25i   1.5-{2.125|   NaN}i\n", parity.Diverged, 1, 1, 0},
	{"flags of a row", "  it   f      a  n\n   1 3.25 5.00e-01{f|h} 2\n   2 3.25    - 7\n   3 {3.25|3.5} 2.50e-01f 2\n", parity.Diverged, 2, 2, 0},
	{"units that no table has", "f0=2.5{1|2}THz gain: 7.2{5|6}dB mass 3.1{2|3}Msun, n=1{2|3}k\n", parity.Diverged, 1, 4, 0},
	{"a unit that differs", "iout=2.5{u|n}\niout=2.5{m|u}\niout=7{|k}\n", parity.Diverged, 1, 3, 0},
	{"units glued to noise", "E 5.2500000{1|2}GeV n 2\n", parity.Match, 0, 0, 0},
	{"sizes that differ", "box 1.5x2.5x3.{5|25} cells=1_{234|334}_567\n", parity.Diverged, 1, 2, 0},
	{"bits", "q=8'h9{4|5} r=32'hffff_fff{e|f} s=4'b10{1|x}1 t=8'h0f\n", parity.Diverged, 1, 3, 0},
	{"stars for a number", "step 1\n MAX V   4.25\nstep 2\n MAX V   {4.75|******}\n*** END ***\n", parity.Diverged, 4, 1, 0},
	{"no number", "step 1 e 4.25\nstep 2 e {4.75|None}\nstep 3 e {4.5|--}\nstep 4 e {4|∞}\nNone of these\n", parity.Diverged, 2, 3, 0},
	{"no number in both", "step 1 e 4.25 g: N/A\nstep 2 e None g: N/A\nstep 3 e 4.5 g: N/A\n", parity.Match, 0, 0, 0},
	{"no number in a row", "1.5 2.5 3.5\n4.5 {5.5|-nan(ind)} 6.5\n7.5 8.5 {9.5|NA}\n", parity.Diverged, 2, 2, 0},
	{"truth", "step 1 conv=T e=1.5\nstep 2 conv={T|F} e=1.25\nT = 300 F = 2.5\n", parity.Diverged, 2, 1, 0},
	{"a last row before a footer", "Start 1\n iter res\n 1 0.5\n 2 0.25\n{ 3 0.125\n|}\n\nTotal moves: 17\n mass 2.75\n", parity.Diverged, 5, 0, 1},
	{"a last row and its footer", "Start 1\n iter res\n 1 0.5\n 2 0.25\n{ 3 0.125\n|}\nTotal moves: {17|16}\n mass 2.75\n", parity.Diverged, 5, 1, 1},
	{"a last block", "step 1\n e 0.5\nstep 2\n e 0.25\n{step 3\n e 0.125\n|}Total moves: 17\n", parity.Diverged, 6, 0, 1},
	{"a last step without its line", "step 1\n e 0.5\nstep 2\n e 0.25\n{step 3\n|} f 0.125\nTotal moves: 17\n", parity.Diverged, 0, 0, 4},
	{"a lost line that counts", "step 1 r 0.5\n e 0.5\n f 7.5\nstep 2 r 0.25\n e 0.25\n f 7.25\n{step 3 r 0.125\n|} e 0.125\n f 7.125\nstep 4 r 0.0625\n e 0.0625\n f 7.0625\n", parity.Diverged, 7, 0, 1},
	{"a lost line that counts, and another number", "step 1 r 0.5\n e 0.5\nstep 2 r 0.25\n e 0.25\n{step 3 r 0.125\n|} e 0.12{5|6}\nstep 4 r 0.0625\n e 0.0625\n", parity.Diverged, 5, 1, 1},
	{"a lost line that does nothing but count", "step 1\n e 0.5\nstep 2\n e 0.25\n{step 3\n|} e 0.125\nstep 4\n e 0.0625\n", parity.Diverged, 0, 0, 2},
	{"blanks that join words", "{step 1 e 2.5 r 0.5\nstep 2 e 2.25|step\u00a01\u00a0e\u00a02.5\u00a0r\u00a00.5\nstep\u00a02 e\u00a02.25} r 0.25\n", parity.Match, 0, 0, 0},
	{"nan below a narrow header", "     N      E          rms\nIT:  1   -0.25E+01   0.5E-01\nIT:  2   {-0.125E+01|        NaN}   0.25E-01\n", parity.Diverged, 3, 1, 0},
}

func TestAnyPairs(t *testing.T) {
	for _, c := range anyPairs {
		t.Run(c.name, func(t *testing.T) {
			r := compare(t, sideOf(c.logs, 0), sideOf(c.logs, 1))
			if r.Verdict != c.verdict || r.Counts.Diverged != c.diverged || r.Counts.Lost != c.lost {
				t.Fatalf("%s, %d diverged, %d lost; want %s, %d, %d: %q", r.Verdict, r.Counts.Diverged, r.Counts.Lost, c.verdict, c.diverged, c.lost, r.Reasons)
			}
			if row := r.FirstRow(); c.line > 0 && (row == nil || row.Ref == nil || row.Ref.Line != c.line) {
				t.Errorf("the first is not on line %d: %s", c.line, r.Headline)
			}
		})
	}
}

// sideOf is one of the two logs of a pair.
func sideOf(logs string, side int) string {
	var b strings.Builder
	for logs != "" {
		open := strings.IndexByte(logs, '{')
		bar, end := strings.IndexByte(logs, '|'), strings.IndexByte(logs, '}')
		if open < 0 || bar < 0 {
			break
		}
		if next := strings.IndexByte(logs[open+1:], '{'); end < bar || next >= 0 && open+1+next < bar {
			b.WriteString(logs[:open+1]) // a brace of the log
			logs = logs[open+1:]
			continue
		}
		end = bar + strings.IndexByte(logs[bar:], '}')
		b.WriteString(logs[:open] + [2]string{logs[open+1 : bar], logs[bar+1 : end]}[side])
		logs = logs[end+1:]
	}
	return b.String() + logs
}

// TestLostRows: a row that one log lacks takes none of its columns out of step with
// the others, whatever they print: not one that is the same in many rows, nor one that
// has noise or a fault of its own in it. Neither does a line within a step whose last
// number looks like a counter.
func TestLostRows(t *testing.T) {
	const lost = 17
	for _, c := range []struct {
		name     string
		print    func(i, side int) string
		diverged int
		of       int // numbers of a row
	}{
		{"constant", func(i, _ int) string { return fmt.Sprintf("%5d %9.4f 2.00000", i%8, float64(i*i%37)/7) }, 0, 3},
		{"mostly constant", func(i, _ int) string { return fmt.Sprintf("0 0 1 %9.4f 0 1", float64(i*i%37)/7) }, 0, 6},
		{"noise", func(i, side int) string {
			v := float64(i*i%37) / 7 * (1 + 1e-10*float64(side))
			return fmt.Sprintf("%.15g 3.5 %.15g", v, v/3)
		}, 0, 3},
		{"fault", func(i, side int) string {
			v := float64(i * i % 37)
			return fmt.Sprintf("%d %g %g %g", i, v/7, v+1, (v+2)*(1+0.1*float64(side)))
		}, 39, 3},
		{"inner", func(i, _ int) string {
			return fmt.Sprintf("Time = %d\nUx: initial %g, final %g, iterations 2\np: initial %g, final %g, iterations 5", i+1, float64(i*i%37)/7, 0.5, float64(i*i%41)/3, 0.25)
		}, 0, 3},
	} {
		var logs [2]strings.Builder
		for side := range logs {
			for i := range 40 {
				lines := strings.SplitAfter(c.print(i, side)+"\n", "\n")
				if side == 1 && i == lost {
					lines = append(lines[:len(lines)/3], lines[len(lines)/3+1:]...)
				}
				logs[side].WriteString(strings.Join(lines, ""))
			}
		}
		r := compare(t, logs[0].String(), logs[1].String())
		if r.Counts.Diverged != c.diverged || r.Counts.Lost != c.of {
			t.Errorf("%s: %s, %+v", c.name, r.Headline, r.Counts)
		}
	}
}
