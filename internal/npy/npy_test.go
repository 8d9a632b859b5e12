package npy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNumPyReadsIt: numpy finds type and shape in headers of both formats.
func TestNumPyReadsIt(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import numpy").Run() != nil {
		t.Skip("SKIPPED: no Python with numpy")
	}
	many := make([]string, 4000)
	for i := range many {
		many[i] = fmt.Sprintf("('column_%d', '<f8')", i)
	}
	for _, c := range []struct {
		descr string
		shape []int
		size  int
		want  string
	}{
		{"'<f4'", []int{3, 5}, 60, "float32 (3, 5)"},
		{"[('h', '<i4'), ('f', '<f8')]", []int{7}, 84, "('h', 'f') (7,)"},
		{"[" + strings.Join(many, ", ") + "]", []int{1}, 32000, "4000 (1,)"},
	} {
		head := Header(c.descr, c.shape...)
		if len(head)%64 != 0 {
			t.Errorf("%d bytes", len(head))
		}
		path := filepath.Join(t.TempDir(), "a.npy")
		if err := os.WriteFile(path, append(head, make([]byte, c.size)...), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(python, "-c", `import numpy, sys
a = numpy.load(sys.argv[1], allow_pickle=True) # for a header so long
n = a.dtype.names
print(a.dtype if n is None else n if len(n) < 9 else len(n), a.shape)`, path).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != c.want {
			t.Errorf("numpy finds %s, %v, not %s", got, err, c.want)
		}
	}
}
