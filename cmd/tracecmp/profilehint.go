package main

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

// suggestProfile says, where a log that simtrace made in another program's habits differs from
// one of the C program, which profile has that program's.
func suggestProfile(w io.Writer, rep *parity.Report, ref, got *input.Source) error {
	if rep.Verdict != parity.Diverged {
		return nil
	}
	heads := [2][]byte{head(ref), head(got)}
	names := [2]string{rep.Ref.Name, rep.Got.Name}
	for i, h := range heads {
		made, other := simtraceHead.FindSubmatch(h), heads[1-i]
		if made == nil || simtraceHead.Match(other) || !bytes.Contains(other, []byte("TRACE_C:")) {
			continue
		}
		if profile := string(made[1]); profile != sim.ProfileNanoBragg.Name {
			_, err := fmt.Fprintf(w, "\n%s was traced with --profile %s; the C program's habits are those of: simtrace trace --profile %s\n", names[i], profile, sim.ProfileNanoBragg.Name)
			return err
		}
	}
	return nil
}

// head is the beginning of a log that was opened; nil where it cannot be read again.
func head(s *input.Source) []byte {
	path := s.Files[0].Path
	if !regular(path) {
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
