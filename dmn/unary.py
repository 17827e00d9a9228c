"""Unary tests: what a decision table cell asks of its input (DMN 10.3.2.8 and grammar rule 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from . import nodes as n
from .comparison import is_in
from .compiler import Compiler
from .lexis import NameTable
from .parser import parse_unary_tests
from .runtime import Code, Frame
from .values import Value, kind_of

TestCode: TypeAlias = Callable[[Frame, Value], "bool | None"]
"""Tests an input value; the frame holds it as `?` too."""


def compile_cell(c: Compiler, scope: NameTable, members: NameTable) -> TestCode:
    """Compiles the compiler's text as unary tests; its innermost scope must hold `?`.

    Raises FeelSyntaxError.
    """
    tree = parse_unary_tests(c.text, scope, members)
    return compile_tests(c, tree)


def compile_tests(c: Compiler, tree: n.UnaryTestList) -> TestCode:
    tests = tuple(_test(c, test) for test in tree.tests)
    if not tests:
        return _always
    if len(tests) == 1 and not tree.negated:
        return tests[0]
    negated = tree.negated

    def run(f: Frame, value: Value) -> bool | None:
        result: bool | None = False
        for test in tests:
            met = test(f, value)
            if met is True:
                return not negated
            if met is None:
                result = None
        # A null test among others does not stop the others from deciding.
        if negated:
            return None if result is None else True
        return result

    return run


def _always(f: Frame, value: Value) -> bool | None:
    return True


def _test(c: Compiler, node: n.Node) -> TestCode:
    asks_input = _reads_input(c, node)
    code, text = c.compile(node), c.source(node)
    if asks_input:
        return _asking(code, text)
    if isinstance(node, n.RangeLiteral):
        return _ranging(code, text)

    def run(f: Frame, value: Value) -> bool | None:
        expected = code(f)
        if isinstance(expected, bool) and value is not None and not isinstance(value, (bool, list)):
            return expected
        if expected is None:
            return value is None
        return _membership(f, value, expected, text)

    return run


def _ranging(code: Code, text: str) -> TestCode:
    def run(f: Frame, value: Value) -> bool | None:
        bounds = code(f)
        return None if bounds is None else _membership(f, value, bounds, text)

    return run


def _membership(f: Frame, value: Value, expected: Value, text: str) -> bool | None:
    met = is_in(value, expected)
    if met is None:
        f.run.note(f"cannot test {kind_of(value)} with this", text)
    return met


def _asking(code: Code, text: str) -> TestCode:
    """The test speaks of the input itself (`? > 5`): its own value decides, if it is boolean."""

    def run(f: Frame, value: Value) -> bool | None:
        met = code(f)
        if isinstance(met, bool):
            return met
        return None if met is None else _membership(f, value, met, text)

    return run


def _reads_input(c: Compiler, node: n.Node) -> bool:
    """Whether the test names `?`."""
    probe = Compiler(c.text, c.around, c.scopes)
    probe.compile(node)
    return "?" in probe.read_names
