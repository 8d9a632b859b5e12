package manual

import (
	"slices"

	"simtrace/pkg/nanobragg"
)

// NanoBragg is what Vocabulary.More lists where the named commands take nanoBragg's flags.
func NanoBragg(commands ...string) func(command string) []Word {
	return func(command string) []Word {
		if !slices.Contains(commands, command) {
			return nil
		}
		var words []Word
		for _, f := range nanobragg.Flags {
			for _, name := range append([]string{f.Name}, f.Aliases...) {
				words = append(words, Word{Text: name, Help: f.Help})
			}
		}
		return words
	}
}
