package nanobragg

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxLine bounds a line of a list, in bytes: an endless one would fill the memory.
const maxLine = 1 << 20

// errLongLine says that a line of a file has no end in sight.
var errLongLine = fmt.Errorf("a line of more than %d bytes: is this the right file?", maxLine)

// eachLine calls do with each line of a file, without its newline and numbered from
// 1, until do wants no more. What stands behind the last newline is a line too, an
// empty one for most files. A line is valid until the next. Errors are one clear
// line with the file's name.
func eachLine(path string, do func(n int, line []byte) (more bool, err error)) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err)
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	var long []byte // the beginning of a line longer than the buffer
	for n := 1; ; {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if long = append(long, line...); len(long) > maxLine {
				return fmt.Errorf("%s:%d: %w", path, n, errLongLine)
			}
			continue
		}
		if err != nil && err != io.EOF {
			return fileError(path, err)
		}
		if len(long) > 0 {
			line = append(long, line...)
			long = long[:0]
		}
		ended := err == io.EOF
		if !ended {
			line = line[:len(line)-1]
		}
		if more, err := do(n, line); err != nil || !more || ended {
			return err
		}
		n++
	}
}

// readAtMost reads a file of at most so many bytes.
func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fileError(path, err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s: more than %d bytes: is this the right file?", path, most)
	}
	return data, nil
}
