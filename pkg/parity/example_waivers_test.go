package parity_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"simtrace/pkg/parity"
)

// A waiver lets a known difference pass until its day; from then on it fails, so that
// nobody forgets it.
func ExampleReadWaivers() {
	waivers, err := parity.ReadWaivers(strings.NewReader(`
waivers:
  - id: printed-digits
    where: {key: energy}
    rel: [0, 1e-3]
    reason: the port prints three decimals
    expires: 2027-01-31
`), "known.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, today := range []string{"2027-01-31", "2027-02-01"} {
		opt := parity.DefaultOptions()
		opt.Waivers = waivers
		opt.Today, _ = time.Parse(time.DateOnly, today)
		ref, got := strings.NewReader("energy = 1.2500000\nforce = 3\n"), strings.NewReader("energy = 1.2510000\nforce = 3\n")
		r, err := parity.Readers(context.Background(), ref, got, opt)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(today, r.Verdict, r.Waivers[0].State)
	}
	// Output:
	// 2027-01-31 MATCH used
	// 2027-02-01 DIVERGED expired
}
