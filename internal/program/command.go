package program

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"simtrace/internal/shell"
)

// pythonProgram runs a port's file whose name ends in .py.
const pythonProgram = "python3"

var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// Command finds a program: a path, a Python file, or words before the flags, with
// variables ahead of them as a shell has it: "PYTHONPATH=src python3 -m port". Names of
// files and folders are the caller's, and become absolute, in PYTHONPATH too: the program
// runs in a folder of its own.
func Command(s string) ([]string, error) {
	command, err := commandOf(s)
	if err != nil {
		return nil, err
	}
	return inheritPythonPath(command)
}

func commandOf(s string) ([]string, error) {
	if strings.HasSuffix(s, ".py") {
		if st, err := os.Stat(s); err == nil && st.Mode().IsRegular() {
			return pythonCommand(s)
		}
	}
	if path, err := Look(s); err == nil {
		return []string{path}, nil
	}
	words, err := shell.Split(s)
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(words) && assignment.MatchString(words[n]) {
		n++
	}
	if n == len(words) {
		return nil, fmt.Errorf("%q names no program", s)
	}
	command, err := absoluteCommand(words[n:])
	if err != nil || n == 0 {
		return command, err
	}
	env, err := Look("env")
	if err != nil {
		return nil, err
	}
	out := []string{env}
	for _, w := range words[:n] {
		name, value, _ := strings.Cut(w, "=")
		if value, err = absoluteList(value); err != nil {
			return nil, err
		}
		out = append(out, name+"="+value)
	}
	return append(out, command...), nil
}

func pythonCommand(file string) ([]string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	python, err := Look(pythonProgram)
	if err != nil {
		return nil, err
	}
	return []string{python, path}, nil
}

// absoluteCommand finds the program and makes the words that name files or folders
// absolute.
func absoluteCommand(words []string) ([]string, error) {
	if strings.HasSuffix(words[0], ".py") {
		if _, err := os.Stat(words[0]); err == nil {
			words = append([]string{pythonProgram}, words...)
		}
	}
	program, err := Look(words[0])
	if err != nil {
		return nil, err
	}
	out := []string{program}
	for _, w := range words[1:] {
		if w, err = absolute(w); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// absolute makes the name of a file or folder absolute where it has a slash or is a
// file: a bare word may be a module's name as well.
func absolute(word string) (string, error) {
	st, err := os.Stat(word)
	if err != nil || st.IsDir() && !strings.Contains(word, "/") {
		return word, nil
	}
	return filepath.Abs(word)
}

// absoluteList makes the files and folders of a list with colons absolute.
func absoluteList(value string) (string, error) {
	parts := strings.Split(value, ":")
	for i, p := range parts {
		if p == "" {
			continue
		}
		if _, err := os.Stat(p); err != nil {
			continue
		}
		var err error
		if parts[i], err = filepath.Abs(p); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, ":"), nil
}

// inheritPythonPath makes the caller's PYTHONPATH absolute, which else means another
// folder to a program that runs elsewhere.
func inheritPythonPath(command []string) ([]string, error) {
	value := os.Getenv("PYTHONPATH")
	if value == "" || len(command) == 0 {
		return command, nil
	}
	list, err := absoluteList(value)
	if err != nil || list == value {
		return command, err
	}
	for _, w := range command {
		if strings.HasPrefix(w, "PYTHONPATH=") {
			return command, nil
		}
	}
	env, err := Look("env")
	if err != nil {
		return nil, err
	}
	return append([]string{env, "PYTHONPATH=" + list}, command...), nil
}

// FindPort finds the port's program: of the flag, or else of NB_PY_BIN; none for
// simtrace. why says which.
func FindPort(flag string, given bool) (command []string, why string, err error) {
	name := flag
	switch env := os.Getenv("NB_PY_BIN"); {
	case given:
		why = "--got-bin"
	case env != "":
		name, why = env, "NB_PY_BIN"
	default:
		return nil, "no --got-bin and no NB_PY_BIN", nil
	}
	if command, err = Command(name); err != nil {
		return nil, "", fmt.Errorf("%s: %w", why, err)
	}
	return command, why, nil
}

// FindReference finds the reference's program: as named, in NB_C_BIN, or where
// the port keeps it. why says which.
func FindReference(named string) (command []string, why string, err error) {
	for _, v := range [2][2]string{{named, "--c-bin"}, {os.Getenv("NB_C_BIN"), "NB_C_BIN"}} {
		if v[0] == "" {
			continue
		}
		if command, err = Command(v[0]); err != nil {
			return nil, "", fmt.Errorf("%s: %w", v[1], err)
		}
		return command, v[1], nil
	}
	for _, p := range []string{"./golden_suite_generator/nanoBragg", "./nanoBragg"} {
		if path, err := Look(p); err == nil {
			return []string{path}, p, nil
		}
	}
	return nil, "", errors.New("the reference's program is needed: --c-bin PROGRAM or NB_C_BIN")
}
