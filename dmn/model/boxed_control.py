"""Boxed conditionals, iterations and filters (DMN 1.4, 10.2.2.7 to 10.2.2.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import FeelError, LimitExceeded
from ..iteration import elements
from ..lexis import normal_name
from ..runtime import Code, Frame
from ..scopes import Scope
from ..values import Value, kind_of
from .xml import Element, attribute, child, local

if TYPE_CHECKING:
    from .boxed import BoxedCompiler


def compile_conditional(b: BoxedCompiler, element: Element) -> Code:
    condition = b.inside(child(element, "if"), element)
    then = b.inside(child(element, "then"), element)
    otherwise = b.inside(child(element, "else"), element)

    def run(f: Frame) -> Value:
        decided = condition(f)
        if decided is True:
            return then(f)
        if decided is False or decided is None:
            return otherwise(f)
        f.run.note(f"the condition must be boolean, but is {kind_of(decided)}", "conditional")
        return None

    return run


def _source(b: BoxedCompiler, element: Element) -> Callable[[Frame], list[Value] | None]:
    code = b.inside(child(element, "in"), element)

    def run(f: Frame) -> list[Value] | None:
        try:
            return elements(code(f), f.run)
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), local(element))
            return None

    return run


def compile_for(b: BoxedCompiler, element: Element) -> Code:
    name = normal_name(attribute(element, "iteratorVariable"))
    source = _source(b, element)
    body = b.within((name, "partial"), child(element, "return"), element)

    def run(f: Frame) -> Value:
        values = source(f)
        if values is None:
            return None
        results: list[Value] = []
        for value in values:
            f.run.spend(1 + len(results) // 16)
            results.append(body(f.inner({name: value, "partial": list(results)})))
        return results

    return run


def compile_quantified(b: BoxedCompiler, element: Element) -> Code:
    name = normal_name(attribute(element, "iteratorVariable"))
    source = _source(b, element)
    condition = b.within((name,), child(element, "satisfies"), element)
    decisive = local(element) == "some"

    def run(f: Frame) -> Value:
        values = source(f)
        if values is None:
            return None
        result: bool | None = not decisive
        for value in values:
            met = condition(f.inner({name: value}))
            if met is decisive:
                return decisive
            if met is not (not decisive):
                result = None
                f.run.note("'satisfies' takes a boolean", local(element))
        return result

    return run


def compile_filter(b: BoxedCompiler, element: Element) -> Code:
    source = _source(b, element)
    match = child(element, "match")
    b.scopes.append(Scope(frozenset(), is_item=True))
    condition = b.inside(match, element)
    b.scopes.pop()

    def run(f: Frame) -> Value:
        values = source(f)
        if values is None:
            return None
        kept: list[Value] = []
        for item in values:
            met = condition(f.inner(item if isinstance(item, dict) else {}, item))
            if met is True:
                kept.append(item)
            elif met is not False:
                f.run.note("the match of a filter must be boolean", "filter")
                return None
        return kept

    return run
