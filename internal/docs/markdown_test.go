package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// root is the root of the module, seen from here.
const root = "../.."

// block is a fenced block of a document.
type block struct {
	lang, file string // of "```LANG FILE"
	text       string
	line       int // of its first line of text
}

// page is a document, taken apart.
type page struct {
	path     string // from the root
	text     string
	prose    string // without its fenced blocks
	blocks   []block
	headings []string
}

// pages are the README, CONTRIBUTING and all documents.
func pages(t *testing.T) []*page {
	t.Helper()
	list := []string{"README.md", "CONTRIBUTING.md", "reports/README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			rel, err := filepath.Rel(root, f)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, filepath.ToSlash(rel))
		}
	}
	var out []*page
	for _, path := range list {
		out = append(out, readPage(t, path))
	}
	return out
}

func readPage(t *testing.T, path string) *page {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	p := &page{path: path, text: string(data)}
	var prose, text strings.Builder
	var open *block
	for i, line := range strings.Split(p.text, "\n") {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && open == nil:
			lang, file, _ := strings.Cut(strings.TrimSpace(info), " ")
			open = &block{lang: lang, file: file, line: i + 2}
		case fence:
			open.text = text.String()
			p.blocks, open = append(p.blocks, *open), nil
			text.Reset()
		case open != nil:
			text.WriteString(line + "\n")
		default:
			prose.WriteString(line + "\n")
			if h := strings.TrimLeft(line, "#"); h != line && strings.HasPrefix(h, " ") {
				p.headings = append(p.headings, strings.TrimSpace(h))
			}
		}
	}
	if open != nil {
		t.Errorf("%s: the block at line %d has no end", path, open.line)
	}
	p.prose = prose.String()
	return p
}

// anchor is the name under which a heading is linked.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.ReplaceAll(heading, `\`, "")) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}

var (
	linkRE     = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)`)
	codeSpanRE = regexp.MustCompile("`([^`\n]+)`")
)

// Every link leads to a file of the repository, and behind "#" to a heading there. Links
// to other places are not followed.
func TestLinks(t *testing.T) {
	all := pages(t)
	linked := map[string]bool{}
	for _, p := range all {
		for _, m := range linkRE.FindAllStringSubmatch(p.prose, -1) {
			to, section, _ := strings.Cut(m[1], "#")
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			target := p.path
			if to != "" {
				target = filepath.ToSlash(filepath.Join(filepath.Dir(p.path), to))
			}
			linked[target] = true
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s: the link %s leads nowhere", p.path, m[1])
				continue
			}
			if section == "" {
				continue
			}
			i := slices.IndexFunc(all, func(q *page) bool { return q.path == target })
			if i < 0 || !slices.ContainsFunc(all[i].headings, func(h string) bool { return anchor(h) == section }) {
				t.Errorf("%s: %s has no heading #%s", p.path, target, section)
			}
		}
	}
	for _, p := range all {
		if strings.HasPrefix(p.path, "docs/") && !linked[p.path] {
			t.Errorf("%s: no document links to it", p.path)
		}
	}
}

// Every document begins with its title, and the README can be read at once.
func TestForm(t *testing.T) {
	for _, p := range pages(t) {
		if !strings.HasPrefix(p.text, "# ") {
			t.Errorf("%s begins without a title", p.path)
		}
	}
	if n := strings.Count(readPage(t, "README.md").text, "\n"); n > 150 {
		t.Errorf("README.md has %d lines, 150 at most", n)
	}
}
