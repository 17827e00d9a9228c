"""Compiles `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import nodes as n
from .errors import FeelError, LimitExceeded
from .iteration import count_through, elements
from .runtime import Code, Frame, check_list
from .scopes import Scope
from .values import Value, kind_of

if TYPE_CHECKING:
    from .compiler import Compiler

_Step = tuple[str, Code, Code | None]


def _steps(c: Compiler, iterations: tuple[n.Iteration, ...]) -> tuple[list[_Step], frozenset[str]]:
    """Each source may read the variables before it."""
    steps: list[_Step] = []
    names: set[str] = set()
    for iteration in iterations:
        scope = Scope(frozenset(names))
        source = c.within(scope, iteration.source)
        upto = None if iteration.upto is None else c.within(scope, iteration.upto)
        steps.append((iteration.name, source, upto))
        names.add(iteration.name)
    return steps, frozenset(names)


def _bindings(f: Frame, steps: list[_Step], bound: dict[str, Value]) -> Iterator[dict[str, Value]]:
    """Every combination of the variables' values, the last variable running fastest."""
    name, source, upto = steps[0]
    inner = f.inner(bound)
    start = source(inner)
    values = elements(start, f.run) if upto is None else count_through(start, upto(inner), f.run)
    for value in values:
        f.run.spend(1)
        now = {**bound, name: value}
        if len(steps) == 1:
            yield now
        else:
            yield from _bindings(f, steps[1:], now)


def compile_for(c: Compiler, node: n.For) -> Code:
    text = c.source(node)
    steps, names = _steps(c, node.iterations)
    before = "partial" in c.read_names
    c.read_names.discard("partial")
    body = c.within(Scope(names | {"partial"}), node.body)
    partial = "partial" in c.read_names
    if before:
        c.read_names.add("partial")

    def run(f: Frame) -> Value:
        results: list[Value] = []
        try:
            for bound in _bindings(f, steps, {}):
                if partial:
                    f.run.spend(len(results) // 16)
                    bound["partial"] = list(results)
                results.append(body(f.inner(bound)))
                check_list(len(results))
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), text)
            return None
        return results

    return run


def compile_quantified(c: Compiler, node: n.Quantified) -> Code:
    text = c.source(node)
    steps, names = _steps(c, node.iterations)
    condition = c.within(Scope(names), node.condition)
    decisive = not node.every

    def run(f: Frame) -> Value:
        result: bool | None = not decisive
        try:
            for bound in _bindings(f, steps, {}):
                met = condition(f.inner(bound))
                if met is decisive:
                    return decisive
                if met is not (not decisive):
                    result = None
                    if met is not None:
                        f.run.note(f"'satisfies' takes a boolean, not {kind_of(met)}", text)
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), text)
            return None
        return result

    return run
