package trace_test

import (
	"fmt"
	"os"
	"strings"

	"simtrace/pkg/trace"
)

func ExampleRead() {
	const text = `WARNING: further warnings will not be printed! TRACE_C: F_cell 190.27
TRACE_C_PHI phi_tic=1 phi_deg=0.01 k_frac=-0.591177727127411
TRACE_C: hkl_rounded -7 -1
`
	log, err := trace.Read(strings.NewReader(text), "c.log")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range log.Records {
		fmt.Println(r.Pos(), r.Stream, r.Name, r.Values[0].Text, r.Key != 0)
	}
	for _, p := range log.Problems {
		fmt.Println(p.Pos, p.Kind, p.Why)
	}
	// Output:
	// c.log:1 pixel F_cell 190.27 true
	// c.log:2 phi phi_deg 0.01 true
	// c.log:2 phi k_frac -0.591177727127411 true
	// c.log:3 unparsed hkl_rounded: 2 numbers where 3 belong
}

func ExampleNewPy() {
	log, err := trace.Read(strings.NewReader("TRACE_C:angles_rad=rotx:0 roty:0.05\nTRACE_C: steps 10\n"), "c.log")
	if err != nil {
		fmt.Println(err)
		return
	}
	w := trace.NewPy(os.Stdout)
	for i := range log.Records {
		if err := w.Write(&log.Records[i]); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// TRACE_PY:angles_rad=rotx:0 roty:0.05
	// TRACE_PY: steps 10
}
