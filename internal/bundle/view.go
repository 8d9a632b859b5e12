package bundle

import (
	"errors"
	"io"
)

// Direct reports whether the destination itself is written to: what was written
// cannot be viewed or taken back.
func (a *AtomicFile) Direct() bool { return a.direct }

// View returns what was written so far, until release is called; it must not be
// changed. Not for a file that is written to directly.
func (a *AtomicFile) View() (data []byte, release func() error, err error) {
	if err := errors.Join(a.err, a.named(a.buf.Flush())); err != nil {
		return nil, nil, err
	}
	info, err := a.file.Stat()
	if err != nil || info.Size() == 0 {
		return nil, func() error { return nil }, a.named(err)
	}
	if data, release, err = mapped(a.file, int(info.Size())); err == nil {
		return data, release, nil
	}
	data = make([]byte, info.Size())
	_, err = io.ReadFull(io.NewSectionReader(a.file, 0, info.Size()), data)
	return data, func() error { return nil }, a.named(err)
}

// Restart takes back all that was written. Not for a file that is written to
// directly.
func (a *AtomicFile) Restart() error {
	a.buf.Reset(a.file)
	if err := a.file.Truncate(0); err != nil {
		return a.named(err)
	}
	_, err := a.file.Seek(0, io.SeekStart)
	return a.named(err)
}
