package probe

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Place is a line of the program's source.
type Place struct {
	File string // as the probes file names it, or the last element of the source's path
	Line int
	path string // where the file lies, "" where it was not found
}

// String returns "file:line", the file by its last element.
func (p Place) String() string { return fmt.Sprintf("%s:%d", path.Base(p.File), p.Line) }

// byPattern is [FILE:]/PATTERN/[+N].
var byPattern = pattern(`^(?:([^/].*?):)?/(.*)/([+-]\d+)?$`)

// maxSource bounds what is read of a source, in bytes.
const maxSource = 64 << 20

// place reads FILE:LINE or a pattern, which must fit one line of the source.
func (s *Spec) place(n *yaml.Node) (Place, error) {
	if n.Kind != yaml.ScalarNode {
		return Place{}, s.file.Fail(n, "at must be FILE:LINE or /PATTERN/")
	}
	if m := byPattern().FindStringSubmatch(n.Value); m != nil {
		return s.byPattern(n, m[1], m[2], m[3])
	}
	file, number, ok := cutLast(n.Value, ":")
	line, err := strconv.Atoi(number)
	if !ok || file == "" || err != nil || line < 1 {
		return Place{}, s.file.Fail(n, "at %s: FILE:LINE or /PATTERN/ is needed, such as main.c:12, or /sum \\+=/+1 for the line behind", n.Value)
	}
	p := Place{File: file, Line: line}
	for _, source := range s.Program.Sources {
		if strings.HasSuffix("/"+filepath.ToSlash(source), "/"+strings.TrimPrefix(filepath.ToSlash(file), "./")) {
			p.path = source
		}
	}
	if near := s.path(file); p.path == "" && isFile(near) {
		p.path = near
	}
	return p, nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func isFile(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}

func (s *Spec) byPattern(n *yaml.Node, file, pattern, offset string) (Place, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return Place{}, s.file.Fail(n, "at %s: %v", n.Value, err)
	}
	sources := s.Program.Sources
	if file != "" {
		sources = []string{s.path(file)}
	}
	if len(sources) == 0 {
		return Place{}, s.file.Fail(n, "at %s: program needs source: FILE, where patterns are looked up", n.Value)
	}
	var found []Place
	for _, source := range sources {
		text, err := readSource(source)
		if err != nil {
			return Place{}, s.file.Fail(n, "at %s: the source cannot be read: %v", n.Value, err)
		}
		i := 0
		for line := range strings.Lines(text) {
			i++
			if re.MatchString(strings.TrimRight(line, "\r\n")) {
				found = append(found, Place{filepath.Base(source), i, source})
			}
		}
	}
	switch len(found) {
	case 0:
		return Place{}, s.file.Fail(n, "at %s: no line of %s matches", n.Value, baseNames(sources))
	case 1:
	default:
		return Place{}, s.file.Fail(n, "at %s: %d lines match, %s and %s%s: make the pattern longer, or write FILE:LINE",
			n.Value, len(found), found[0], found[1], more(len(found)-2))
	}
	p := found[0]
	by, _ := strconv.Atoi(offset) // the expression lets numbers alone through; none is 0
	if p.Line += by; p.Line < 1 {
		return Place{}, s.file.Fail(n, "at %s: there is no such line", n.Value)
	}
	return p, nil
}

func more(n int) string {
	if n < 1 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

func baseNames(paths []string) string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = filepath.Base(p)
	}
	return strings.Join(names, ", ")
}

// readSource reads a source file.
func readSource(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSource+1))
	if err == nil && len(data) > maxSource {
		err = fmt.Errorf("%s has more than %d MB", path, maxSource>>20)
	}
	return string(data), err
}
