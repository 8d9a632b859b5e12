package campaign

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
)

// caseInputs say what a configuration compares where no image is to be made: two images that
// are at hand, or a log for which the settings are sought that make simtrace print it.
type caseInputs struct {
	Images  *imagePair `yaml:"images" json:"images,omitempty"`
	Explain string     `yaml:"explain" json:"explain,omitempty"`
}

// imagePair are the files of two images, and which of their pixels count.
type imagePair struct {
	Ref   string `yaml:"ref" json:"ref"`
	Got   string `yaml:"got" json:"got"`
	Mask  string `yaml:"mask" json:"mask,omitempty"`
	Shape []int  `yaml:"shape" json:"shape,omitempty"` // slow, fast of raw images
	ROI   []int  `yaml:"roi" json:"roi,omitempty"`     // as --roi
}

// set reports whether there is anything to compare but programs.
func (in *caseInputs) set() bool { return in.Images != nil || in.Explain != "" }

// files are those that a result depends on.
func (in *caseInputs) files() []string {
	switch p := in.Images; {
	case in.Explain != "":
		return []string{in.Explain}
	case p != nil && p.Mask != "":
		return []string{p.Ref, p.Got, p.Mask}
	case p != nil:
		return []string{p.Ref, p.Got}
	}
	return nil
}

// filled is the same with a word in the place of the star of each name.
func (in caseInputs) filled(word string) caseInputs {
	in.Explain = strings.Replace(in.Explain, "*", word, 1)
	if in.Images != nil {
		p := *in.Images
		for _, name := range []*string{&p.Ref, &p.Got, &p.Mask} {
			*name = strings.Replace(*name, "*", word, 1)
		}
		in.Images = &p
	}
	return in
}

// words are what the star of the first name stands for, in the order of the file names; "" alone
// where there is no star. The other names need not exist: a file that is missing is a result.
func (in *caseInputs) words() ([]string, error) {
	names := in.files()
	if len(names) == 0 || !strings.Contains(names[0], "*") {
		return []string{""}, nil
	}
	before, after, _ := strings.Cut(names[0], "*")
	if strings.ContainsAny(before+after, `*?[\`) {
		return nil, fmt.Errorf("%s: one * can stand in a name, and no ?, [ or \\", names[0])
	}
	found, err := filepath.Glob(names[0])
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s: no file has such a name", names[0])
	}
	var out []string
	for _, path := range found {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(path, before), after))
	}
	return out, err
}

// check looks for what does not go together.
func (r *matrixRun) check() error {
	p := r.Images
	switch {
	case !r.set() && len(r.Args) == 0:
		return errors.New("base_args and extra_args hold no flags, and neither images nor explain names files")
	case p != nil && r.Explain != "":
		return errors.New("images and explain are two things: one of them is needed")
	case r.Explain != "" && len(r.Args) == 0:
		return errors.New("explain: the flags of the run that printed the log are needed, in base_args and extra_args")
	case r.Explain != "" && len(r.Pixels) > 1:
		return errors.New("explain: one pixel at most can be named")
	case p == nil:
		return nil
	case p.Ref == "" || p.Got == "":
		return errors.New("images: ref and got are needed")
	case len(r.Args)+len(r.Pixels) > 0:
		return errors.New("images: files are compared, so that neither flags nor pixels go with them")
	case len(p.Shape) > 0 && (len(p.Shape) != 2 || p.Shape[0] < 1 || p.Shape[1] < 1):
		return fmt.Errorf("shape %v: two numbers of at least 1 are needed, [SLOW, FAST]", p.Shape)
	}
	_, err := p.roi()
	return err
}

func (p *imagePair) roi() (*imagecmp.ROI, error) {
	if len(p.ROI) == 0 {
		return nil, nil
	}
	if len(p.ROI) != 4 {
		return nil, fmt.Errorf("roi %v: four numbers are needed, [FASTMIN, FASTMAX, SLOWMIN, SLOWMAX]", p.ROI)
	}
	return imagecmp.NewROI(p.ROI)
}

// read reads both images, and the mask where there is one.
func (p *imagePair) read() (ref, got, mask *imagecmp.Image, err error) {
	var shape imagecmp.Shape
	if len(p.Shape) == 2 {
		shape = imagecmp.Shape{Slow: p.Shape[0], Fast: p.Shape[1]}
	}
	return readPair(p.Ref, p.Got, p.Mask, shape)
}

// split reads a configuration's flags.
func (r *matrixRun) split() ([]nanobragg.Arg, error) {
	ours, theirs, err := nanobragg.Split(r.Args, nil)
	if err == nil && len(ours) > 0 {
		err = fmt.Errorf("%q is no flag of nanoBragg's", ours[0])
	}
	return theirs, err
}
