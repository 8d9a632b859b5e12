package manual

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
)

// Commands are those that every program has: help, completion and man. Out is where they
// write, more what the manual page has at its end.
func Commands(name string, out io.Writer, v Vocabulary, more ...Section) []*cli.Command {
	return []*cli.Command{
		{
			Name: "help", Usage: "print the help of a command", UsageText: name + " help [COMMAND]", HideHelpCommand: true,
			Action: help,
		},
		{
			Name: "completion", Usage: "print the completion script of a shell: bash, zsh or fish", HideHelpCommand: true,
			UsageText: "source <(" + name + " completion bash)\nsource <(" + name + " completion zsh)\n" + name + " completion fish | source",
			Action: func(c *cli.Context) error {
				if c.NArg() != 1 {
					return fmt.Errorf("completion takes the name of a shell: bash, zsh or fish")
				}
				shell := c.Args().First() // of the program's arguments: the tree runs it anew
				return Tree(c.App).Completion(out, shell, v)
			},
		},
		{
			Name: "man", Usage: "print the manual page, in roff", UsageText: name + " man | man -l -", HideHelpCommand: true,
			Action: func(c *cli.Context) error {
				if c.NArg() > 0 {
					return fmt.Errorf("man takes no argument")
				}
				_, err := out.Write(Tree(c.App).Man(c.App.Version, more...))
				return err
			},
		},
	}
}

// help prints the page of the command that the arguments name.
func help(c *cli.Context) error {
	args := c.Args().Slice()
	if len(args) > 0 && c.App.Command(args[0]) == nil {
		return UnknownCommand(args[0], c.App.Commands)
	}
	return c.App.RunContext(c.Context, append(append([]string{c.App.Name}, args...), "--help"))
}
