package explain

import (
	"fmt"
	"io"
	"strings"

	"simtrace/pkg/trace/schema"
)

// List prints all rules under the stages at which they enter.
func List(w io.Writer, rules []Rule) error {
	for _, stage := range schema.Stages() {
		head := false
		for _, r := range rules {
			if r.Stage != stage {
				continue
			}
			if !head {
				head = true
				if _, err := fmt.Fprintf(w, "%s:\n", stage); err != nil {
					return err
				}
			}
			if _, err := fmt.Fprintf(w, "  %-20s %s\n", r.ID, r.Title); err != nil {
				return err
			}
		}
	}
	return nil
}

// Print prints all that is known of a rule.
func Print(w io.Writer, r Rule) error {
	text := fmt.Sprintf("%s — %s\n\n%s\n\nWhat to do: %s\n", r.ID, r.Title, r.Text, r.Do)
	if r.Mimic != "" {
		text += fmt.Sprintf("\nsimtrace shows it with: %s\n", r.Mimic)
	}
	_, err := fmt.Fprintf(w, "%s\nExample:\n\n    %s\n", text, strings.ReplaceAll(r.Example, "\n", "\n    "))
	return err
}
