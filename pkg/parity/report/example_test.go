package report_test

import (
	"context"
	"fmt"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// A report has one model and several forms; this one is for CI systems.
func ExampleJUnit() {
	ref, got := strings.NewReader("energy = 1.25\nforce = 3\n"), strings.NewReader("energy = 1.25\nforce = 3\n")
	r, err := parity.Readers(context.Background(), ref, got, parity.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	var xml strings.Builder
	if err := report.JUnit(&xml, r, [2]string{"reference", "port"}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Verdict, strings.Count(xml.String(), "<testcase"), "test cases,", strings.Count(xml.String(), "<failure"), "failures")

	// Output:
	// MATCH 3 test cases, 0 failures
}
