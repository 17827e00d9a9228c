"""Turns a syntax tree into nested Python functions, once; names are resolved here, not at run
time. Nothing is ever evaluated as Python text."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from . import nodes as n
from .arithmetic import add, divide, multiply, negate, power, subtract
from .comparison import equals, is_in, order
from .compile_calls import compile_call, compile_function
from .compile_loops import compile_for, compile_quantified
from .compile_paths import compile_filter, compile_name, compile_path
from .errors import FeelError, FeelSyntaxError, LimitExceeded
from .feel_types import ANY, FeelType, UnknownTypeError, type_of
from .runtime import Code, Frame, check_list
from .scopes import Scope, Surroundings
from .values import Range, Value, kind_of

_MAX_DEPTH = 600


class Compiler:
    """Compiles one text. `free` collects the outer names it reads; `uncertain` those that, inside
    a filter, may as well be members of the elements."""

    def __init__(self, text: str, surroundings: Surroundings, scopes: Sequence[Scope] = ()) -> None:
        self.text = text
        self.around = surroundings
        self.scopes: list[Scope] = list(scopes)
        self.free: set[str] = set()
        self.uncertain: set[str] = set()
        self.read_names: set[str] = set()
        self.depth = 0

    def source(self, node: n.Node) -> str:
        return self.text[node.at : node.end].strip()

    def compile(self, node: n.Node) -> Code:
        """Raises FeelSyntaxError for unknown types and endless nesting."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise FeelSyntaxError("the expression is nested too deep", self.text, 1, 1)
        code: Code = _COMPILERS[type(node)](self, node)
        self.depth -= 1
        return code

    def within(self, scope: Scope, node: n.Node) -> Code:
        """Compiles a node that runs in one frame more."""
        self.scopes.append(scope)
        code = self.compile(node)
        self.scopes.pop()
        return code

    def type(self, written: n.TypeName | None, node: n.Node) -> FeelType:
        if written is None:
            return ANY
        try:
            return type_of(written, self.around.types)
        except UnknownTypeError as error:
            line = self.text.count("\n", 0, node.at) + 1
            raise FeelSyntaxError(str(error), self.text, line, node.at + 1) from None


def _literal(c: Compiler, node: n.Literal) -> Code:
    value = node.value
    return lambda f: value


def _negate(c: Compiler, node: n.Negate) -> Code:
    operand, text = c.compile(node.operand), c.source(node)
    if isinstance(node.operand, n.Literal) and isinstance(node.operand.value, Decimal):
        value = negate(node.operand.value)
        return lambda f: value

    def run(f: Frame) -> Value:
        try:
            return negate(operand(f))
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), text)
            return None

    return run


_ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def _arithmetic(c: Compiler, node: n.Arithmetic) -> Code:
    left, right, text = c.compile(node.left), c.compile(node.right), c.source(node)
    operation = _ARITHMETIC[node.operator]

    def run(f: Frame) -> Value:
        try:
            result = operation(left(f), right(f))
            if type(result) is str:
                f.run.spend(len(result) // 64)
            return result
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), text)
            return None

    return run


def _not_comparable(f: Frame, left: Value, right: Value, text: str) -> None:
    f.run.note(f"cannot compare {kind_of(left)} with {kind_of(right)}", text)


def _comparison(c: Compiler, node: n.Comparison) -> Code:
    left, right, text = c.compile(node.left), c.compile(node.right), c.source(node)
    if node.operator in ("=", "!="):
        wanted = node.operator == "="

        def equal(f: Frame) -> Value:
            a, b = left(f), right(f)
            kind = type(a)
            if kind is type(b) and kind in _SCALARS:
                return (a == b) is wanted
            if type(a) is list:
                f.run.spend(len(a) // 8)
            result = equals(a, b)
            if result is None:
                _not_comparable(f, a, b, text)
                return None
            return result is wanted

        return equal
    directly = _ORDERS[node.operator]

    def compare(f: Frame) -> Value:
        a, b = left(f), right(f)
        if type(a) is Decimal and type(b) is Decimal:
            return directly(a, b)
        result = order(a, b)
        if result is None:
            _not_comparable(f, a, b, text)
            return None
        return directly(result, 0)

    return compare


_SCALARS = frozenset((Decimal, str, bool, type(None)))
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _junction(c: Compiler, node: n.Junction) -> Code:
    operands = tuple(c.compile(operand) for operand in node.operands)
    text, decisive = c.source(node), not node.conjunction

    def run(f: Frame) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(f)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
                if value is not None:
                    f.run.note(f"'and' and 'or' take booleans, not {kind_of(value)}", text)
        return result

    return run


def _between(c: Compiler, node: n.Between) -> Code:
    value, low, high = c.compile(node.value), c.compile(node.low), c.compile(node.high)
    text = c.source(node)

    def run(f: Frame) -> Value:
        v, a, b = value(f), low(f), high(f)
        above, below = order(v, a), order(v, b)
        if above is None or below is None:
            _not_comparable(f, v, b if above is not None else a, text)
            return None
        return above >= 0 and below <= 0

    return run


def _in(c: Compiler, node: n.In) -> Code:
    value = c.compile(node.value)
    tests = tuple(c.compile(test) for test in node.tests)
    text = c.source(node)

    def run(f: Frame) -> Value:
        v = value(f)
        results = [is_in(v, test(f)) for test in tests]
        if True in results:
            return True
        if None in results and len(results) == 1:
            f.run.note(f"cannot test {kind_of(v)} here", text)
            return None
        return False

    return run


def _range(c: Compiler, node: n.RangeLiteral) -> Code:
    start = c.compile(node.start)
    if node.form != "interval":
        form = node.form
        upper = form in ("<", "<=")
        both = form in ("=", "!=")

        def unary(f: Frame) -> Value:
            point = start(f)
            if upper:
                return Range(None, point, False, node.end_included, form)
            if both:
                return Range(point, point, form == "=", form == "=", form)
            return Range(point, None, node.start_included, False, form)

        return unary
    end, text = c.compile(node.end_point or node.start), c.source(node)
    low_in, high_in = node.start_included, node.end_included

    def interval(f: Frame) -> Value:
        low, high = start(f), end(f)
        if low is not None and high is not None and order(low, high) is None:
            f.run.note(f"no range goes from {kind_of(low)} to {kind_of(high)}", text)
            return None
        return Range(low, high, low_in, high_in)

    return interval


def _list(c: Compiler, node: n.ListLiteral) -> Code:
    items = tuple(c.compile(item) for item in node.items)
    check_list(len(items))
    return lambda f: [item(f) for item in items]


def _context(c: Compiler, node: n.ContextLiteral) -> Code:
    entries: list[tuple[str, Code]] = []
    for index, (key, value) in enumerate(node.entries):
        earlier = frozenset(name for name, _ in node.entries[:index])
        if isinstance(value, n.FunctionLiteral):
            earlier |= {key}  # a function may call itself
        entries.append((key, c.within(Scope(earlier), value)))

    def run(f: Frame) -> Value:
        context: dict[str, Value] = {}
        inner = f.inner(context)
        for key, code in entries:
            context[key] = code(inner)
        return dict(context)

    return run


def _if(c: Compiler, node: n.If) -> Code:
    condition, then = c.compile(node.condition), c.compile(node.then)
    otherwise, text = c.compile(node.otherwise), c.source(node.condition)

    def run(f: Frame) -> Value:
        decided = condition(f)
        if decided is True:
            return then(f)
        if decided is not False and decided is not None:
            f.run.note(f"the condition must be boolean, but is {kind_of(decided)}", text)
        return otherwise(f)

    return run


def _instance_of(c: Compiler, node: n.InstanceOf) -> Code:
    value, kind = c.compile(node.value), c.type(node.type, node)

    def run(f: Frame) -> Value:
        v = value(f)
        return v is not None and kind.conforms(v)

    return run


_Compile: TypeAlias = Callable[[Compiler, Any], Code]
_COMPILERS: dict[type[n.Node], _Compile] = {
    n.Literal: _literal,
    n.Name: compile_name,
    n.Path: compile_path,
    n.Filter: compile_filter,
    n.Call: compile_call,
    n.Negate: _negate,
    n.Arithmetic: _arithmetic,
    n.Comparison: _comparison,
    n.Junction: _junction,
    n.Between: _between,
    n.In: _in,
    n.RangeLiteral: _range,
    n.ListLiteral: _list,
    n.ContextLiteral: _context,
    n.If: _if,
    n.For: compile_for,
    n.Quantified: compile_quantified,
    n.InstanceOf: _instance_of,
    n.FunctionLiteral: compile_function,
}
