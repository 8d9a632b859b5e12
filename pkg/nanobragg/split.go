package nanobragg

import (
	"fmt"
	"strings"
)

// Split separates the two languages of a command line. One dash followed by a
// letter is nanoBragg's: the flag and its values, however negative, go to
// theirs. Two dashes, a lone dash and everything else are left in ours, in
// order. arity tells how many separate values each two-dash flag takes ("pixel"
// takes 2): they are joined with a comma into the flag, "--pixel=685,1039", so
// that any command-line library can read them.
//
// A flag that nanoBragg does not have takes the numbers behind it, and the words
// too once ours is not empty (it then holds a command); Apply refuses it, or
// ignores it where the profile does as C does.
//
// Everything behind "--" is ours, as it stands.
func Split(args []string, arity map[string]int) (ours []string, theirs []Arg, err error) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			return append(ours, args[i:]...), theirs, nil
		case strings.HasPrefix(a, "--"):
			joined, used, err := joinValues(a, args[i+1:], arity)
			if err != nil {
				return nil, nil, err
			}
			ours = append(ours, joined)
			i += used
		case isFlag(a):
			arg, err := take(a, args[i+1:], len(ours) > 0)
			if err != nil {
				return nil, nil, err
			}
			theirs = append(theirs, arg)
			i += len(arg.Values)
		default:
			ours = append(ours, a)
		}
	}
	return ours, theirs, nil
}

// isFlag reports whether an argument is one of nanoBragg's: a dash and a
// letter, or the one flag that starts with a digit.
func isFlag(a string) bool {
	if len(a) < 2 || a[0] != '-' {
		return false
	}
	c := a[1] | 0x20
	if c >= 'a' && c <= 'z' {
		// "-inf" and "-nan" are values, not flags, and never valid ones; help
		// is asked for in our language.
		return a != "-inf" && a != "-nan" && a != "-h" && a != "-help"
	}
	return a == "-4stol"
}

func joinValues(flag string, rest []string, arity map[string]int) (string, int, error) {
	name, val, has := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
	n := arity[name]
	if has || n == 0 {
		if has && val == "" {
			return "", 0, fmt.Errorf("--%s= needs a value", name)
		}
		return flag, 0, nil
	}
	if len(rest) > 0 && n > 1 && strings.Contains(rest[0], ",") {
		n = 1
	}
	if len(rest) < n {
		return "", 0, fmt.Errorf("--%s needs %s, as in --%s%s", name, count(n), name, " 12 34 56 78"[:3*min(n, 4)])
	}
	for _, v := range rest[:n] {
		if strings.HasPrefix(v, "--") || isFlag(v) {
			return "", 0, fmt.Errorf("--%s needs %s, not %s", name, count(n), v)
		}
	}
	return "--" + name + "=" + strings.Join(rest[:n], ","), n, nil
}

func count(n int) string {
	if n == 1 {
		return "a value"
	}
	return fmt.Sprintf("%d values", n)
}

// take reads the values of one of nanoBragg's flags. Values are numbers or
// words; only a flag's letter after the dash ends them early.
func take(name string, rest []string, words bool) (Arg, error) {
	arg := Arg{Name: name, Origin: "command line"}
	f := arg.Flag()
	if f == nil {
		arg.Values = unknownValues(rest, words)
		return arg, nil
	}
	most, least := f.Args, f.Args
	if f.Min > 0 {
		least = f.Min
	}
	for len(arg.Values) < most && len(arg.Values) < len(rest) {
		v := rest[len(arg.Values)]
		if isFlag(v) || strings.HasPrefix(v, "--") {
			break
		}
		// A flag of varying length ends at the first word that is no number.
		if len(arg.Values) >= least && least < most {
			if _, err := value(v).float(); err != nil {
				break
			}
		}
		arg.Values = append(arg.Values, v)
	}
	if name == "-misset" && len(arg.Values) > 0 && strings.Contains(arg.Values[0], "rand") {
		arg.Values = arg.Values[:1]
		return arg, nil
	}
	if name == "-misset" {
		least = 3
	}
	if len(arg.Values) < least {
		return arg, fmt.Errorf("%s needs %s%s, %d given", name, count(least), unitText(f), len(arg.Values))
	}
	return arg, nil
}

// unknownValues are the values that a flag may have that nobody knows.
func unknownValues(rest []string, words bool) []string {
	n := 0
	for n < len(rest) && !isFlag(rest[n]) && !strings.HasPrefix(rest[n], "--") {
		if _, err := value(rest[n]).float(); err != nil && !words {
			break
		}
		n++
	}
	return append([]string(nil), rest[:n]...)
}

func unitText(f *Flag) string {
	if f.Unit == "" {
		return ""
	}
	return " (" + f.Unit + ")"
}

// loosely finds the first flag whose pattern the argument starts with: C takes
// such arguments too, and whether we do is the profile's choice, made later.
func loosely(name string) *Flag {
	for i := range Flags {
		if f := &Flags[i]; f.contained(name) && strings.HasPrefix(name, f.pattern) {
			return f
		}
	}
	return nil
}
