// Package suggest names the known word that somebody may have meant.
package suggest

import "fmt"

// Nearest names the known word that is spelled most like s, as the end of a
// sentence; "" where none is near.
func Nearest(s string, known []string) string { return Hint(Word(s, known)) }

// Hint is a word as the end of a sentence; "" for none.
func Hint(word string) string {
	if word == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", word)
}

// Word is the known word that is spelled most like s; "" where none is near.
func Word(s string, known []string) string {
	best, least := "", 1+len(s)/3
	for _, k := range known {
		if d := editDistance(s, k); d < least || d == least && best == "" {
			best, least = k, d
		}
	}
	return best
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
