package doc

import (
	"bufio"
	"embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
)

// HTMLMarker stands at the head of every page, and tells whose it is.
const HTMLMarker = `<meta name="generator" content="tracecmp">`

//go:embed page
var assets embed.FS

// HTML writes the document as one page that needs nothing else: no network, no other
// file. Without JavaScript it can be read all the same; the script sorts, filters and
// copies.
func HTML(w io.Writer, d *Document) error {
	p := &page{Writer: bufio.NewWriter(w), ids: map[string]bool{}}
	p.collect(d.Lead)
	p.collect(d.Body)
	p.put(`<!DOCTYPE html>
<html lang="en">
<head>
%s
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>%s</title>
<style>%s%s</style>
</head>
<body>
<main>
<header class="verdict %s">
<h1 id="verdict">%s</h1>
`, HTMLMarker, escape(d.Title.String()), asset("style.css"), d.Style, escape(d.Badge), badged(p.inline(d.Title), escape(d.Badge)))
	p.blocks(d.Lead)
	p.put("</header>\n")
	p.contents()
	p.blocks(d.Body)
	p.put("</main>\n<script>%s%s</script>\n</body>\n</html>\n", asset("page.js"), d.Script)
	if p.err != nil {
		return p.err
	}
	return p.Flush()
}

func asset(name string) string {
	data, err := assets.ReadFile("page/" + name)
	if err != nil {
		panic(err) // it is compiled in
	}
	return string(data)
}

func escape(s string) string { return html.EscapeString(OneLine(s)) }

// badged sets the verdict that begins a title off.
func badged(title, badge string) string {
	if rest, ok := strings.CutPrefix(title, badge); ok && badge != "" {
		return `<span class="badge">` + badge + `</span>` + rest
	}
	return title
}

type page struct {
	*bufio.Writer
	err      error           // of a block that writes itself
	ids      map[string]bool // what places in logs can be linked to
	headings []Heading
}

func (p *page) put(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// collect looks for what can be linked to.
func (p *page) collect(list []Block) {
	for _, b := range list {
		switch b := b.(type) {
		case Heading:
			if b.Level == 2 && b.ID != "" {
				p.headings = append(p.headings, b)
			}
		case Code:
			for _, l := range b.Lines {
				if l.ID != "" {
					p.ids[l.ID] = true
				}
			}
		case Fold:
			p.collect(b.Blocks)
		case Card:
			p.collect(b.Blocks)
		case Columns:
			p.collect(b.Main)
			p.collect(b.Side)
		}
	}
}

func (p *page) contents() {
	if len(p.headings) < 3 {
		return
	}
	p.put(`<nav aria-label="contents"><ul>`)
	for _, h := range p.headings {
		p.put(`<li><a href="#%s">%s</a></li>`, escape(h.ID), escape(h.Text.String()))
	}
	p.put("</ul></nav>\n")
}

func (p *page) blocks(list []Block) {
	for _, b := range list {
		p.write(b)
	}
}

func (p *page) write(b Block) {
	switch b := b.(type) {
	case Heading:
		p.put("<h%d%s>%s</h%d>\n", b.Level, id(b.ID), p.inline(b.Text), b.Level)
	case Paragraph:
		class := ""
		if b.Soft {
			class = ` class="small soft"`
		}
		p.put("<p%s>%s</p>\n", class, p.inline(b.Text))
	case List:
		p.put("<ul>")
		for _, t := range b.Items {
			p.put("<li>%s</li>", p.inline(t))
		}
		p.put("</ul>\n")
	case Tally:
		p.tally(b)
	case Table:
		p.table(b)
	case Figure:
		p.figure(b)
	case Code:
		p.code(b)
	case Fold:
		p.put("<details><summary>%s</summary>\n", p.inline(b.Summary))
		p.blocks(b.Blocks)
		p.put("</details>\n")
	case Card:
		p.put(`<section class="card">`)
		p.blocks(b.Blocks)
		p.put("</section>\n")
	case Columns:
		p.put(`<div class="two"><div>`)
		p.blocks(b.Main)
		p.put(`</div><div class="side">`)
		p.blocks(b.Side)
		p.put("</div></div>\n")
	case Raw:
		p.put("%s", b.HTML)
		if b.Write != nil && p.err == nil {
			p.err = b.Write(p)
		}
		p.put("\n")
	}
}

func id(s string) string {
	if s == "" {
		return ""
	}
	return ` id="` + escape(s) + `"`
}

func (p *page) tally(t Tally) {
	p.put(`<div class="tiles">`)
	for i, c := range t.Parts {
		sign := "+"
		if i == len(t.Parts)-1 {
			sign = "="
		}
		if i > 0 {
			p.put(`<span class="soft" aria-hidden="true">%s</span>`, sign)
		}
		p.put(`<div class="tile"><b>%d</b><span>%s</span></div>`, c.N, escape(c.noun()))
	}
	p.put("</div>\n")
}

func (p *page) figure(f Figure) {
	if len(f.Keys) > 0 {
		p.put(`<ul class="keys">`)
		for _, k := range f.Keys {
			p.put("<li>%s %s</li>", k.SVG, escape(k.Text))
		}
		p.put("</ul>\n")
	}
	if f.SVG != "" {
		p.put(`<div class="plots"%s>%s</div>`+"\n", id(f.ID), f.SVG)
	}
}

func (p *page) code(c Code) {
	if c.Copy {
		for _, l := range c.Lines {
			p.put(`<pre class="cmd"><code>%s</code></pre>`+"\n", unbroken(escape(l.Text)))
		}
		return
	}
	p.put("<pre>")
	for _, l := range c.Lines {
		class, number := "l", ""
		if l.Hit {
			class += " hit"
		}
		if l.N > 0 {
			number = fmt.Sprintf(`<span class="no">%d</span>`, l.N)
		}
		p.put(`<span class="%s"%s>%s%s</span>`, class, id(l.ID), number, escape(l.Text))
	}
	p.put("</pre>\n")
}

func (p *page) table(t Table) {
	if f := t.Filter; f != nil {
		p.put(`<div class="tools" data-for="%s"><label>Find <input class="find" type="search" autocomplete="off"></label> <label>Show <select class="only">`, escape(t.ID))
		for _, c := range f.Choices {
			selected := ""
			if c.Name == f.First {
				selected = " selected"
			}
			p.put(`<option value="%s" data-kinds="%s"%s>%s</option>`, escape(c.Name), escape(strings.Join(c.Kinds, " ")), selected, escape(c.Text))
		}
		p.put(`</select></label> <span class="shown soft" aria-live="polite"></span></div>` + "\n")
	}
	class := ""
	if t.Sort {
		class = ` class="sort"`
	}
	p.put(`<div class="scroll"><table%s%s>`+"\n<thead><tr>", id(t.ID), class)
	for _, c := range t.Columns {
		p.put("<th>%s</th>", p.inline(c.Name))
	}
	p.put("</tr></thead>\n<tbody>\n")
	for _, r := range t.Rows {
		kind := ""
		if r.Kind != "" {
			kind = ` data-kind="` + escape(r.Kind) + `"`
		}
		p.put("<tr%s%s>", kind, id(r.ID))
		for i, c := range r.Cells {
			key, class := "", ""
			if k, ok := r.Keys[i]; ok {
				key = ` data-v="` + escape(k) + `"`
			}
			switch col := t.Columns[i]; {
			case col.Number && longLine.MatchString(c.String()):
				class = ` class="n w"`
			case col.Number:
				class = ` class="n"`
			case col.Place:
				class = ` class="at"`
			case col.Wide:
				class = ` class="w"`
			}
			p.put("<td%s%s>%s</td>", class, key, p.cell(c, t.Columns[i]))
		}
		p.put("</tr>\n")
	}
	p.put("</tbody>\n</table></div>\n")
}

// tags are the elements of the styles.
var tags = map[Style][2]string{
	Mono: {"<code>", "</code>"}, Strong: {"<b>", "</b>"}, Differ: {"<code><mark>", "</mark></code>"}, Soft: {`<span class="small soft">`, "</span>"},
	Good: {`<span class="st ok">`, "</span>"}, Warn: {`<span class="st warn">`, "</span>"}, Bad: {`<span class="st bad">`, "</span>"},
}

// longLine is no number but a text that takes its place, and is broken.
var longLine = regexp.MustCompile(`[^\n]{29}`)

// breaks are where a name in a narrow column goes on in the next line.
var breaks = strings.NewReplacer("[", "<wbr>[", "_", "_<wbr>", "/", "/<wbr>")

// hyphenated finds flags and numbers with an exponent, which a browser would break behind
// their hyphen.
var hyphenated = regexp.MustCompile(`(^|\s|\()(--?[A-Za-z][^\s<]{0,24}|[-+]?[\d.]+e-\d+)`)

func unbroken(html string) string {
	return hyphenated.ReplaceAllString(html, `$1<span class="nb">$2</span>`)
}

// cell is the text of a table's cell. Numbers and places are not broken anyway.
func (p *page) cell(t Text, col Column) string {
	return p.spans(t, func(html string) string {
		if html = breaks.Replace(html); col.Number || col.Place {
			return html
		}
		return unbroken(html)
	})
}

// inline writes text. A place of a log leads to its line where the page shows it.
func (p *page) inline(t Text) string { return p.spans(t, unbroken) }

// spans writes text; wrap says in its HTML where a line may end.
func (p *page) spans(t Text, wrap func(string) string) string {
	var b strings.Builder
	for _, x := range t {
		if x.Image != nil {
			fmt.Fprintf(&b, `<img class="thumb" alt="%s" src="data:image/png;base64,%s">`, escape(x.Text), base64.StdEncoding.EncodeToString(x.Image))
			continue
		}
		text := tags[x.Style][0] + strings.ReplaceAll(wrap(html.EscapeString(keepLines(x.Text))), "\n", "<br>") + tags[x.Style][1]
		link := x.Link
		if at := LineID(x.Text); link == "" && x.Style == Mono && p.ids[at] {
			link = "#" + at
		}
		if strings.HasPrefix(link, "#") || link != "" && safeLink(link) {
			text = `<a href="` + escape(link) + `">` + text + "</a>"
		}
		b.WriteString(text)
	}
	return b.String()
}

// keepLines is OneLine of each line.
func keepLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = OneLine(lines[i])
	}
	return strings.Join(lines, "\n")
}

// safeLink lets a document lead to files beside it, and to nothing that runs.
func safeLink(s string) bool { return !strings.Contains(strings.SplitN(s, "/", 2)[0], ":") }

// LineID is what a place in a log, such as c.log:12, is called on a page.
func LineID(place string) string { return "at-" + strings.ReplaceAll(OneLine(place), " ", "%20") }
