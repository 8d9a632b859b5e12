package manual

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

// toy is a program with a command that reads its flags itself, as a program of its own.
func toy(out io.Writer) *cli.App {
	fail := func(c *cli.Context, err error, _ bool) error { return UsageError(c, err, "-distance") }
	words := Vocabulary{
		Values: func(command, flag string) []string {
			switch command + " " + flag {
			case "weigh scale":
				return []string{"kitchen", "bath"}
			case "sift inner set":
				return []string{"mesh=fine", "mesh=coarse", "dry=yes"}
			}
			return nil
		},
		Args: func(command string) []string {
			if command == "weigh" {
				return []string{"flour", "sugar"}
			}
			return nil
		},
	}
	return &cli.App{
		Name: "toy", Usage: "weigh and sift", Writer: out, ErrWriter: io.Discard, HideHelpCommand: true, HideVersion: true,
		Description:  "A paragraph that is\nfilled anew.\n\n  one that stays as\n  it is\n\nAnd " + strings.Repeat("words ", 20),
		Flags:        []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "write to `FILE`"}, cli.HelpFlag},
		OnUsageError: fail, ExitErrHandler: func(*cli.Context, error) {},
		Action: func(c *cli.Context) error { return UnknownCommand(c.Args().First(), c.App.Commands) },
		Commands: WithUsageErrors(append([]*cli.Command{
			{
				Name: "weigh", Usage: "weigh it", Action: func(*cli.Context) error { return nil }, HideHelpCommand: true,
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "scale", Value: "bath", Usage: "`SCALE` that is taken"}, &cli.IntFlag{Name: "times", Usage: "how often"},
					&cli.Float64Flag{Name: "a-flag-of-some-length", Value: 0.5, Usage: strings.Repeat("long ", 40)}, &cli.BoolFlag{Name: "dry", Usage: "not in water"},
					&cli.StringSliceFlag{Name: "of", Usage: "a thing"},
				},
			},
			{
				Name: "sift", Usage: "sift it", SkipFlagParsing: true, HideHelpCommand: true,
				Action: func(c *cli.Context) error {
					app := &cli.App{Name: "toy sift", Usage: "sift it", Writer: out, HideVersion: true, HideHelpCommand: true, OnUsageError: fail,
						ExitErrHandler: func(*cli.Context, error) {},
						Commands: WithUsageErrors([]*cli.Command{{Name: "inner", Usage: "within", HideHelpCommand: true, Action: func(*cli.Context) error { return nil },
							Flags: []cli.Flag{&cli.StringFlag{Name: "set", Usage: "`NAME=VALUE`"}}}}, fail)}
					return app.RunContext(c.Context, append([]string{app.Name}, c.Args().Slice()...))
				},
			},
		}, Commands("toy", out, words)...), fail),
	}
}

// said is what the toy prints, and its error.
func said(t *testing.T, args ...string) (string, string) {
	t.Helper()
	old := cli.HelpPrinter
	defer func() { cli.HelpPrinter = old }()
	Install()
	var out bytes.Buffer
	err := toy(&out).RunContext(context.Background(), append([]string{"toy"}, args...))
	return out.String(), fmt.Sprint(errors.Unwrap(fmt.Errorf("%w", err)))
}

func TestHelp(t *testing.T) {
	text, _ := said(t, "-h")
	want := `toy - weigh and sift

Usage:
  toy [options]

A paragraph that is filled anew.

  one that stays as
  it is

And words words words words words words words words words words words words
words words words words words words words words

Commands:
  weigh       weigh it
  sift        sift it
  help        print the help of a command
  completion  print the completion script of a shell: bash, zsh or fish
  man         print the manual page, in roff

Options:
  --out, -o FILE  write to FILE
  --help, -h      show help

"toy COMMAND -h" tells of one command.
`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	weigh, _ := said(t, "weigh", "--help")
	for _, line := range []string{"  --scale SCALE  SCALE that is taken (default: bath)\n", "  --times N      how often\n", "  --a-flag-of-some-length NUMBER\n", "  --of VALUE     a thing (repeatable)\n", "  --dry          not in water\n"} {
		if !strings.Contains(weigh, line) {
			t.Errorf("the help of weigh has no %q:\n%s", line, weigh)
		}
	}
	for line := range strings.Lines(text + weigh) {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("more than 79 characters: %q", line)
		}
	}
	for _, same := range [][]string{{"help"}, {"help", "weigh"}, {"help", "sift", "inner"}} {
		a, _ := said(t, same...)
		b, _ := said(t, append(same[1:], "-h")...)
		if a != b || a == "" {
			t.Errorf("%q prints %q, the flag %q", same, a, b)
		}
	}
}

func TestSuggestions(t *testing.T) {
	for args, want := range map[string]string{
		"weigh --scael 3":        "unknown flag --scael (did you mean --scale?)",
		"weigh --distance 3":     "unknown flag --distance (did you mean -distance?)",
		"weigh --quite-another":  "unknown flag --quite-another",
		"weigh --times many":     `invalid value "many" for flag -times: parse error`,
		"sift inner --sett a":    "unknown flag --sett (did you mean --set?)",
		"--uot x":                "unknown flag --uot (did you mean --out?)",
		"wiegh":                  `unknown command "wiegh" (did you mean weigh?); there are weigh, sift, help, completion, man`,
		"help wegh":              `unknown command "wegh" (did you mean weigh?); there are weigh, sift, help, completion, man`,
		"completion tcsh":        `no completion for "tcsh" (known: bash, zsh, fish)`,
		"completion":             "completion takes the name of a shell: bash, zsh or fish",
		"man of it":              "man takes no argument",
		"completion --quick zsh": "unknown flag --quick",
	} {
		out, err := said(t, strings.Fields(args)...)
		if err != want || out != "" {
			t.Errorf("%s: %s (printed %q), want %s", args, err, out, want)
		}
	}
	if Misspelt("another", toy(nil).Commands) || !Misspelt("wiegh", toy(nil).Commands) {
		t.Error("what is meant for a command")
	}
}

// The page has all commands, also those that read their flags themselves, and every flag.
func TestMan(t *testing.T) {
	roff, _ := said(t, "man")
	for _, part := range []string{`.TH "TOY"`, ".SH NAME", "toy \\- weigh and sift", ".SS weigh", ".SS sift inner", "\\fB--set\\fP", "\\fINAME=VALUE\\fP", "\\fB--out\\fP, \\fB-o\\fP", "one that stays as\n  it is"} {
		if !strings.Contains(roff, part) {
			t.Errorf("the page has no %q:\n%s", part, roff)
		}
	}
	page := string(Tree(toy(io.Discard)).Man("1", Section{"more of it", func() []Group { return []Group{{"some", []Flag{{[]string{"-a_b"}, "mm", "as * [c]"}}}} }}))
	if !strings.Contains(page, ".SH MORE OF IT") || !strings.Contains(page, "\\fB-a_b\\fP \\fImm\\fP\nas * [c]\n") {
		t.Errorf("no further section:\n%s", page)
	}
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: no groff")
	}
	cmd := exec.Command(groff, "-man", "-Tascii", "-ww", "-z")
	cmd.Stdin = strings.NewReader(roff)
	if text, err := cmd.CombinedOutput(); err != nil || len(text) > 0 {
		t.Errorf("groff: %v: %s", err, text)
	}
}

// What bash, zsh and fish complete, asked of the shells themselves.
func TestCompletion(t *testing.T) {
	for _, shell := range Shells {
		t.Run(shell, func(t *testing.T) {
			program, err := exec.LookPath(shell)
			if err != nil {
				t.Skipf("SKIPPED, NOT TESTED: no %s", shell)
			}
			script, _ := said(t, "completion", shell)
			path := filepath.Join(t.TempDir(), "script")
			if err := os.WriteFile(path, []byte(script), 0o666); err != nil {
				t.Fatal(err)
			}
			for line, want := range map[string][]string{
				"toy we":                       {"weigh"},
				"toy weigh fl":                 {"flour"},
				"toy weigh --sca":              {"--scale"},
				"toy weigh --scale ba":         {"bath"},
				"toy sift in":                  {"inner"},
				"toy sift inner --se":          {"--set"},
				"toy completion z":             {"zsh"},
				"toy sift inner --set mesh=co": {"mesh=coarse"},
			} {
				if got := completed(t, program, shell, path, line); !slices.Equal(got, want) {
					t.Errorf("%s: %q, want %q", line, got, want)
				}
			}
		})
	}
}

// completed asks a shell to complete a line.
func completed(t *testing.T, program, shell, script, line string) []string {
	t.Helper()
	words := strings.Fields(line)
	if strings.HasSuffix(line, " ") {
		words = append(words, "")
	}
	var cmd *exec.Cmd
	switch shell {
	case "bash": // it cuts at the sign of equality
		cut := strings.Fields(strings.ReplaceAll(line, "=", " = "))
		cmd = exec.Command(program, "-c", `. "$0"; COMP_CWORD=$(($# - 1)); COMP_WORDS=("$@"); compopt() { :; }; _toy; printf '%s\n' "${COMPREPLY[@]}"`, script)
		cmd.Args = append(cmd.Args, cut...)
	case "zsh": // the functions of its completion, outside of its line editor
		cmd = exec.Command(program, "-f", "-c", `compset() { :; }; _files() { :; }; zparse() { :; }; cur="${@[$#]}"
			compadd() { shift; for w in "$@"; do [[ $w == $cur* ]] && print -r -- $w; done; true }
			. "$0"; words=("$@"); CURRENT=$#; _toy`, script)
		cmd.Args = append(cmd.Args, words...)
	default:
		cmd = exec.Command(program, "-N", "-c", `source $argv[1]; complete -C $argv[2]`, script, line)
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	}
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", line, err, text)
	}
	var list []string
	for l := range strings.Lines(string(text)) {
		word, _, _ := strings.Cut(strings.TrimRight(l, "\n"), "\t")
		if i := strings.LastIndex(line, "="); shell == "bash" && i >= 0 && word != "" {
			word = line[strings.LastIndex(line, " ")+1:i+1] + word
		}
		list = append(list, word)
	}
	return list
}
