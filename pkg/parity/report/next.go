package report

import (
	"fmt"
	"regexp"
	"strings"

	"simtrace/internal/doc"
	"simtrace/internal/shell"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// next names the one command that gets further, with the reason for it.
func (b *builder) next() []doc.Block {
	why, command := b.nextCommand()
	if command == "" {
		return nil
	}
	return section("next", "What next", paragraph(why), doc.Code{Lines: []doc.Line{{Text: command}}, Copy: true})
}

func (b *builder) nextCommand() (why, command string) {
	r := b.r
	pixel, one := r.Pixel()
	switch {
	case r.Verdict == parity.Refused:
		return "", "" // its reason names the remedy
	case r.Verdict == parity.Match:
		return "To see how far the agreement goes, compare without a tolerance:", b.again("--tolerance 0")
	case len(r.Causes) > 0 && len(r.Unexplained()) == 0:
		return "What the cause is, how it shows and what to do about it:", "tracecmp explain " + r.CausesByShare()[0].ID
	case !r.Foreign() && one:
		return b.settings(pixel)
	case !r.Schema().Related() && strings.Contains(b.again("$0"), "--schema "):
		return "Say in the schema what each quantity is computed from (parents), and the comparison tells where the difference starts:", b.again("$0")
	case !r.Schema().Related():
		return "Say what each quantity is computed from, and the comparison tells where the difference starts:",
			fmt.Sprintf("tracecmp infer %s %s >schema.yaml", shell.Quote(r.Ref.Path), shell.Quote(r.Got.Path))
	}
	return "Every row, in a table for other programs:", b.again("$0 --csv rows.csv")
}

var toleranceFlag = regexp.MustCompile(`--tolerance \S+`)

// again is the command of this comparison, with something else in place of its tolerance;
// $0 stands for that.
func (b *builder) again(tolerance string) string {
	return toleranceFlag.ReplaceAllString(b.r.Reproduce[len(b.r.Reproduce)-1], tolerance)
}

// settings is the search for what explains a pixel's log: of the one that simtrace did not make,
// from the habits that it had for the other.
func (b *builder) settings(p diff.Pixel) (why, command string) {
	why = "Try every setting and habit that could explain what is left:"
	log, profile, config := b.r.Ref.Path, b.opt.Made[1], b.r.Config
	if b.opt.Made[0] != "" && b.opt.Made[1] == "" {
		log, profile = b.r.Got.Path, b.opt.Made[0]
	}
	if len(config) == 0 {
		why = "Try every setting and habit that could explain what is left (CONFIG is the configuration of the runs):"
		config = []string{"--config", "CONFIG"}
	}
	words := append([]string{"tracecmp", "bisect", "settings", "--ref", log}, config...)
	if profile != "" {
		words = append(words, "--profile", profile)
	}
	return why, shell.Join(append(words, "--pixel", fmt.Sprint(p.Slow), fmt.Sprint(p.Fast)))
}

// reproduce lists the commands that show the divergence again.
func (b *builder) reproduce() []doc.Block {
	var c doc.Code
	config := false
	for _, s := range b.r.Reproduce {
		c.Lines = append(c.Lines, doc.Line{Text: s})
		config = config || strings.Contains(s, "--config CONFIG ")
	}
	c.Copy = true
	out := section("reproduce", "How to reproduce", c)
	if config {
		out = append(out, soft("CONFIG stands for the configuration of the two runs, a preset or a file: a trace does not tell it."))
	}
	return out
}
