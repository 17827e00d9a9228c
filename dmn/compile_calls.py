"""Compiles function literals and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import nodes as n
from .errors import FeelError, LimitExceeded
from .functions import UserFunction
from .runtime import Code, Frame, Run
from .scopes import Scope
from .values import Function, Value, kind_of

if TYPE_CHECKING:
    from .compiler import Compiler

_CONSTANT_CALLS = frozenset(
    ("date", "time", "date and time", "duration", "number", "years and months duration")
)


def compile_function(c: Compiler, node: n.FunctionLiteral) -> Code:
    parameters = tuple((name, c.type(kind, node)) for name, kind in node.parameters)
    text = c.source(node)
    body: Code
    if node.body is None:

        def external(f: Frame) -> Value:
            raise FeelError("external functions (Java, PMML) are not supported")

        body = external
    else:
        body = c.within(Scope(frozenset(name for name, _ in parameters)), node.body)
    name = text if len(text) < 40 else "the function"
    return lambda f: UserFunction(name, parameters, body, f)


def compile_call(c: Compiler, node: n.Call) -> Code:
    arguments = tuple(c.compile(argument) for argument in node.arguments)
    names, text = node.names, c.source(node)
    fixed = fixed_function(c, node.function)
    callee, builtin = (None, None) if fixed is not None else _callee(c, node.function)

    def call(f: Frame) -> Value:
        function = fixed if callee is None else callee(f)
        if builtin is not None and not isinstance(function, Function):
            function = builtin
        values = [argument(f) for argument in arguments]
        try:
            if not isinstance(function, Function):
                raise FeelError(f"{kind_of(function)} cannot be called as a function")
            if names is None:
                return function.call(f.run, values)
            return function.call_named(f.run, dict(zip(names, values, strict=True)))
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), text)
        except (ArithmeticError, ValueError) as error:
            f.run.note(f"the result is not defined ({type(error).__name__})", text)
        return None

    if fixed is not None and fixed.name in _CONSTANT_CALLS and _all_literal(node):
        return _folded(fixed, node, call)
    return call


def _callee(c: Compiler, node: n.Node) -> tuple[Code, Function | None]:
    """What is called; a variable such as `date` does not hide the function of that name."""
    builtin = c.around.functions.get(node.name) if isinstance(node, n.Name) else None
    free = set(c.free)
    code = c.compile(node)
    if builtin is not None:
        c.free = free
    return code, builtin


def fixed_function(c: Compiler, node: n.Node) -> Function | None:
    """The built-in function that a name certainly means, known before anything runs."""
    if not isinstance(node, n.Name) or node.name in c.around.known:
        return None
    if any(node.name in scope.names for scope in c.scopes):
        return None
    return c.around.functions.get(node.name)


def _all_literal(node: n.Call) -> bool:
    return node.names is None and all(isinstance(a, n.Literal) for a in node.arguments)


def _folded(function: Function, node: n.Call, call: Code) -> Code:
    """`date("2019-05-14")` is worked out once; a failing call keeps failing at run time."""
    values = [a.value for a in node.arguments if isinstance(a, n.Literal)]
    try:
        constant = function.call(Run(None), values)
    except (FeelError, ArithmeticError, ValueError):
        return call
    return lambda f: constant
