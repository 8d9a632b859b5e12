package emit_test

import (
	"bytes"
	"fmt"
	"strings"

	"simtrace/internal/emit"
	"simtrace/pkg/trace/schema"
)

// The file for a language lists what to call for each quantity of a schema.
func ExampleWrite() {
	s, err := schema.Read(strings.NewReader("index: [step]\nquantities:\n  - {name: force, unit: N, shape: vector}\n"), "md.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	if err := emit.Write(&file, "c", s); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(file.String()) {
		if strings.Contains(line, `"force"`) && strings.Contains(line, "[N]") {
			fmt.Print(strings.TrimSpace(line))
		}
	}
	// Output:
	// *   trace_vector("force", force, 3);  [N]
}
