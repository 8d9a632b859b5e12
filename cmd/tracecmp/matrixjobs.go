package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/cliargs"
	"simtrace/internal/shell"
)

// judgingNames are the flags of a comparison that go for the traces of a matrix as well.
var judgingNames = []string{"tolerances", "schema", "waivers", "today", "map", "as"}

func judgingFlags() []cli.Flag {
	return cliargs.Only(compareFlags(), judgingNames...)
}

// today is the day that waivers are held against.
func today(c *cli.Context) string {
	if c.IsSet("today") {
		return c.String("today")
	}
	return time.Now().Format(time.DateOnly)
}

// taskFlags are the flags that every task of an array is given; files are absolute, and the
// day is that of the submission, so that all tasks do the same.
func taskFlags(c *cli.Context, opt *campaign.MatrixOptions) ([]string, error) {
	var out []string
	for _, s := range []struct {
		flag    string
		command []string
	}{{"c-bin", opt.RefCommand}, {"got-bin", opt.GotCommand}} {
		if len(s.command) > 0 {
			out = append(out, "--"+s.flag, shell.Join(s.command))
		}
	}
	out = append(out, cliargs.Words(c, "ref-profile", "profile", "tolerance", "timeout", "as", "map")...)
	for _, f := range []string{"tolerances", "schema", "waivers"} {
		if !c.IsSet(f) {
			continue
		}
		path, err := filepath.Abs(c.String(f))
		if err != nil {
			return nil, err
		}
		out = append(out, "--"+f, path)
	}
	if c.IsSet("waivers") || c.IsSet("today") {
		out = append(out, "--today", today(c))
	}
	return out, nil
}

// matrixSubmit is "matrix submit CASES.yaml --out DIR -- SBATCH OPTIONS".
func matrixSubmit(c *cli.Context, args []string) error {
	var sbatch []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, sbatch = args[:i], args[i+1:]
	}
	for _, f := range []string{"shard", "jobs", "html"} {
		if c.IsSet(f) {
			return fmt.Errorf("--%s is not for matrix submit: the script says the parts, and --cpus-per-task behind \"--\" how many configurations a task runs at once", f)
		}
	}
	if c.IsSet("parts") && c.Int("parts") < 1 {
		return fmt.Errorf("--parts %d: at least 1 is needed", c.Int("parts"))
	}
	opt, err := matrixOptions(c, args)
	if err != nil {
		return err
	}
	flags, err := taskFlags(c, &opt)
	if err != nil {
		return err
	}
	text, err := campaign.Submit(c.Context, campaign.SubmitOptions{MatrixOptions: opt, Flags: flags, Parts: c.Int("parts"), Sbatch: sbatch, DryRun: c.Bool("dry-run")})
	if err != nil {
		return err
	}
	return tell(c, text)
}

// matrixStatus is "matrix status DIR".
func matrixStatus(c *cli.Context, args []string, code *int) error {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		return errors.New("one folder of results is needed: tracecmp matrix status DIR")
	}
	now := time.Now()
	st, err := campaign.ReadStatus(args[0], now)
	if err != nil {
		return err
	}
	if !st.Whole() {
		*code = exitRefused
	}
	return tell(c, st.Text(args[0], now))
}

// tell writes a text unless --quiet asks for none.
func tell(c *cli.Context, text string) error {
	if c.Bool("quiet") {
		return nil
	}
	_, err := io.WriteString(c.App.Writer, text)
	return err
}
