package nanobragg

import (
	"errors"
	"strconv"
	"strings"

	"simtrace/pkg/sim"
)

// The C programs look for a flag's name anywhere in a word, and take what follows for
// its values, whatever it is. This file has the words that so come to mean something
// else in one program than in another.

// unknownToCUDA are the flags that bl831's CUDA program does not have.
var unknownToCUDA = map[string]bool{
	"-misset_seed": true, "-oversample_omega": true, "-oversample_polar": true, "-trace_pixel": true,
}

// asSpelled reports whether a flag of the profile's program is what it spells.
func asSpelled(p sim.Profile) bool { return p.Flags == sim.FlagsExact || p.Flags == sim.FlagsTorch }

// has reports whether the profile's program has a flag.
func has(p sim.Profile, f *Flag) bool {
	return p.Flags != sim.FlagsBl831CUDA || !unknownToCUDA[f.Name]
}

// applyLeaks sets what a word sets besides the flags that it spells or contains, in
// the bl831 programs; behind are the words behind it. It reports whether the word
// means nothing else.
func (b *Builder) applyLeaks(a Arg, behind []string) (done bool, err error) {
	p := b.Config.Profile
	if p.Flags != sim.FlagsBl831 && p.Flags != sim.FlagsBl831CUDA {
		return false, nil
	}
	if a.Name != "-misset" && strings.Contains(a.Name, "-misset") {
		err = b.leakMisset(a, behind)
	}
	if p.Flags != sim.FlagsBl831CUDA || err != nil {
		return false, err
	}
	switch {
	case strings.Contains(a.Name, "-thick"):
		// There is no -thicksteps: the word means the crystal's thickness alone.
		return true, b.leak(a, Lookup("-xtal_thick"), behind)
	case a.Name == "-oversample_omega" || a.Name == "-oversample_polar":
		return true, b.leak(a, Lookup("-oversample"), behind)
	case a.Name == "-oversample_thick":
		return true, nil // so it does anyway
	case a.Name == "-seed" && len(a.Values) > 0:
		return false, applySeed(func(b *Builder) *int64 { return &b.Config.Crystal.MissetSeed })(b, []value{value(a.Values[0])})
	}
	return false, nil
}

// leakMisset is a word that contains -misset.
func (b *Builder) leakMisset(a Arg, behind []string) error {
	if len(behind) > 0 && strings.Contains(behind[0], "rand") {
		b.Config.Crystal.MissetRandom = true
		return nil
	}
	if len(behind) < 3 {
		return nil
	}
	v := []value{value(leadingFloat(behind[0])), value(leadingFloat(behind[1])), value(leadingFloat(behind[2]))}
	b.warn("%s also sets -misset to %s %s %s, because the program matches flags by substring", a.Name, v[0], v[1], v[2])
	return applyMisset(b, v)
}

// leak sets a flag with one number that a word contains, from the word behind it.
func (b *Builder) leak(a Arg, f *Flag, behind []string) error {
	if len(behind) == 0 {
		return nil
	}
	v := leadingInt(behind[0])
	if f.Name == "-xtal_thick" {
		v = leadingFloat(behind[0])
	}
	b.warn("%s %s sets %s to %s, because the program matches flags by substring", a.Name, behind[0], f.Name, v)
	s := Setting{Arg: Arg{Name: a.Name, Values: []string{v}, Origin: a.Origin}, Flag: f}
	for _, name := range f.Sets {
		b.setBy[name] = s
	}
	b.Settings = append(b.Settings, s)
	return f.apply(b, []value{value(v)})
}

// wordsBehind are the words of a command line behind the i-th flag: its values, then
// the flags behind it with theirs.
func wordsBehind(args []Arg, i int) []string {
	words := append([]string(nil), args[i].Values...)
	for _, a := range args[i+1:] {
		words = append(append(words, a.Name), a.Values...)
	}
	return words
}

// leadingFloat is the number that a word begins with, as C's atof reads it; 0 where
// there is none.
func leadingFloat(word string) string {
	for n := len(word); n > 0; n-- {
		if _, err := strconv.ParseFloat(word[:n], 64); err == nil && strings.Trim(word[:n], "0123456789+-.eE") == "" {
			return word[:n]
		}
	}
	return "0"
}

// leadingInt is the whole number that a word begins with, as C's atoi reads it.
func leadingInt(word string) string {
	for n := len(word); n > 0; n-- {
		if _, err := strconv.ParseInt(word[:n], 10, 32); err == nil {
			return word[:n]
		}
	}
	return "0"
}

// refused is the error of a flag that the profile's program stops at wherever it
// stands, also where a later flag takes it back.
func (b *Builder) refused(f *Flag) error {
	if b.Config.Profile.Stops != sim.StopsBl831CUDA {
		return nil
	}
	switch f.Name {
	case "-interpolate", "-stol", "-4stol", "-Q":
		return &sim.StopError{Profile: b.Config.Profile.Name, At: f.Name, Remedy: "leave it out, or take another profile"}
	}
	return nil
}

// applyPrecision is for the flag of bl831's CUDA program, whose arithmetic render
// --arith has.
func applyPrecision(b *Builder, v []value) error {
	p := b.Config.Profile
	arith := map[value]string{"single": "bl831-single", "double": "bl831-df64"}[v[0]]
	switch {
	case asSpelled(p):
		return errors.New("a flag of bl831's CUDA program: take --profile bl831-cuda, and render --arith for its arithmetic")
	case p.Flags != sim.FlagsBl831CUDA:
		b.warn("unknown flag -precision: ignored, as in C")
	case arith == "":
		return &sim.StopError{Profile: p.Name, At: "-precision " + string(v[0]), Remedy: "it is single or double"}
	default:
		b.warn("-precision %s: the pixels are float64 unless render has --arith %s", v[0], arith)
	}
	return nil
}

// lastWord reports whether the flag is one that the C programs ignore at the end of a
// command line, and stands there.
func (b *Builder) lastWord(f *Flag, args []Arg, i int) bool {
	p := b.Config.Profile.Flags
	return b.WholeCommand && f.Name == "-curved_det" && (p == sim.FlagsSubstring || p == sim.FlagsBl831) &&
		i == len(args)-1 && len(args[i].Values) == 0 && args[i].Origin == "command line"
}
