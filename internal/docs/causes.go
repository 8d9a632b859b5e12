package main

import (
	"bytes"
	"fmt"
	"strings"

	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

const causesHead = `# Causes

The mistakes and habits that tracecmp recognises in logs of nanoBragg and its ports by their
numbers, under the stage of the calculation at which they enter. ` + "`tracecmp explain ID`" + ` prints
the same. A report names a cause only where every check of its rule holds; what did not hold stands
there under "ruled out". Where none fits, the report says so.

This page is generated from the rules (` + "`make docs`" + `).
`

// writeCauses writes the page of causes.
func writeCauses(w *bytes.Buffer) error {
	w.WriteString(causesHead)
	rules := causes.Rules()
	for _, stage := range schema.Stages() {
		var of []explain.Rule
		for _, r := range rules {
			if r.Stage == stage {
				of = append(of, r)
			}
		}
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n## %s\n\n| cause | what it is |\n|---|---|\n", capital(stage.String()))
		for _, r := range of {
			fmt.Fprintf(w, "| [%s](#%s) | %s |\n", r.ID, r.ID, cell(r.Title))
		}
		for _, r := range of {
			writeCause(w, r)
		}
	}
	return nil
}

func writeCause(w *bytes.Buffer, r explain.Rule) {
	fmt.Fprintf(w, "\n### %s\n\n**%s.**\n\n%s\n\n**What to do.** %s\n", r.ID, plain(capital(r.Title)), plain(r.Text), plain(r.Do))
	if r.Mimic != "" {
		fmt.Fprintf(w, "\nsimtrace shows it with `%s`.\n", r.Mimic)
	}
	if r.Example != "" {
		fmt.Fprintf(w, "\n```text\n%s\n```\n", strings.TrimRight(r.Example, "\n"))
	}
}

// plain is a text in Markdown that means nothing but itself: names with underscores and
// stars are not emphasised.
func plain(text string) string {
	return strings.NewReplacer(`\`, `\\`, "_", `\_`, "*", `\*`, "<", `\<`, "[", `\[`).Replace(strings.TrimSpace(text))
}

// cell is a text in a table.
func cell(text string) string { return strings.ReplaceAll(plain(text), "|", `\|`) }

func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
