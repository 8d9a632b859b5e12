"""Runs a Python program and prints expressions at given lines of it.

Written by tracecmp probe, which starts it as: python3 tap.py SPEC.json ARGS. Each line on
file descriptor 3 is a JSON object for tracecmp: what a tap gave, or why it gave nothing.
"""
import ast
import json
import os
import runpy
import sys
import threading
import types

OUT = os.fdopen(3, "w")
LOCK = threading.Lock()


def send(**what):
    with LOCK:
        OUT.write(json.dumps(what) + "\n")



def refuse(line, why):
    send(line=line, error=why)
    OUT.flush()
    os._exit(2)


def numbers(x):
    """The numbers of x as text with all their digits, arrays element by element."""
    if isinstance(x, bool):
        return ["1" if x else "0"]
    if isinstance(x, int) and not hasattr(x, "dtype"):
        return [str(int(x))]
    if isinstance(x, float) and not hasattr(x, "dtype"):
        return [repr(float(x))]
    if isinstance(x, complex) and not hasattr(x, "dtype"):
        return [repr(x.real), repr(x.imag)]
    if isinstance(x, (list, tuple)):
        return [n for y in x for n in numbers(y)]
    if hasattr(x, "detach"):  # torch, on any device
        x = x.detach().cpu().resolve_conj().resolve_neg()
        kind = str(x.dtype)
        # The 16-bit floats are all among the 32-bit ones.
        single = kind in ("torch.float32", "torch.float16", "torch.bfloat16", "torch.complex64")
        return [n for y in x.reshape(-1).tolist() for n in plain(y, single)]
    if hasattr(x, "get") and hasattr(x, "dtype"):  # cupy
        x = x.get()
    if hasattr(x, "__array__"):
        import numpy
        x = numpy.asarray(x)
        if x.dtype.kind == "f" and x.dtype.itemsize > 8:
            return [numpy.format_float_scientific(y, unique=True) for y in x.reshape(-1)]
        if x.dtype.kind not in "fciub":
            raise TypeError("no number: an array of %s" % x.dtype)
        single = x.dtype in (numpy.float16, numpy.float32, numpy.complex64)
        return [n for y in x.reshape(-1).tolist() for n in plain(y, single)]
    if hasattr(x, "__float__"):  # Decimal, Fraction
        return [repr(float(x))]
    raise TypeError("no number: %s" % type(x).__name__)


def plain(y, single):
    if single and isinstance(y, float):
        return ["%.9g" % y]
    if single and isinstance(y, complex):
        return ["%.9g" % y.real, "%.9g" % y.imag]
    return numbers(y)


def value(x):
    if isinstance(x, str):
        return {"text": x}
    if hasattr(x, "name") and hasattr(x, "value") and isinstance(getattr(type(x), "__members__", None), types.MappingProxyType):
        return {"text": x.name}  # an enumeration
    return {"numbers": numbers(x)}


class File:
    """The lines with code of a source file, and whose code they are."""

    def __init__(self, path):
        with open(path, "rb") as f:
            text = f.read()
        tree = ast.parse(text, path)
        # A statement over several lines comes back to its first line when it calls:
        # that is not another visit.
        self.ends = {}
        for n in ast.walk(tree):
            if isinstance(n, ast.stmt) and not hasattr(n, "body"):
                self.ends[n.lineno] = n.end_lineno
        self.owners = {}
        self.walk(compile(text, path, "exec"), frozenset())

    def walk(self, code, above):
        lines = {line for _, _, line in code.co_lines() if line} if hasattr(code, "co_lines") else {l for _, l in __import__("dis").findlinestarts(code)}
        for line in lines - above:
            self.owners.setdefault(line, set()).add((code.co_name, code.co_firstlineno))
        for c in code.co_consts:
            if isinstance(c, types.CodeType):
                self.walk(c, above | lines)


class Tracer:
    def __init__(self, spec):
        self.spec, self.armed, self.over = spec, spec["arm"] is None, False
        self.files, self.known = {}, {}
        self.stops = {}  # by path and line: what to do there, in order
        for role in ("arm", "disarm"):
            if spec[role]:
                self.add(spec[role], role)
        for tap in spec["taps"]:
            tap["done"] = False
            self.add(tap, "tap")

    def add(self, stop, role):
        path, line = os.path.realpath(stop["path"]), stop["at"]
        if path not in self.files:
            try:
                self.files[path] = File(path)
            except (OSError, SyntaxError, ValueError) as e:
                refuse(stop["line"], "%s: %s" % (os.path.basename(path), e))
        owners = self.files[path].owners
        if line not in owners:
            later = sorted(l for l in owners if l > line)
            refuse(stop["line"], "%s:%d has no code; %s" % (
                os.path.basename(path), line, "the next line with code is %d, which may be in another branch" % later[0] if later else "nothing behind it has"))
        stop["role"] = role
        for e in stop["exprs"]:
            try:
                e["code"] = compile(e["text"], "<probe>", "eval")
            except (SyntaxError, ValueError) as err:
                refuse(e["line"], "%s is no Python expression: %s" % (e["text"], err.args[0]))
        self.stops.setdefault((path, line), []).append(stop)

    def call(self, frame, event, arg):
        """Looks at lines only in the code that has a stop."""
        code = frame.f_code
        lines = self.known.get(code)
        if lines is None:
            path = os.path.realpath(code.co_filename)
            file = self.files.get(path)
            name = (code.co_name, code.co_firstlineno)
            lines = self.known[code] = {} if file is None else {
                line: (stops, file.ends.get(line, line)) for (p, line), stops in self.stops.items() if p == path and name in file.owners[line]}
        if not lines:
            return None
        last = 0

        def look(frame, event, arg):
            nonlocal last
            if event == "line":
                line = frame.f_lineno
                here = lines.get(line)
                if here and not line < last <= here[1]:
                    self.visit(frame, here[0])
                last = line
            return look
        return look

    def visit(self, frame, stops):
        names = None

        def evaluate(e, stop):
            nonlocal names
            if names is None:
                names = dict(frame.f_globals)
                names.update(frame.f_locals)
            try:
                return eval(e["code"], names)
            except NameError as err:
                refuse(e["line"], "%s at %s: %s is no name in scope there" % (e["text"], stop["name"], getattr(err, "name", None) or err))
            except Exception as err:
                refuse(e["line"], "%s at %s: %s: %s" % (e["text"], stop["name"], type(err).__name__, err))

        def holds(stop):
            return stop["when"] is None or bool(evaluate(stop["exprs"][stop["when"]], stop))

        for stop in stops:
            if stop["role"] == "arm" and not self.over and (not self.armed or self.spec["disarm"] is None):
                self.switch(holds(stop))
        for stop in stops:
            if stop["role"] != "tap" or not (self.armed or stop["always"]) or stop["once"] and stop["done"] or not holds(stop):
                continue
            stop["done"] = True
            out = []
            for e in stop["exprs"][stop["first"]:]:
                x = evaluate(e, stop)
                try:
                    out.append(value(x))
                except Exception as err:
                    refuse(e["line"], "%s at %s: %s" % (e["text"], stop["name"], err))
            send(tap=stop["tap"], values=out)
        for stop in stops:
            if stop["role"] == "disarm" and self.armed and holds(stop):
                self.switch(False)

    def switch(self, armed):
        if armed != self.armed:
            self.over = self.over or self.armed and self.spec["arm"]["once"]
            self.armed = armed
            for tap in self.spec["taps"]:
                tap["done"] = False


def main():
    with open(sys.argv[1]) as f:
        spec = json.load(f)
    program = spec["program"]
    tracer = Tracer(spec)
    module = program[3:].strip() if program.startswith("-m ") else None
    sys.argv = [program] + sys.argv[2:]
    sys.path[0] = os.getcwd() if module else os.path.dirname(os.path.abspath(program))
    threading.settrace(tracer.call)
    sys.settrace(tracer.call)
    try:
        if module:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(program, run_name="__main__")
    finally:
        sys.settrace(None)
        OUT.flush()


main()
