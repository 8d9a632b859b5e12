package yamlfile

import (
	"fmt"
	"io"
	"os"
)

// small is how long a file that people write may be, in bytes. A device or a log given in
// its place would fill the memory.
const small = 16 << 20

// ReadSmall reads a file that people write: rules, a schema.
func ReadSmall(path string) ([]byte, error) { return ReadAtMost(path, small) }

// ReadAtMost reads a file of most bytes at most; what is no regular file, and says no length
// of its own, must be small.
func ReadAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	long := st.Size() > most
	if !st.Mode().IsRegular() {
		most = min(most, small)
	}
	var data []byte
	if !long {
		data, err = io.ReadAll(io.LimitReader(f, most+1))
	}
	if err == nil && (long || int64(len(data)) > most) {
		err = fmt.Errorf("%s: more than %d MB: is this the right file?", path, most>>20)
	}
	return data, err
}
