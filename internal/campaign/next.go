package campaign

import (
	"fmt"

	"simtrace/internal/runfile"
	"simtrace/internal/shell"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
)

// drillPixels is how many pixels the command traces that a report names.
const drillPixels = 3

// explainsNothing tells images of which there is no more to find out.
func explainsNothing(r *imagecmp.Report) bool {
	return r.Verdict == imagecmp.Refused || r.Counts.Beyond == 0
}

// sayNext names the command that gets further than the comparison of two images: again are the
// words that made it, out the folder of its report or "", d what the pixels told or nil.
func sayNext(r *imagecmp.Report, again []string, out string, d *Drill) {
	if explainsNothing(r) {
		return
	}
	if d == nil {
		config := []string{"--config", "CONFIG"}
		r.NextWhy = fmt.Sprintf("Trace the %d pixels that say most, and explain them (CONFIG is the configuration that made the images):", drillPixels)
		for _, im := range []*imagecmp.Image{r.Got, r.Ref} {
			if c := runfile.Find(im.Path); c != nil {
				config, r.NextWhy = c.Words, fmt.Sprintf("Trace the %d pixels that say most, and explain them:", drillPixels)
				break
			}
		}
		r.Next = shell.Join(append(append(again, "--drill", fmt.Sprint(drillPixels)), config...))
		return
	}
	if len(d.pixels) == 0 {
		return
	}
	switch p := d.pixels[0]; {
	case len(p.rep.Causes) > 0:
		r.NextWhy, r.Next = "What the cause is, how it shows and what to do about it:", "tracecmp explain "+p.rep.CausesByShare()[0].ID
	case out != "":
		words := append([]string{"tracecmp", "bisect", "settings", "--ref", out + "/" + p.name("ref.log")}, d.words()...)
		r.NextWhy, r.Next = "Try every setting and habit that could explain the first pixel:", shell.Join(append(words, "--profile", d.GotProfile.Name))
	default:
		r.NextWhy, r.Next = "Keep the traces of the pixels, with a report of each:", shell.Join(append(append(again, "--out", "drilled"), flagWords(d.Flags)...))
	}
}

// words are those of a command line that say the configuration.
func (d *Drill) words() []string {
	var out []string
	if d.Config != "" {
		out = []string{"--config", d.Config}
	}
	return append(out, flagWords(d.Flags)...)
}

// flagWords are flags as they stand on a command line.
func flagWords(flags []nanobragg.Arg) []string {
	var out []string
	for _, f := range flags {
		out = append(append(out, f.Name), f.Values...)
	}
	return out
}

// sayNext is the same for two programs: the pixels of their images that say most.
func (n *nbCompare) sayNext(r *imagecmp.Report) {
	if explainsNothing(r) || n.resampled != "" {
		return
	}
	words := []string{"tracecmp", "image", n.Out + "/" + nbImages[0], n.Out + "/" + nbImages[1], "--shape", fmt.Sprint(r.Ref.Slow), fmt.Sprint(r.Ref.Fast), "--drill", fmt.Sprint(drillPixels)}
	if len(n.RefCommand) == 1 { // one with words of its own cannot be named there
		words = append(words, "--c-bin", n.RefCommand[0])
	}
	if len(n.GotCommand) == 0 {
		words = append(words, "--profile", n.Profile.String())
	}
	r.NextWhy = fmt.Sprintf("Trace the %d pixels that say most, and explain them:", drillPixels)
	r.Next = shell.Join(append(words, n.Args...))
}
