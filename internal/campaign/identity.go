package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"simtrace/internal/comparison"
	"simtrace/internal/program"
	"simtrace/internal/shell"
	"simtrace/pkg/nanobragg"
)

// sums remembers the checksums of files: the configurations of a list mostly name the same
// few, and a list of structure factors has megabytes.
type sums struct {
	dir   string // that paths are from; "" for the working folder
	mu    sync.Mutex
	known map[string]string
}

// file returns a file's checksum, read once.
func (s *sums) file(path string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sum, ok := s.known[path]; ok {
		return sum, nil
	}
	at := path
	if s.dir != "" && !filepath.IsAbs(path) {
		at = filepath.Join(s.dir, path)
	}
	f, err := os.Open(at)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if s.known == nil {
		s.known = map[string]string{}
	}
	s.known[path] = sum
	return sum, nil
}

// key names a configuration's result: by flags, the files that they name,
// thresholds, pixels and programs.
func (m *matrix) key(r matrixRun, theirs []nanobragg.Arg) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %g\n%q\n%v %g %v\n", matrixSchema, m.programs, m.Tolerance, r.Args, r.Thresholds, r.traceTolerance(m), r.Pixels)
	if p := r.Images; p != nil {
		fmt.Fprintln(h, "images", p.Shape, p.ROI)
	}
	if r.Explain != "" {
		fmt.Fprintln(h, "explain")
	}
	for _, path := range append(program.Inputs(theirs), r.files()...) {
		sum, err := m.sums.file(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, sum)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// identity is what results depend on besides the flags: this program, the two others by
// what their files hold, and the profiles.
func (o *MatrixOptions) identity(s *sums) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	id, err := s.file(self)
	for _, command := range [][]string{o.RefCommand, o.GotCommand} {
		id += " --"
		for _, w := range command {
			what, werr := s.word(w)
			if err == nil {
				err = werr
			}
			id += " " + what
		}
	}
	return strings.TrimSpace(id + " " + o.RefProfile.String() + " " + o.GotProfile.String() + " " + o.Judged), err
}

// word says what a word of a command stands for: a file is what it holds, and a list of
// folders that Python imports from is the modules in them.
func (s *sums) word(w string) (string, error) {
	if list, ok := strings.CutPrefix(w, "PYTHONPATH="); ok {
		return s.modules(filepath.SplitList(list))
	}
	if st, err := os.Stat(w); err == nil && st.Mode().IsRegular() && filepath.IsAbs(w) {
		return s.file(w)
	}
	return w, nil
}

// modules is a checksum of the Python sources in folders.
func (s *sums) modules(dirs []string) (string, error) {
	h := sha256.New()
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".py" {
				return nil // what cannot be read cannot be imported
			}
			sum, err := s.file(path)
			fmt.Fprintln(h, strings.TrimPrefix(path, dir), sum)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Judged says for MatrixOptions what decides about traced rows: files by what they hold, the
// names that are mapped, the format, and the day only where waivers may expire.
func Judged(rules []comparison.RuleFile, today string, renamed []string, as string) string {
	var out []string
	for _, r := range rules {
		out = append(out, r.Role+"="+r.SHA256)
		if r.Role == "waivers" {
			out = append(out, "today="+today)
		}
	}
	for _, m := range renamed {
		out = append(out, "map="+m)
	}
	if as != "" {
		out = append(out, "as="+as)
	}
	return shell.Join(out)
}
