"""Compiles names, paths and filters: everything that looks something up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from . import nodes as n
from .errors import FeelError
from .properties import member
from .runtime import Code, Frame
from .scopes import Scope
from .values import Value, from_json, kind_of

if TYPE_CHECKING:
    from .compiler import Compiler


def compile_name(c: Compiler, node: n.Name) -> Code:
    name, text = node.name, c.source(node)
    c.read_names.add(name)
    kinds: list[bool] = []
    for scope in reversed(c.scopes):
        kinds.append(scope.is_item)
        if not scope.is_item and name in scope.names:
            if any(kinds):
                return _searching(name, tuple(kinds), None)
            return _local(name, len(kinds) - 1)
    if name == "item" and any(kinds):
        return _searching(name, tuple(kinds), None)
    outer = _outer(c, name, text)
    if any(kinds):
        if name in c.around.known or name not in c.around.functions:
            (c.free if name in c.around.known else c.uncertain).add(name)
        return _searching(name, tuple(kinds), outer)
    if name in c.around.known or name not in c.around.functions:
        c.free.add(name)
    else:
        c.uncertain.add(name)
    return outer


def _local(name: str, hops: int) -> Code:
    if hops == 0:
        return lambda f: f.names[name]

    def run(f: Frame) -> Value:
        frame: Frame = f
        for _ in range(hops):
            frame = frame.parent or frame
        return frame.names[name]

    return run


def _searching(name: str, kinds: tuple[bool, ...], outer: Code | None) -> Code:
    """Inside a filter the element comes first, then what surrounds the filter."""
    is_item = name == "item"

    def run(f: Frame) -> Value:
        frame: Frame | None = f
        for item_scope in kinds:
            if frame is None:
                break
            if name in frame.names:
                return frame.names[name]
            if item_scope and is_item:
                return frame.item
            frame = frame.parent
        return None if outer is None else outer(f)

    return run


def _outer(c: Compiler, name: str, text: str) -> Code:
    function = c.around.functions.get(name)

    def run(f: Frame) -> Value:
        try:
            return f.root[name]
        except KeyError:
            if function is not None:
                return function
            f.run.note(f"nothing has the name {name!r} here", text)
            return None

    return run


def _is_outer(c: Compiler, node: n.Node) -> bool:
    return (
        isinstance(node, n.Name)
        and not any(scope.is_item or node.name in scope.names for scope in c.scopes)
        and node.name not in c.around.functions
    )


def compile_path(c: Compiler, node: n.Path) -> Code:
    steps = [node.name]
    base: n.Node = node.base
    while isinstance(base, n.Path):
        steps.append(base.name)
        base = base.base
    steps.reverse()
    text = c.source(node)
    start = c.compile(base)

    def run(f: Frame) -> Value:
        value = start(f)
        for step in steps:
            if value is None:
                f.run.note(f"cannot read {step!r}: what should hold it is null", text)
                return None
            try:
                value = member(value, step)
            except FeelError as error:
                f.run.note(str(error), text)
                return None
        return value

    if isinstance(base, n.Name) and _is_outer(c, base):
        return _raw_path(base.name, steps, run)
    return run


def _raw_path(name: str, steps: list[str], general: Code) -> Code:
    """`person.address.city` of plain JSON converts the city, not the whole person."""

    def run(f: Frame) -> Value:
        root = f.root
        if dict.__contains__(root, name):
            return general(f)
        value = root.source.get(name)
        for step in steps:
            if not isinstance(value, Mapping) or step not in value:
                return general(f)
            value = value[step]
        return from_json(value)

    return run


def compile_filter(c: Compiler, node: n.Filter) -> Code:
    base, text = c.compile(node.base), c.source(node)
    index = _constant_index(node.condition)
    if index is not None:
        position = index

        def at(f: Frame) -> Value:
            return _element(f, base(f), position, text)

        return at
    condition = c.within(Scope(frozenset(), is_item=True), node.condition)

    def run(f: Frame) -> Value:
        value = base(f)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        f.run.spend(len(items))
        kept: list[Value] = []
        if not items:
            decided = condition(f.inner({}))
            return None if isinstance(decided, Decimal) else kept
        for item in items:
            names = item if isinstance(item, dict) else {}
            decided = condition(f.inner(names, item))
            if decided is True:
                kept.append(item)
            elif isinstance(decided, Decimal):
                return _element(f, items, decided, text)
            elif decided is not False and decided is not None:
                f.run.note(f"a filter takes a boolean or a number, not {kind_of(decided)}", text)
                return None
        return kept

    return run


def _constant_index(node: n.Node) -> Decimal | None:
    if isinstance(node, n.Literal) and isinstance(node.value, Decimal):
        return node.value
    if isinstance(node, n.Negate):
        positive = _constant_index(node.operand)
        return None if positive is None else positive.copy_negate()
    return None


def _element(f: Frame, value: Value, position: Decimal, text: str) -> Value:
    """Counts from 1, from the end with negative numbers; null outside of the list."""
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    if position == position.to_integral_value() and 1 <= abs(position) <= len(items):
        whole = int(position)
        return items[whole - 1 if whole > 0 else whole]
    f.run.note(f"the list of {len(items)} has no element {position}", text)
    return None
