"""Which answers show, hide and require what, as JSON that a browser evaluates at once.

    level = {"fields": [field...], "known": {key: value of a field that is only shown}}
    field = {"key", "hide": [tree...], "required": tree, "ask": true, "rows": level,
             "type", "options", "decimals", "shortest", "longest"}

Fields stand in the order in which they are settled. A field is hidden unless every tree in `hide`
is false. `ask`: only the server can tell. `type` and what follows say how the typed answer is read,
for fields that conditions read. Variables of the case are never part of it: conditions of them
alone were decided when the page was drawn, one that mixes them with answers is left to the server.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from forms.codecs import Number, OneOf, SeveralOf, Text
from forms.expressions import Rule
from forms.feel_tree import NotForBrowsers, Tree, feel_tree
from forms.form import Form
from forms.layout import Words, layout
from forms.model import FieldType
from forms.scope import Node, Scope
from forms.visibility import own_names

_UNREAD = (FieldType.LIST,)
_ONLY_WHETHER = (FieldType.DATETIME,)
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class ClientRules:
    """`text` is JSON; `is_conditional` tells whether any answer changes what is asked."""

    text: str
    is_conditional: bool


def client_rules(form: Form, data: Mapping[str, Any]) -> ClientRules:
    """The rules of a form on a page that shows `data`."""
    plan = _plan(form)
    text = json.dumps(plan.level(data), ensure_ascii=False, separators=(",", ":"))
    return ClientRules(text, plan.is_conditional)


@dataclass(frozen=True)
class _FieldPlan:
    """One field's rules. `reading` says how its typed answer is read, if a condition reads it."""

    key: str
    hide: tuple[Tree, ...] = ()
    required: Tree | None = None
    ask: bool = False
    reading: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    rows: _Plan | None = None

    @property
    def hides(self) -> bool:
        """Whether answers hide it or a field in its rows."""
        return bool(self.hide) or self.ask or (self.rows is not None and self.rows.is_conditional)

    def rules(self) -> dict[str, Any]:
        """Its rules as JSON; only the key when there are none."""
        rows = None if self.rows is None else self.rows.level({})
        given = {"hide": list(self.hide), "required": self.required, "ask": self.ask, "rows": rows}
        if rows is not None and not rows["fields"]:
            del given["rows"]
        return {
            "key": self.key,
            **self.reading,
            **{name: value for name, value in given.items() if value},
        }


@dataclass(frozen=True)
class _Plan:
    """The rules of one scope."""

    fields: Sequence[_FieldPlan]
    known: frozenset[str]

    @property
    def is_conditional(self) -> bool:
        """Whether answers hide anything."""
        return any(field.hides for field in self.fields)

    def level(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The rules as JSON."""
        fields = (field.rules() for field in self.fields)
        return {
            "fields": [rules for rules in fields if len(rules) > 1],
            "known": {key: data.get(key) for key in sorted(self.known)},
        }


@lru_cache(maxsize=256)
def _plan(form: Form) -> _Plan:
    own = own_names(form.scope)
    return _scope_plan(form.scope, layout(form).words, "", _Names(form.scope, own))


class _Names:
    """What the conditions of a scope may read: `own` is what answers decide, `readable` what a
    browser knows, `whether` of what it only knows whether it is given."""

    def __init__(self, scope: Scope, own: frozenset[str], outer: _Names | None = None) -> None:
        shown = {n.key for n in scope.nodes if _is_plainly_shown(n)} if outer is None else set()
        answers = {n.key for n in scope.nodes if _is_read(n)}
        whether = {n.key for n in scope.nodes if n.field.type in _ONLY_WHETHER}
        whether -= {n.key for n in scope.nodes if n.field.read_only}
        hidden_outer = frozenset(scope.by_key)
        self.own: frozenset[str] = own | (outer.own if outer else frozenset())
        self.shown: frozenset[str] = frozenset(shown)
        self.readable: frozenset[str] = frozenset(shown | answers) | (
            outer.readable - hidden_outer if outer else frozenset()
        )
        self.whether: frozenset[str] = frozenset(whether) | (
            outer.whether - hidden_outer if outer else frozenset()
        )


def _is_plainly_shown(node: Node) -> bool:
    plain = not (node.hides or node.fixed or node.default or node.static_default is not None)
    return node.field.read_only and plain and node.rows is None


def _is_read(node: Node) -> bool:
    if node.field.read_only or node.field.type in (*_UNREAD, *_ONLY_WHETHER):
        return False
    return not (isinstance(node.codec, Text) and node.codec.pattern is not None)


def _scope_plan(
    scope: Scope, words: Mapping[str, tuple[Words, ...]], path: str, names: _Names
) -> _Plan:
    plans: list[_FieldPlan] = []
    for node in scope.order:
        rows = None
        if node.rows is not None and not node.field.read_only:
            inner = _Names(node.rows, own_names(node.rows), names)
            rows = _scope_plan(node.rows, words, node.key, inner)
        plans.append(_field_plan(node, names, rows))
    for one in words.get(path, ()):
        hide, ask = _hiding(one.hides, names)
        plans.append(_FieldPlan(one.key, hide, ask=ask))
    read = _names_in([tree for plan in plans for tree in _trees(plan)])
    kept = [plan if plan.key in read else replace(plan, reading=_NOTHING) for plan in plans]
    return _Plan(tuple(kept), frozenset(read & names.shown))


def _field_plan(node: Node, names: _Names, rows: _Plan | None) -> _FieldPlan:
    hide, ask = _hiding(node.hides, names)
    required: Tree | None = None
    rule = None if node.field.required or node.field.read_only else node.required_if
    if rule is not None and not names.own.isdisjoint(rule.names):
        try:
            required = _tree(rule, names)
        except NotForBrowsers:
            ask = True
    return _FieldPlan(node.key, hide, required, ask, _reading(node), rows)


def _hiding(rules: Iterable[Rule], names: _Names) -> tuple[tuple[Tree, ...], bool]:
    """The trees of conditions that answers decide, and whether the server has to be asked."""
    trees, ask = [], False
    for rule in rules:
        if names.own.isdisjoint(rule.names):
            continue
        try:
            trees.append(_tree(rule, names))
        except NotForBrowsers:
            ask = True
    return tuple(trees), ask


def _tree(rule: Rule, names: _Names) -> Tree:
    return feel_tree(rule.expression.text, names.readable, names.whether)


def _reading(node: Node) -> dict[str, Any]:
    """How the browser reads the typed answer."""
    if node.field.read_only or node.rows is not None:
        return {}
    codec = node.codec
    found: dict[str, Any] = {"type": "tick" if node.is_checkbox else node.field.type.value}
    if isinstance(codec, Text):
        found |= {"shortest": codec.minimum, "longest": codec.maximum}
    elif isinstance(codec, Number):
        found["decimals"] = codec.decimals
    elif isinstance(codec, OneOf | SeveralOf):
        one = codec.one if isinstance(codec, SeveralOf) else codec
        if one.choices is not None:
            found["options"] = [choice.value for choice in one.choices]
    return found


def _trees(plan: _FieldPlan) -> list[Tree]:
    own = [*plan.hide, *([plan.required] if plan.required is not None else [])]
    inner = [tree for row in plan.rows.fields for tree in _trees(row)] if plan.rows else []
    return own + inner


def _names_in(tree: Sequence[Any]) -> set[str]:
    if len(tree) == 2 and tree[0] == "name":
        return {tree[1]}
    return {name for part in tree if isinstance(part, list) for name in _names_in(part)}
