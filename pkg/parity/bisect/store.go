package bisect

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"simtrace/internal/bundle"
)

// storeSchema names the form of a stored probe.
const storeSchema = "simtrace/bisect-probe/1"

// store keeps what a command printed at a commit. It keeps the trace and not
// the verdict, so that a stored probe is judged by today's rules, whatever the
// reference and the tolerance.
type store struct {
	dir string // "" keeps nothing
	key string
}

// stored is one probe in the store.
type stored struct {
	Schema  string   `json:"schema"`
	Commit  string   `json:"commit"`
	Command []string `json:"command"`
	Shell   bool     `json:"shell"`
	Skip    bool     `json:"skip"` // exit status 125
	Why     string   `json:"why,omitempty"`
	SHA256  string   `json:"sha256"` // of the output, not compressed
	Output  []byte   `json:"output_gzip"`
}

// newStore is keyed by the command. A file that the command names by its
// absolute path lies outside of the commit, so what it holds counts as well.
func newStore(dir string, c *Command) (*store, error) {
	if dir == "" {
		return &store{}, nil
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%v\x00", storeSchema, c.Shell)
	for _, a := range c.Args {
		fmt.Fprintf(h, "%d:%s\x00", len(a), a)
		if filepath.IsAbs(a) {
			if err := hashFile(h, a); err != nil {
				return nil, err
			}
		}
	}
	return &store{dir: dir, key: hex.EncodeToString(h.Sum(nil))[:32]}, nil
}

func hashFile(h io.Writer, path string) error {
	st, err := os.Stat(path)
	if err != nil || !st.Mode().IsRegular() {
		return nil // no file: it is a word like another
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return err
}

func (s *store) path(commit string) string { return filepath.Join(s.dir, s.key, commit+".json") }

// get returns the stored probe of a commit. What is damaged is as good as
// absent: it is run again.
func (s *store) get(commit string) (ran, bool) {
	if s.dir == "" {
		return ran{}, false
	}
	data, err := os.ReadFile(s.path(commit))
	if err != nil {
		return ran{}, false
	}
	var p stored
	if json.Unmarshal(data, &p) != nil || p.Schema != storeSchema || p.Commit != commit {
		return ran{}, false
	}
	z, err := gzip.NewReader(bytes.NewReader(p.Output))
	if err != nil {
		return ran{}, false
	}
	out, err := io.ReadAll(z)
	sum := sha256.Sum256(out)
	if err != nil || hex.EncodeToString(sum[:]) != p.SHA256 {
		return ran{}, false
	}
	return ran{output: out, ok: !p.Skip, skip: p.Skip, why: p.Why}, true
}

// put stores a probe. Only what would come out again is stored: a trace, or
// the command's word that it cannot tell. A timeout or a signal may be the
// machine's fault.
func (s *store) put(commit string, c *Command, r ran) error {
	if s.dir == "" || !r.ok && !r.skip {
		return nil
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(r.output); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	sum := sha256.Sum256(r.output)
	data, err := json.Marshal(stored{storeSchema, commit, c.Args, c.Shell, r.skip, r.why, hex.EncodeToString(sum[:]), z.Bytes()})
	if err != nil {
		return err
	}
	path := s.path(commit)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	if err := bundle.WriteFileAtomic(path, data, 0o600); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	return nil
}

// CacheDir is where probes are kept: in the folder that is asked for, nowhere with "none", and with ""
// in the user's cache folder.
func CacheDir(asked string) (string, error) {
	switch asked {
	case "none":
		return "", nil
	case "":
		dir, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no folder for the cache: %w; give --cache DIR or --cache none", err)
		}
		return filepath.Join(dir, "tracecmp", "bisect"), nil
	}
	return filepath.Abs(asked)
}
