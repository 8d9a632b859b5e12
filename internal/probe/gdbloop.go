package probe

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
)

// loop lets the program run to its end, and reads at each stop.
func (d *debugger) loop() error {
	if err := d.switchTo(d.arm == nil); err != nil {
		return err
	}
	for {
		if _, err := d.do("-exec-continue"); err != nil {
			return err
		}
		r, err := d.stopped()
		if err != nil {
			return err
		}
		switch reason := r.vars.str("reason"); reason {
		case "breakpoint-hit":
			if err := d.hit(r); err != nil {
				return err
			}
		case "exited-normally":
			return nil
		case "exited":
			code, _ := strconv.ParseInt(r.vars.str("exit-code"), 8, 64)
			return &programError{fmt.Sprintf("%s ended with exit status %d", d.name(), code)}
		case "exited-signalled":
			return &programError{fmt.Sprintf("%s was ended by %s", d.name(), r.vars.str("signal-name"))}
		default:
			return fmt.Errorf("%s stopped where nothing was asked for (%s)", d.name(), reason)
		}
	}
}

func (d *debugger) name() string { return filepath.Base(d.spec.Program.Run) }

// programError is the program's own failure.
type programError struct{ what string }

func (e *programError) Error() string { return e.what }

// switchTo arms or disarms the taps: only what is needed can stop the program.
func (d *debugger) switchTo(armed bool) error {
	d.over = d.over || d.armed && !armed && d.spec.Arm.Once
	d.armed = armed
	clear(d.done)
	on, off := []string{}, []string{}
	for _, s := range d.stops {
		if d.wanted(s) {
			on = append(on, s.number)
		} else {
			off = append(off, s.number)
		}
	}
	for command, numbers := range map[string][]string{"-break-enable": on, "-break-disable": off} {
		for _, n := range numbers {
			command += " " + n
		}
		if len(numbers) == 0 {
			continue
		}
		if _, err := d.do(command); err != nil {
			return err
		}
	}
	return d.conditions()
}

// wanted tells whether the program must stop there now.
func (d *debugger) wanted(s *stop) bool {
	if s == d.arm && !d.over && (!d.armed || d.disarm == nil && d.spec.Arm.When != "") {
		return true
	}
	if s == d.disarm && d.armed {
		return true
	}
	return slices.ContainsFunc(s.taps, d.live)
}

// live tells whether the tap is to be read where the program comes to it now.
func (d *debugger) live(t *Tap) bool {
	spent := t.Once && d.done[t] > 0
	return (t.Always || d.armed) && !spent
}

// conditions leaves the arm's condition to gdb while nothing else is read at its line,
// since a stop that gdb itself passes over is the cheapest.
func (d *debugger) conditions() error {
	if d.arm == nil || d.spec.Arm.When == "" {
		return nil
	}
	command := "-break-condition " + d.arm.number
	if !d.armed && !slices.ContainsFunc(d.arm.taps, func(t *Tap) bool { return t.Always }) {
		command += " " + d.spec.Arm.When
	}
	_, err := d.do(command)
	return err
}

// hit reads what is to be read where the program stopped. Lines may share an address.
func (d *debugger) hit(r record) error {
	clear(d.values)
	frame, _ := r.vars["frame"].(tuple)
	number := r.vars.str("bkptno")
	var here []*stop
	for _, s := range d.stops {
		if s.number == number || slices.Contains(s.addrs, frame.str("addr")) {
			here = append(here, s)
		}
	}
	if slices.Contains(here, d.arm) && !d.over && (!d.armed || d.disarm == nil) {
		holds, err := d.holds(d.spec.Arm)
		if err == nil && holds != d.armed {
			err = d.switchTo(holds)
		}
		if err != nil {
			return err
		}
	}
	again := false
	for _, s := range here {
		for _, t := range s.taps {
			if !d.live(t) {
				continue
			}
			read, err := d.tap(t)
			if err != nil {
				return err
			}
			again = again || read && t.Once
		}
	}
	if slices.Contains(here, d.disarm) && d.armed {
		holds, err := d.holds(d.spec.Disarm)
		if err != nil || holds {
			return errors.Join(err, d.switchTo(false))
		}
	}
	if again { // a tap that is read once need not stop again
		return d.rest(here)
	}
	return nil
}

// rest switches off the stops that nobody needs any more.
func (d *debugger) rest(here []*stop) error {
	for _, s := range here {
		if !d.wanted(s) {
			if _, err := d.do("-break-disable " + s.number); err != nil {
				return err
			}
		}
	}
	return nil
}

// holds tells whether the stop's condition holds here.
func (d *debugger) holds(s *Stop) (bool, error) {
	if s.When == "" {
		return true, nil
	}
	e := Expr{s.When, s.Line}
	if err := d.evaluate(s.At, e); err != nil {
		return false, err
	}
	return isTrue(d.values[s.When]), nil
}

// isTrue is truth as C has it.
func isTrue(v value) bool {
	for _, n := range v.numbers {
		if x, err := strconv.ParseFloat(n, 64); err == nil && x != 0 {
			return true
		}
	}
	return false
}

// tap reads a tap and writes its rows; read is false where its condition fails.
func (d *debugger) tap(t *Tap) (read bool, err error) {
	if ok, err := d.holds(&t.Stop); !ok || err != nil {
		return false, err
	}
	exprs := t.reads()
	if err := d.calling(t.Calls, func() error { return d.evaluate(t.At, exprs...) }); err != nil {
		return false, err
	}
	all := make([]value, len(exprs))
	for i, e := range exprs {
		all[i] = d.values[e.Text]
	}
	h, err := d.spec.hitOf(t, all)
	if err != nil {
		return false, err
	}
	d.hits[t]++
	d.done[t]++
	return true, d.rows.write(h)
}

// calling lets gdb call the program's functions while something is read, where the user
// vouches for them.
func (d *debugger) calling(allowed bool, read func() error) error {
	if !allowed {
		return read()
	}
	if _, err := d.do("-gdb-set may-call-functions on"); err != nil {
		return err
	}
	if err := read(); err != nil {
		return err
	}
	_, err := d.do("-gdb-set may-call-functions off")
	return err
}

// evaluate asks for all values at once that are not known of this stop yet.
func (d *debugger) evaluate(at Place, exprs ...Expr) error {
	var asked []Expr
	var tokens []int
	for _, e := range exprs {
		if _, known := d.values[e.Text]; known || slices.ContainsFunc(asked, func(a Expr) bool { return a.Text == e.Text }) {
			continue
		}
		asked = append(asked, e)
		tokens = append(tokens, d.send("-data-evaluate-expression "+strconv.Quote(e.Text)))
	}
	for i, e := range asked {
		r, err := d.result(tokens[i])
		if err != nil && !errors.As(err, new(miError)) {
			return err
		}
		var v value
		if err == nil {
			v, err = gdbValue(r.vars.str("value"))
		}
		switch {
		case errors.Is(err, errOptimised):
			return d.spec.fail(e.Line, "%s is optimised out at %s: compile the program with -Og -g (or -O0 -g)", e.Text, at)
		case err != nil:
			return d.spec.fail(e.Line, "%s at %s: %s", e.Text, at, inOneLine(err))
		}
		d.values[e.Text] = v
	}
	return nil
}
