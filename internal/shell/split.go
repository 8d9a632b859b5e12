package shell

import (
	"errors"
	"fmt"
	"strings"
)

// forShell are the characters that mean something to a shell and nothing to us:
// there is none between the program and the command.
const forShell = "|&;<>`$(){}*?~\n"

// Split splits a command into words as a POSIX shell does: blanks part
// them, quotes and backslashes keep what they hold. What needs a shell is an
// error.
func Split(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	in, quote := false, rune(0)
	rs := []rune(s)
	for i := 0; i < len(rs); i++ {
		c := rs[i]
		switch {
		case quote == '\'' && c != '\'', quote == '"' && c != '"' && c != '\\' && c != '$' && c != '`':
			word.WriteRune(c)
		case quote != 0 && c == quote:
			quote = 0
		case quote == '"' && c == '\\' && i+1 < len(rs) && !strings.ContainsRune("\"\\$`", rs[i+1]):
			word.WriteRune(c)
		case c == '\\':
			if i+1 == len(rs) {
				return nil, errors.New("a backslash ends the command")
			}
			i++
			word.WriteRune(rs[i])
			in = true
		case strings.ContainsRune(forShell, c):
			return nil, fmt.Errorf("%q is for a shell, and none is used: quote it, or write sh -c '...'", c)
		case c == '\'' || c == '"':
			quote, in = c, true
		case c == ' ' || c == '\t':
			if in {
				words = append(words, word.String())
			}
			word.Reset()
			in = false
		default:
			word.WriteRune(c)
			in = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a %c is not closed", quote)
	}
	if in {
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("a command is needed")
	}
	return words, nil
}

// Join quotes words where the shell needs it, so that Split reads them back.
func Join(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = Quote(w)
	}
	return strings.Join(quoted, " ")
}
