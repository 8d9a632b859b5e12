package schema_test

import (
	"fmt"
	"strings"

	"simtrace/pkg/trace/schema"
)

// A schema is read from YAML; it puts quantities into causal order, whatever their order
// in the file.
func ExampleRead() {
	s, err := schema.Read(strings.NewReader(`
index: [step]
quantities:
  - {name: energy, parents: [velocity, position], unit: J}
  - {name: velocity, aliases: [v], parents: [velocity@prev, position@prev]}
  - {name: position, aliases: [x], formula: prev(position) + 0.1*velocity}
`), "spring.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range s.All() {
		fmt.Println(q.Name, q.Aliases)
	}
	for _, k := range s.Results() {
		fmt.Println("result:", s.Info(k).Name)
	}
	// Output:
	// velocity [v]
	// position [x]
	// energy []
	// result: energy
}

// What is wrong with a file is said with its place, and with the key that was meant.
func ExampleRead_mistake() {
	_, err := schema.Read(strings.NewReader("quantities:\n  - {name: x, parent: [y]}\n"), "spring.yaml")
	fmt.Println(err)
	// Output:
	// spring.yaml:2: unknown key "parent" in a quantity (did you mean parents?)
}

// nanoBragg's schema says how each quantity hangs on others.
func ExampleSchema_Ancestors() {
	s := schema.NanoBragg()
	for _, k := range s.Info(schema.FLatt).Parents {
		fmt.Println(s.Info(k).Name)
	}
	// Output:
	// F_latt_a
	// F_latt_b
	// F_latt_c
}
