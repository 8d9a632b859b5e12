package main

import (
	"fmt"
	"os"
	"strings"
)

// mark stands at the end of a source line whose math.FMA is meant. math.FMA
// is exactly specified, the same bits everywhere, and error-free products
// need it; the mark keeps one that slipped in apart from one that is wanted.
const mark = "//fma:wanted "

// splitWanted parts the findings on marked lines from the others.
func splitWanted(findings []finding) (wanted, faults []finding, err error) {
	files := map[string][]string{}
	for _, f := range findings {
		file, line := splitPos(f.pos)
		if file == "" {
			faults = append(faults, f)
			continue
		}
		if files[file] == nil {
			src, err := os.ReadFile(file)
			if err != nil {
				return nil, nil, fmt.Errorf("reading the source of a finding: %w", err)
			}
			files[file] = strings.Split(string(src), "\n")
		}
		if line > 0 && line <= len(files[file]) && isWanted(files[file][line-1]) {
			wanted = append(wanted, f)
		} else {
			faults = append(faults, f)
		}
	}
	return wanted, faults, nil
}

// isWanted reports whether a source line calls math.FMA, is marked with a
// reason, and has no product of its own that the compiler could have fused.
func isWanted(line string) bool {
	code, reason, marked := strings.Cut(line, mark)
	return marked && strings.TrimSpace(reason) != "" &&
		strings.Contains(code, "math.FMA(") && !strings.Contains(code, "*")
}
