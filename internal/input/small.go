package input

import (
	"fmt"
	"io"
	"os"
)

// MostRules is how long a file of rules or a schema may be, in bytes.
const MostRules = 16 << 20

// ReadSmall reads a file that people write, of most bytes at most: rules, cases, a schema. A
// device or a log given in its place would fill the memory.
func ReadSmall(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: more than %d MB: is this the right file?", path, most>>20)
	}
	return data, err
}
