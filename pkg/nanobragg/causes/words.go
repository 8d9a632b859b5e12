package causes

import (
	_ "embed"
	"strings"
	"sync"

	"simtrace/pkg/parity/explain"
)

//go:embed rules.md
var rulesText string

// documented are what rules.md says of each rule, by its id.
var documented = sync.OnceValue(func() map[string]Rule {
	out := map[string]Rule{}
	for _, section := range strings.Split(rulesText, "\n## ")[1:] {
		head, body, _ := strings.Cut(section, "\n\n")
		var r Rule
		r.ID, r.Title, _ = strings.Cut(head, ": ")
		text, rest, _ := strings.Cut(body, "\n\nDo: ")
		rest, example, _ := strings.Cut(rest, "\n\n    ")
		r.Do, r.Mimic, _ = strings.Cut(rest, "\n\nMimic: ")
		r.Text, r.Example = text, strings.ReplaceAll(strings.TrimSpace(example), "\n    ", "\n")
		out[r.ID] = r
	}
	return out
})

// held is how the causes that these rules name went on the planted faults of internal/planted, whose test
// holds the numbers: by the number of checks that passed, the last for three and more.
var held = []explain.Held{{Right: 101, Total: 101}, {Right: 550, Total: 565}, {Right: 419, Total: 419}, {Right: 9, Total: 9}}

// describe fills in what rules.md says of a rule.
func describe(r *Rule) {
	w := documented()[r.ID]
	r.Held = held
	r.Title, r.Text, r.Do, r.Mimic, r.Example = w.Title, w.Text, w.Do, w.Mimic, w.Example
}
