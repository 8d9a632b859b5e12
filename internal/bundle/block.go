package bundle

import (
	"errors"
	"fmt"
	"strings"
)

// blockedHead is what every blocked.md begins with.
const blockedHead = "# Blocked\n\nThis run ended before it was complete.\n"

// Block ends a run that failed half way: the folder appears with what was
// captured so far and with blocked.md, which tells the error, the note (where
// the run was; may be empty) and what each file holds. A file whose writing
// failed is kept as far as it came, and said to be so. With force, a bundle
// that was there before is replaced, as by Commit: old and new results never
// stand side by side.
func (b *Bundle) Block(cause error, note string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return errDone
	}
	if cause == nil {
		cause = errors.New("no error was given")
	}
	text := b.blockedText(cause, note)
	// A second attempt after a failed one finds its own file.
	f := b.files[blockedName]
	if f == nil {
		var err error
		if f, err = b.add(blockedName); err != nil {
			return err
		}
		if _, err := f.Write([]byte(text)); err != nil {
			return err
		}
	}
	if err := f.seal(); err != nil {
		return err
	}
	if err := b.writeSums(); err != nil {
		return err
	}
	return b.publish()
}

// blockedText seals the files, noting failures, and returns the text of
// blocked.md. It is the same for the same run: no time, no path.
func (b *Bundle) blockedText(cause error, note string) string {
	var s strings.Builder
	s.WriteString(blockedHead + "\n## Error\n\n")
	s.WriteString(indented(cause.Error()))
	if note = strings.TrimSpace(note); note != "" {
		s.WriteString("\n" + note + "\n")
	}
	s.WriteString("\n## Captured before the error\n\n")
	if len(b.files) == 0 {
		s.WriteString("Nothing.\n")
		return s.String()
	}
	for _, name := range b.names() {
		f := b.files[name]
		err := f.seal()
		fmt.Fprintf(&s, "- `%s`, %d bytes", name, f.size)
		if err != nil {
			fmt.Fprintf(&s, ", cut: %s", strings.ReplaceAll(err.Error(), "\n", " "))
		}
		s.WriteString("\n")
	}
	s.WriteString("\nThe files end where the run ended; their last lines may be incomplete.\n")
	return s.String()
}

// indented renders text as a block of code in Markdown.
func indented(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return "    " + strings.Join(lines, "\n    ") + "\n"
}
