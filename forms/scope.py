"""A compiled level of a form: its components in order, their codecs in one marshmallow schema.

The form itself is a scope, and so are the rows of each list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from forms.codecs import Answer
from forms.expressions import Comparable, Rule
from forms.messages import Message
from forms.model import Field, FieldType


@dataclass(frozen=True)
class Bound:
    """One limit of an answer: a literal, or a rule that gives it."""

    literal: Comparable | None
    rule: Rule | None


@dataclass(frozen=True)
class Node:
    """One component that holds an answer, with everything that decides about it.

    `hides` are its own condition and those of the groups around it.
    """

    field: Field
    codec: Answer
    hides: tuple[Rule, ...] = ()
    required_if: Rule | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    warn_minimum: Bound | None = None
    warn_maximum: Bound | None = None
    default: Rule | None = None
    static_default: object = None
    fixed: Rule | None = None
    prefilled: bool = True
    rows: Scope | None = None

    @property
    def key(self) -> str:
        """The name of the answer in its scope."""
        return self.field.key

    @property
    def is_checkbox(self) -> bool:
        """Whether it is one box to tick: not ticked is false, never unanswered."""
        return self.field.type is FieldType.BOOLEAN and not self.field.choices

    @property
    def is_limited(self) -> bool:
        """Whether its answers have limits, hard or soft."""
        limits = (self.minimum, self.maximum, self.warn_minimum, self.warn_maximum)
        return any(limit is not None for limit in limits)

    @property
    def is_kept(self) -> bool:
        """Whether its value is part of a submission."""
        return not self.field.read_only or self.fixed is not None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every expression of the component itself (those of its rows are the rows' own)."""
        bounds = (self.minimum, self.maximum, self.warn_minimum, self.warn_maximum)
        single = (self.required_if, self.default, self.fixed, *(b.rule for b in bounds if b))
        return self.hides + tuple(rule for rule in single if rule is not None)

    @property
    def first_reads(self) -> frozenset[str]:
        """Names that must be settled before this component can be: what hides it or gives its
        fixed value, and for a list what its rows read of the form."""
        names: set[str] = set()
        for rule in (*self.hides, *((self.fixed,) if self.fixed else ())):
            names |= rule.names
        if self.rows is not None:
            names |= self.rows.outer_names
        return frozenset(names)


class Scope:
    """The components of one level."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes = nodes
        self.by_key: Mapping[str, Node] = {node.key: node for node in nodes}
        self.answerable = frozenset(node.key for node in nodes if not node.field.read_only)
        self.order, self.circle = _in_order(nodes)
        self.schema = _schema(nodes)

    @property
    def outer_names(self) -> frozenset[str]:
        """Names the expressions of this level read that are not its own fields."""
        names: set[str] = set()
        for node in self.nodes:
            for rule in node.rules:
                names |= rule.names
            if node.rows is not None:
                names |= node.rows.outer_names
        return frozenset(names - self.by_key.keys())

    def load(self, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Message]]]:
        """Clean answers by key, and messages by key for those that cannot be read."""
        try:
            loaded: dict[str, Any] = self.schema.load(data)
        except ValidationError as error:
            messages = error.messages_dict
            return dict(error.valid_data or {}), {k: list(v) for k, v in messages.items()}
        return loaded, {}


def _schema(nodes: Iterable[Node]) -> Schema:
    # attribute names of our own making: a form's key may be any word, marshmallow's names included
    codecs = {f"answer_{i}": n.codec for i, n in enumerate(nodes) if not n.field.read_only}
    return Schema.from_dict(dict(codecs), name="Answers")(unknown=EXCLUDE)


def _in_order(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The nodes so that each comes after those its visibility depends on, else in the file's order;
    and the keys of a circle, if there is one."""
    keys = {node.key for node in nodes}
    waiting = list(nodes)
    settled: list[Node] = []
    done: set[str] = set()
    while waiting:
        ready = next((n for n in waiting if (n.first_reads & keys) <= done), None)
        if ready is None:
            return tuple(nodes), tuple(node.key for node in waiting)
        waiting.remove(ready)
        settled.append(ready)
        done.add(ready.key)
    return tuple(settled), ()
