"""Reads the expressions that begin with a word: `if`, `for`, `some`, `every`, `function`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import nodes as n
from .type_syntax import read_type

if TYPE_CHECKING:
    from .parser import Parser

SUM = 4
"""The precedence of + and -, above comparisons."""


def _if(p: Parser, start: int) -> n.Node:
    p.move(start + 2)
    condition = p.expression()
    p.expect_word("then", "after the condition")
    then = p.expression()
    p.expect_word("else", "after the 'then' part")
    otherwise = p.expression()
    return n.If(start, p.ended(), condition, then, otherwise)


def _iterations(p: Parser) -> tuple[n.Iteration, ...]:
    """Leaves its names in scope: the caller takes them out again."""
    iterations: list[n.Iteration] = []
    while True:
        name = p.name((), "the name of an iteration variable")
        p.expect_word("in", "after the iteration variable")
        source = p.binary(1)
        upto = None
        if p.take(".."):
            upto = p.binary(SUM)
        iterations.append(n.Iteration(name, source, upto))
        p.scopes[-1].add(name)
        if not p.take(","):
            return tuple(iterations)


def _for(p: Parser, start: int) -> n.Node:
    p.move(start + 3)
    with p.names():
        iterations = _iterations(p)
        p.expect_word("return", "after the iterations")
        body = p.expression()
    return n.For(start, p.ended(), iterations, body)


def _quantified(p: Parser, start: int) -> n.Node:
    every = p.word() == "every"
    p.move(start + len(p.word()))
    with p.names():
        iterations = _iterations(p)
        p.expect_word("satisfies", "after the iterations")
        condition = p.expression()
    return n.Quantified(start, p.ended(), every, iterations, condition)


def read_function(p: Parser, start: int) -> n.Node:
    p.move(start + len("function"))
    p.expect("(", "after 'function'")
    parameters: list[tuple[str, n.TypeName | None]] = []
    while not p.sees(")"):
        label = p.label()
        if label is not None:
            parameters.append((label, read_type(p)))
        else:
            parameters.append((p.name((), "the name of a parameter"), None))
        if not p.take(","):
            break
    p.expect(")", "after the parameters")
    names = [name for name, _ in parameters]
    if len(set(names)) != len(names):
        raise p.fail("two parameters have the same name", start)
    with p.names(*names):
        external = p.take_word("external")
        body = p.expression()
    inside = None if external else body
    return n.FunctionLiteral(start, p.ended(), tuple(parameters), inside)


CONTROL: dict[str, Callable[[Parser, int], n.Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
}
