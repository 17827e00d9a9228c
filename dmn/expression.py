"""Compiled FEEL expressions and unary tests, ready to be evaluated any number of times."""

from __future__ import annotations

import datetime as py
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .builtins import BUILTINS
from .compiler import Compiler
from .errors import Diagnostic
from .feel_types import FeelType
from .functions import BuiltinFunction, HostFunction
from .lexis import NameTable
from .parser import parse_expression
from .runtime import Code, Frame, Names, Run, guarded
from .scopes import Scope, Surroundings
from .unary import TestCode, compile_cell
from .values import Function, Value


class Evaluation(NamedTuple):
    """A FEEL value, and why it or a part of it is null."""

    value: Value
    diagnostics: tuple[Diagnostic, ...]


class Expression:
    """`names` are the outer names it reads (first segment only); `uncertain_names` those that it
    reads inside a filter, where an element's own member of that name comes first."""

    __slots__ = ("_code", "names", "text", "uncertain_names")

    def __init__(
        self, text: str, code: Code, names: frozenset[str], uncertain_names: frozenset[str]
    ) -> None:
        self.text = text
        self._code = code
        self.names = names
        self.uncertain_names = uncertain_names

    def evaluate(
        self, context: Mapping[str, object], *, now: py.datetime | None = None
    ) -> Evaluation:
        """Never raises: what goes wrong is null and a Diagnostic.

        `context` may hold plain JSON and FEEL values. `now` is what `now()` and `today()` say.
        """
        run = Run(now)
        value = guarded(self._code, Frame(run, Names(context), {}), self.text)
        return Evaluation(value, tuple(run.notes))

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """The content of a decision table cell."""

    __slots__ = ("_test", "names", "text")

    def __init__(self, text: str, test: TestCode, names: frozenset[str]) -> None:
        self.text = text
        self._test = test
        self.names = names

    def matches(
        self,
        input_value: object,
        context: Mapping[str, object],
        *,
        now: py.datetime | None = None,
    ) -> Evaluation:
        """True, False, or None when it cannot be said. Never raises."""
        run = Run(now)
        names = Names({"?": input_value})

        def test(frame: Frame) -> Value:
            value = names["?"]
            return self._test(frame.inner({"?": value}), value)

        value = guarded(test, Frame(run, Names(context), {}), self.text)
        return Evaluation(value, tuple(run.notes))


def all_functions(functions: Mapping[str, BuiltinFunction] | None) -> Mapping[str, Function]:
    """The built-in functions and the host's."""
    if not functions:
        return BUILTINS
    return {**BUILTINS, **{name: HostFunction(name, f) for name, f in functions.items()}}


_BUILTIN_TABLE = NameTable(BUILTINS)


def name_table(names: Iterable[str], functions: Mapping[str, Function]) -> NameTable:
    """The names in scope as the parser needs them."""
    own = functions.keys() - BUILTINS.keys()
    return NameTable((*names, *own), _BUILTIN_TABLE)


def compile_expression(
    text: str,
    *,
    known_names: Iterable[str] = (),
    functions: Mapping[str, BuiltinFunction] | None = None,
    types: Mapping[str, FeelType] | None = None,
) -> Expression:
    """Compiles a FEEL expression once.

    `known_names` are the names in scope; they decide how names with operators in them are read.
    Raises FeelSyntaxError with line and column.
    """
    known = frozenset(known_names)
    callable_names = all_functions(functions)
    table = name_table(known, callable_names)
    tree = parse_expression(text, table, NameTable(known))
    compiler = Compiler(text, Surroundings(callable_names, types or {}, known))
    code = compiler.compile(tree)
    return Expression(text, code, frozenset(compiler.free), frozenset(compiler.uncertain))


def compile_unary_tests(
    text: str,
    *,
    known_names: Iterable[str] = (),
    functions: Mapping[str, BuiltinFunction] | None = None,
    types: Mapping[str, FeelType] | None = None,
) -> UnaryTests:
    """Compiles the content of a decision table cell: `-`, `"a","b"`, `< 5`, `not(...)`, `? > x`.

    Raises FeelSyntaxError with line and column.
    """
    known = frozenset(known_names)
    callable_names = all_functions(functions)
    compiler = Compiler(
        text, Surroundings(callable_names, types or {}, known), [Scope(frozenset("?"))]
    )
    test = compile_cell(compiler, name_table(known, callable_names), NameTable(known))
    return UnaryTests(text, test, frozenset(compiler.free))
