package nanobragg

import (
	"bytes"
	"fmt"
)

// checkStol demands of a list of structure factors of amorphous material what
// the reference does before it goes on: that the file is there, and holds a
// line that is not blank. Nothing else of it is used, there as here.
func checkStol(path string) error {
	blank := true
	err := eachLine(path, func(_ int, line []byte) (bool, error) {
		blank = len(bytes.Trim(line, " \t,;:!")) == 0
		return blank, nil
	})
	if err == nil && blank {
		err = fmt.Errorf("%s: no structure factors", path)
	}
	return err
}

// applyStol takes the name of such a list. The three flags differ in what the
// first column is, which makes no difference.
func applyStol(b *Builder, v []value) error {
	b.StolFile = string(v[0])
	return nil
}

// warnStol says that the file counts for nothing; the output that -stolout
// names is never written.
func (b *Builder) warnStol() {
	if b.StolFile != "" {
		b.warn("%s has no effect on the image: C reads the file and does not use it (-water is the background that counts)", b.setBy["stol"])
	}
	if s, ok := b.setBy["stolout"]; ok {
		b.warn("%s writes no file: C takes the name and does not use it", s)
	}
}
