package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"simtrace/internal/comparison"
	"simtrace/internal/interrupt"
	"simtrace/internal/progress"
	"simtrace/internal/visible"
	"simtrace/pkg/parity/bisect"
)

func (b *bisection) commitsCommand() *cli.Command {
	return &cli.Command{
		Name:      "commits",
		Usage:     "find the commit at which a program's trace stops agreeing with the reference",
		UsageText: "tracecmp bisect commits [--repo DIR] --good REV --bad REV --ref C.log [flags] -- COMMAND…",
		Description: `Checks commits out into worktrees of its own, runs the command there, without a shell, and compares
what it prints with the reference. A commit at which the command fails, prints no trace or ends
with exit status 125 tells nothing and is left out. Exit codes: 0 found and verified, 2 trouble, 3
the answer is not certain.`,
		Flags: append(append([]cli.Flag{
			&cli.StringFlag{Name: "repo", Value: ".", Usage: "a folder of the git repository", TakesFile: true},
			&cli.StringFlag{Name: "good", Usage: "a `REV` that agrees"},
			&cli.StringFlag{Name: "bad", Usage: "a `REV` that differs"},
			&cli.StringFlag{Name: "ref", Aliases: []string{"c"}, Usage: "`LOG` of the reference", TakesFile: true},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Value: 1, Usage: "how many commits to look at at a time"},
			&cli.DurationFlag{Name: "timeout", Value: bisect.DefaultTimeout, Usage: "how long the command may run"},
			&cli.BoolFlag{Name: "shell", Usage: "give the command to sh -c"},
			&cli.BoolFlag{Name: "first-parent", Usage: "follow the first parent of merges only"},
			&cli.BoolFlag{Name: "regimes", Usage: "find every commit at which the divergence changes its kind"},
			&cli.StringFlag{Name: "cache", Usage: "`DIR` for what the command printed; none for no cache (default: the user's cache folder)", TakesFile: true},
			&cli.BoolFlag{Name: "fresh", Usage: "run the command again where the cache has its output"},
			&cli.BoolFlag{Name: "git-bisect", Usage: "one step of git bisect run: judge the folder --repo as it stands; exit codes 0, 1, 125, 128"},
		}, judgingFlags()...), bisectFlags([]string{"o"}, []string{"q"})...),
		Action: b.commits,
	}
}

func (b *bisection) commits(c *cli.Context) error {
	opt := bisect.CommitOptions{
		Repo: c.String("repo"), Good: c.String("good"), Bad: c.String("bad"),
		FirstParent: c.Bool("first-parent"), Jobs: c.Int("jobs"), Fresh: c.Bool("fresh"), Regimes: c.Bool("regimes"),
		Command: bisect.Command{Args: c.Args().Slice(), Shell: c.Bool("shell"), Timeout: c.Duration("timeout")},
	}
	step := c.Bool("git-bisect")
	switch {
	case c.String("ref") == "":
		return errors.New("bisect commits: --ref LOG is needed")
	case !step && (opt.Good == "" || opt.Bad == ""):
		return errors.New("bisect commits: --good REV and --bad REV are needed")
	case len(opt.Command.Args) == 0:
		return errors.New("bisect commits: a command is needed, behind --")
	case opt.Jobs < 1 || opt.Command.Timeout <= 0:
		return errors.New("bisect commits: --jobs and --timeout must be positive")
	}
	var rules []comparison.RuleFile
	var err error
	if opt.Compare, rules, err = judging(c); err != nil {
		return err
	}
	out, err := newBisectOut(c, rules, c.String("ref"))
	if err != nil {
		return err
	}
	if opt.Ref, err = b.openOne(c.Context, "reference", c.String("ref")); err != nil {
		return err
	}
	if step {
		return b.gitStep(c, opt)
	}
	if opt.CacheDir, err = bisect.CacheDir(c.String("cache")); err != nil {
		return err
	}
	t := progress.New(b.stderr)
	opt.Progress = func(p bisect.CommitProgress) {
		t.Step(p.Done, p.Left, fmt.Sprintf("%s is %s", p.Probe.About.Short, p.Probe.Outcome))
	}
	rep, err := bisect.Commits(c.Context, opt)
	t.Clear()
	if c.Context.Err() != nil {
		if opt.CacheDir == "" {
			return interrupt.Err
		}
		return errors.New("interrupted; what was probed is in the cache")
	}
	if err != nil {
		return err
	}
	if !rep.Conclusive() {
		*b.code = exitRefused
	}
	return b.show(c, out, rep)
}

// gitStep judges one commit, the one that git bisect has checked out.
func (b *bisection) gitStep(c *cli.Context, opt bisect.CommitOptions) error {
	p, err := bisect.ProbeHere(c.Context, opt.Repo, opt.Command, opt.Ref, opt.Compare)
	if err != nil {
		return err
	}
	switch p.Outcome {
	case bisect.Bad:
		*b.code = exitDiverged
	case bisect.CannotTell:
		*b.code = exitRefused
	}
	if !c.Bool("quiet") {
		fmt.Fprintf(b.stdout, "%s: %s\n", p.Outcome, visible.Line(p.Why))
	}
	return nil
}

// gitCodes turns the exit code into what git bisect run means by it, where
// --git-bisect stands before any "--": 125 for what cannot be judged, and 128,
// which ends the bisection, for trouble.
func gitCodes(args []string, code int) int {
	for _, a := range args {
		switch {
		case a == "--":
			return code
		case a != "--git-bisect" && a != "-git-bisect":
		case code == exitRefused:
			return 125
		case code == exitTrouble:
			return 128
		}
	}
	return code
}
