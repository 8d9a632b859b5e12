package comparison

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"

	"simtrace/internal/input"
	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
)

// simtraceHead is the first line of every log that simtrace writes.
var simtraceHead = regexp.MustCompile(`^# simtrace, profile ([a-z0-9-]+)`)

// madeBy is the profile with which simtrace made a log, "" for one of another program.
func madeBy(s *input.Source) string {
	if m := simtraceHead.FindSubmatch(head(s)); m != nil {
		return string(m[1])
	}
	return ""
}

// ProfileHint says, where a log that simtrace made in another program's habits differs from
// one of the C program, which profile has that program's; "" where that is not so.
func ProfileHint(rep *parity.Report, ref, got *input.Source) string {
	if rep.Verdict != parity.Diverged {
		return ""
	}
	sides, names := [2]*input.Source{ref, got}, [2]string{rep.Ref.Name, rep.Got.Name}
	for i, s := range sides {
		profile, other := madeBy(s), sides[1-i]
		if profile == "" || profile == sim.ProfileNanoBragg.Name || madeBy(other) != "" || !bytes.Contains(head(other), []byte("TRACE_C:")) {
			continue
		}
		return fmt.Sprintf("\n%s was traced with --profile %s; the C program's habits are those of: simtrace trace --profile %s\n", names[i], profile, sim.ProfileNanoBragg.Name)
	}
	return ""
}

// head is the beginning of a log that was opened; nil where it cannot be read again.
func head(s *input.Source) []byte {
	if len(s.Files) == 0 {
		return nil
	}
	path := s.Files[0].Path
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 1<<16))
	if err != nil {
		return nil
	}
	return text
}
