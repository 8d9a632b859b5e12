package input

import (
	"fmt"
	"io"
	"os"
)

// ReadSmall reads a file that people write: rules, cases, a schema. A device or a log
// given in its place would fill the memory.
func ReadSmall(path string) ([]byte, error) {
	const most = 16 << 20
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(data) > most {
		err = fmt.Errorf("%s: more than %d MB: is this the right file?", path, most>>20)
	}
	return data, err
}
