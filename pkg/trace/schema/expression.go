package schema

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// expression is a formula of a schema file: arithmetic (+ - * / ^), functions and
// names. The library parses and evaluates it; what of its language is no
// arithmetic is refused here, in the words of the file.
type expression struct {
	text     string
	declared func(name string) bool // of the file
	names    []expressionName
	source   string // the same for the library: brackets around everything, v0 for the first name
}

// expressionName is a name that a formula uses.
type expressionName struct {
	name     string
	previous bool // prev(name): its value at the step before
}

// The functions of formulas, by how many arguments they take; min and max take
// two or more.
var (
	functions = map[string]func(float64) float64{
		"sqrt": math.Sqrt, "exp": math.Exp, "log": math.Log, "sin": math.Sin, "cos": math.Cos, "abs": math.Abs,
	}
	functions2 = map[string]func(a, b float64) float64{"min": math.Min, "max": math.Max}
)

const (
	functionList = "sqrt, exp, log, sin, cos, abs, min, max and prev"
	operatorList = "+ - * / ^"
	previously   = "prev"
)

// maxFormula is how long a formula may be.
const maxFormula = 4096

// parseExpression reads a formula; the error is in the words of the file, without
// the name of the quantity.
func parseExpression(text string, declared func(name string) bool) (*expression, error) {
	if len(text) > maxFormula {
		return nil, fmt.Errorf("%d characters; at most %d are taken", len(text), maxFormula)
	}
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, syntaxOf(text, err)
	}
	e := &expression{text: text, declared: declared}
	if e.source, err = e.write(tree.Node); err != nil {
		return nil, err
	}
	return e, nil
}

// syntaxOf says where the library stopped to understand a formula.
func syntaxOf(text string, err error) error {
	const quotes = "names that are no plain words stand in backquotes, as in `total energy`"
	var at *file.Error
	if !errors.As(err, &at) {
		return fmt.Errorf("%q cannot be read; %s", text, quotes)
	}
	runes := []rune(text)
	from := min(max(at.From, 0), len(runes))
	if rest := strings.TrimSpace(string(runes[from:])); rest != "" && !strings.Contains(at.Message, "token EOF") {
		return fmt.Errorf("%q cannot be read from %q on; %s", text, rest, quotes)
	}
	return fmt.Errorf("%q ends too early", text)
}

// write is the text of a node for the library.
func (e *expression) write(n ast.Node) (string, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return strconv.Itoa(n.Value) + ".0", nil
	case *ast.FloatNode:
		return strconv.FormatFloat(n.Value, 'e', -1, 64), nil
	case *ast.IdentifierNode:
		if n.Value == "pi" && !e.declared(n.Value) {
			return strconv.FormatFloat(math.Pi, 'e', -1, 64), nil
		}
		return e.use(n.Value, false), nil
	case *ast.StringNode:
		return e.use(n.Value, false), nil
	case *ast.UnaryNode:
		if n.Operator != "-" && n.Operator != "+" {
			return "", otherOperator(n.Operator)
		}
		x, err := e.write(n.Node)
		return "(" + n.Operator + x + ")", err
	case *ast.BinaryNode:
		return e.binary(n)
	case *ast.CallNode:
		name, ok := n.Callee.(*ast.IdentifierNode)
		if !ok {
			break
		}
		return e.call(name.Value, n.Arguments)
	case *ast.BuiltinNode:
		return e.call(n.Name, n.Arguments)
	case *ast.MemberNode:
		return "", fmt.Errorf("a name with a point or brackets in it stands in backquotes, as in `layer1.weight`")
	}
	return "", fmt.Errorf("%s is no arithmetic; a formula has names, numbers, %s and the functions %s", n, operatorList, functionList)
}

func otherOperator(op string) error {
	return fmt.Errorf("the operator %q is no arithmetic; a formula has %s and the functions %s", op, operatorList, functionList)
}

func (e *expression) binary(n *ast.BinaryNode) (string, error) {
	op := n.Operator
	if op == "**" {
		op = "^"
	}
	if !strings.Contains(operatorList, op) {
		return "", otherOperator(n.Operator)
	}
	x, err := e.write(n.Left)
	if err != nil {
		return "", err
	}
	y, err := e.write(n.Right)
	return "(" + x + op + y + ")", err
}

// call writes a function; of several arguments, min and max take the first two and
// what comes of them with the next.
func (e *expression) call(name string, arguments []ast.Node) (string, error) {
	if name == previously {
		return e.prev(arguments)
	}
	var list []string
	for _, a := range arguments {
		x, err := e.write(a)
		if err != nil {
			return "", err
		}
		list = append(list, x)
	}
	switch {
	case functions[name] != nil && len(list) == 1:
		return name + "(" + list[0] + ")", nil
	case functions[name] != nil:
		return "", fmt.Errorf("%s takes one number, not %d", name, len(list))
	case functions2[name] != nil && len(list) >= 2:
		out := list[0]
		for _, x := range list[1:] {
			out = name + "(" + out + ", " + x + ")"
		}
		return out, nil
	case functions2[name] != nil:
		return "", fmt.Errorf("%s takes two numbers at least, not %d", name, len(list))
	}
	return "", fmt.Errorf("the function %s is not known; there are %s", name, functionList)
}

func (e *expression) prev(arguments []ast.Node) (string, error) {
	if len(arguments) == 1 {
		switch n := arguments[0].(type) {
		case *ast.IdentifierNode:
			return e.use(n.Value, true), nil
		case *ast.StringNode:
			return e.use(n.Value, true), nil
		}
	}
	return "", fmt.Errorf("prev takes the name of one quantity, as in prev(velocity)")
}

// use is the variable that stands for a name.
func (e *expression) use(name string, previous bool) string {
	n := expressionName{name, previous}
	i := slices.Index(e.names, n)
	if i < 0 {
		i, e.names = len(e.names), append(e.names, n)
	}
	return variable(i)
}

func variable(i int) string { return "v" + strconv.Itoa(i) }

// compile makes a function of the values of names, in the order of their numbers.
func (e *expression) compile(order []int) (func(in []float64) (float64, bool), error) {
	env := map[string]any{}
	for i := range e.names {
		env[variable(i)] = 0.0
	}
	opts := []expr.Option{expr.Env(env), expr.DisableAllBuiltins(), expr.AsFloat64()}
	for name, f := range functions {
		opts = append(opts, expr.Function(name, func(p ...any) (any, error) { return f(p[0].(float64)), nil }, new(func(float64) float64)))
	}
	for name, f := range functions2 {
		opts = append(opts, expr.Function(name, func(p ...any) (any, error) { return f(p[0].(float64), p[1].(float64)), nil }, new(func(a, b float64) float64)))
	}
	program, err := expr.Compile(e.source, opts...)
	if err != nil {
		return nil, fmt.Errorf("%q cannot be evaluated: %s", e.text, strings.SplitN(err.Error(), "\n", 2)[0])
	}
	names := make([]string, len(order))
	for k, i := range order {
		names[k] = variable(i)
	}
	return func(in []float64) (float64, bool) {
		values := make(map[string]any, len(in))
		for k, v := range in {
			values[names[k]] = v
		}
		out, err := vm.Run(program, values)
		v, ok := out.(float64)
		return v, err == nil && ok
	}, nil
}

// componentwise evaluates a formula for each component: an input of one number
// is the same for all, and others have as many as the largest. It is false where
// they do not, or where what comes out is no number.
func componentwise(f func([]float64) (float64, bool)) func(in [][]float64, settings, out []float64) ([]float64, bool) {
	return func(in [][]float64, _, out []float64) ([]float64, bool) {
		n := 1
		for _, x := range in {
			n = max(n, len(x))
		}
		one := make([]float64, len(in))
		for k := range n {
			for i, x := range in {
				switch len(x) {
				case n:
					one[i] = x[k]
				case 1:
					one[i] = x[0]
				default:
					return out, false
				}
			}
			v, ok := f(one)
			if !ok || math.IsNaN(v) {
				return out, false
			}
			out = append(out, v)
		}
		return out, true
	}
}
