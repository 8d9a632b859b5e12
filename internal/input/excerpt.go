package input

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"

	"simtrace/pkg/trace"
)

// maxShown bounds what is kept of a line.
const maxShown = 4096

// Excerpts returns a function that reads lines around a position out of the
// logs again.
func Excerpts(sources ...*Source) func(trace.Pos, int) ([]string, int, error) {
	return func(at trace.Pos, around int) ([]string, int, error) {
		for _, s := range sources {
			for _, f := range s.Files {
				if f.name == at.File && !f.kept {
					text, err := s.Text()
					if err != nil {
						return nil, 0, err
					}
					return lines(bufio.NewReader(bytes.NewReader(text)), 1, at.Line, around)
				}
				if f.name == at.File {
					return f.excerpt(at.Line, around)
				}
			}
		}
		return nil, 0, errors.New("no file is known by that name")
	}
}

// Paths returns a function that tells where the file of a position is.
func Paths(sources ...*Source) func(trace.Pos) string {
	return func(at trace.Pos) string {
		for _, s := range sources {
			for _, f := range s.Files {
				if f.name == at.File && f.kept {
					return f.Path
				}
			}
		}
		return at.File
	}
}

func (f File) excerpt(line, around int) ([]string, int, error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return nil, 0, err
	}
	defer in.Close()
	r := bufio.NewReaderSize(in, 64<<10)
	if head, _ := r.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, 0, err
		}
		return lines(bufio.NewReaderSize(z, 64<<10), 1, line, around)
	}
	from := 1
	for _, m := range f.marks {
		// The mark may stand within a line, which is passed over.
		if m.lines+2 > line-around {
			break
		}
		if _, err := in.Seek(m.at, io.SeekStart); err != nil {
			return nil, 0, err
		}
		from = m.lines + 2
	}
	if from > 1 {
		r.Reset(in)
		if _, err := readLine(r); err != nil {
			return nil, 0, err
		}
	}
	return lines(r, from, line, around)
}

// lines returns the lines around one, from a reader that stands at line from.
func lines(r *bufio.Reader, from, line, around int) ([]string, int, error) {
	first := max(1, line-around)
	var out []string
	for n := from; n <= line+around; n++ {
		text, err := readLine(r)
		if err != nil && len(text) == 0 {
			break // the log ends here, or is cut
		}
		if n >= first {
			out = append(out, string(bytes.TrimRight(text, "\r\n")))
		}
	}
	if len(out) <= line-first {
		return nil, 0, errors.New("it has changed since it was read")
	}
	return out, first, nil
}

// readLine returns the beginning of the next line and passes over the rest.
func readLine(r *bufio.Reader) ([]byte, error) {
	var out []byte
	for {
		part, err := r.ReadSlice('\n')
		if room := maxShown - len(out); room > 0 {
			out = append(out, part[:min(room, len(part))]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if err == io.EOF && len(out) > 0 {
				err = nil
			}
			return out, err
		}
	}
}
