package main

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print the completion script of a shell: bash, zsh or fish", HideHelpCommand: true,
		UsageText: "source <(simtrace completion bash)\n" +
			"source <(simtrace completion zsh)\n" +
			"simtrace completion fish >~/.config/fish/completions/simtrace.fish",
		OnUsageError: func(_ *cli.Context, err error, _ bool) error { return err },
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return fmt.Errorf("completion takes the name of a shell: bash, zsh or fish")
			}
			v := newVocabulary(c.App)
			switch shell := c.Args().First(); shell {
			case "bash":
				return v.bash(p.stdout)
			case "zsh":
				if _, err := io.WriteString(p.stdout, "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n"); err != nil {
					return err
				}
				return v.bash(p.stdout)
			case "fish":
				return v.fish(p.stdout)
			default:
				return fmt.Errorf("no completion for %q (known: bash, zsh, fish)", shell)
			}
		},
	}
}

// vocabulary is what a command line can hold.
type vocabulary struct {
	commands []*cli.Command
	values   map[string][]string // of our flags that take one of a few words
	switches []sim.Switch
	theirs   []nanobragg.Flag
}

func newVocabulary(app *cli.App) *vocabulary {
	v := &vocabulary{
		switches: sim.Switches(), theirs: nanobragg.Flags,
		values: map[string][]string{
			"profile": sim.ProfileNames(), "dialect": {"py", "c", "jsonl"}, "format": {"text", "json"},
			"device": {"cpu", "cuda", "gpu"}, "dtype": sim.DtypeNames(), "arith": sim.ArithNames(), "engine": sim.EngineNames,
		},
	}
	for _, s := range schema.Stages() {
		v.values["stages"] = append(v.values["stages"], s.String())
	}
	for _, s := range v.switches {
		v.values["switch"] = append(v.values["switch"], s.Name+"=")
	}
	for _, c := range app.Commands {
		if c.Name != "help" {
			v.commands = append(v.commands, c)
		}
	}
	return v
}

// words lists the flags of a command.
func (v *vocabulary) words(c *cli.Command) []string {
	var words []string
	for _, f := range c.Flags {
		words = append(words, "--"+f.Names()[0])
	}
	if choosesExperiment(c.Flags) {
		for _, f := range v.theirs {
			words = append(append(words, f.Name), f.Aliases...)
		}
	}
	return words
}

// bash prints the function for bash, which zsh reads too.
func (v *vocabulary) bash(w io.Writer) error {
	var b, names strings.Builder
	for _, c := range v.commands {
		names.WriteString(c.Name + " ")
	}
	b.WriteString("_simtrace() {\n" +
		"    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n" +
		"    # The shell cuts NAME=VALUE at the sign.\n" +
		"    if [ \"$cur\" = = ]; then prev=$prev=; cur=; elif [ \"$prev\" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}=; fi\n" +
		"    case $prev in\n")
	for _, name := range sortedNames(v.values) {
		fmt.Fprintf(&b, "    --%s|--%s=) words='%s' ;;\n", name, name, strings.Join(v.values[name], " "))
	}
	for _, s := range v.switches {
		fmt.Fprintf(&b, "    %s=) words='%s' ;;\n", s.Name, strings.Join(s.ValueNames(), " "))
	}
	b.WriteString("    completion) words='bash zsh fish' ;;\n    *) case $COMP_CWORD,$cur in\n")
	fmt.Fprintf(&b, "        1,*) words='%s' ;;\n        *,-*) case ${COMP_WORDS[1]} in\n", strings.TrimSpace(names.String()))
	for _, c := range v.commands {
		if words := v.words(c); len(words) > 0 {
			fmt.Fprintf(&b, "            %s) words='%s' ;;\n", c.Name, strings.Join(words, " "))
		}
	}
	b.WriteString("            esac ;;\n        esac ;;\n    esac\n" +
		"    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n" +
		"    case $COMPREPLY in *=) if type compopt >/dev/null 2>&1; then compopt -o nospace; fi ;; esac\n" +
		"}\ncomplete -o default -F _simtrace simtrace\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// fish prints a declaration for every word.
func (v *vocabulary) fish(w io.Writer) error {
	var b strings.Builder
	var experiments []string
	for _, c := range v.commands {
		fmt.Fprintf(&b, "complete -c simtrace -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, fishQuote(c.Usage))
		for _, f := range c.Flags {
			name, usage := f.Names()[0], ""
			if d, ok := f.(cli.DocGenerationFlag); ok {
				usage = d.GetUsage()
			}
			fmt.Fprintf(&b, "complete -c simtrace -n '__fish_seen_subcommand_from %s' -l %s -d %s%s\n", c.Name, name, fishQuote(usage), v.fishValues(name))
		}
		if choosesExperiment(c.Flags) {
			experiments = append(experiments, c.Name)
		}
	}
	b.WriteString("complete -c simtrace -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n")
	for _, f := range v.theirs {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			fmt.Fprintf(&b, "complete -c simtrace -n '__fish_seen_subcommand_from %s' -o %s -d %s\n",
				strings.Join(experiments, " "), strings.TrimPrefix(name, "-"), fishQuote(f.Help))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (v *vocabulary) fishValues(flag string) string {
	words := v.values[flag]
	if flag == "switch" {
		words = nil
		for _, s := range v.switches {
			for _, value := range s.ValueNames() {
				words = append(words, s.Name+"="+value)
			}
		}
	}
	if words == nil {
		return ""
	}
	return " -x -a " + fishQuote(strings.Join(words, " "))
}

// fishQuote quotes a text for fish: in single quotes it knows \' and \\.
func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func sortedNames(m map[string][]string) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
