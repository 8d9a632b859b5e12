package bisect_test

import (
	"context"
	"fmt"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/trace"
)

// Phi says where along the loops two logs part, and whether they meet again.
func ExamplePhi() {
	log := func(name string, third string) *trace.Source {
		return trace.Text("TRACE_CONFIG: tracing pixel (spixel=1, fpixel=2)\n"+
			"TRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=0.10 F_latt=5.0\n"+
			"TRACE_C_PHI phi_tic=1 phi_deg=1 k_frac=0.20 F_latt=4.0\n"+
			"TRACE_C_PHI phi_tic=2 phi_deg=2 k_frac="+third+" F_latt=3.0\n"+
			"TRACE_C_PHI phi_tic=3 phi_deg=3 k_frac=0.40 F_latt=2.0\n", name)
	}
	r, err := bisect.Phi(context.Background(), log("c.log", "0.30"), log("py.log", "0.35"), parity.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.First.Key, "leaves tolerance at", r.First.GotPos, r.First.Got, "against", r.First.Ref)
	fmt.Println(r.Compared, "pairs,", r.Diverged, "beyond tolerance")
	// Output:
	// k_frac leaves tolerance at py.log:4 0.35 against 0.30
	// 12 pairs, 1 beyond tolerance
}
