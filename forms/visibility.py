"""What of a form is to be seen and must be answered, as the answers stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forms.errors import FormExpressionError
from forms.evaluation import Level, Submission
from forms.expressions import Known, Reading, Rule
from forms.form import Form
from forms.layout import Words, layout
from forms.scope import Node, Scope


@dataclass(frozen=True)
class Visibility:
    """Paths (`leave_date`, `steps.0.what`; static texts have names of their own)."""

    hidden: frozenset[str]
    held: frozenset[str]
    """Those of the hidden that no answer of this form can show: the case decided it."""
    required: frozenset[str]


def hidden_fields(
    form: Form, data: Mapping[str, object], variables: Mapping[str, object], now: datetime
) -> Visibility:
    """What `Form.validate` would hide and require with the answers in `data`.

    Answers that cannot be read count as not given. An expression that cannot be evaluated hides,
    and requires nothing: completing the task says what is wrong with it.
    """
    look = _Look(form.id, variables, {}, now, own=own_names(form.scope), words=layout(form).words)
    _LookLevel(look, form.scope, data, "", Reading(form.id, Known(variables), set(), now)).read()
    return Visibility(frozenset(look.hidden), frozenset(look.held), frozenset(look.required))


def own_names(scope: Scope) -> frozenset[str]:
    """Names whose values the answers to a scope decide: its fields, and those worked out from
    answers (fixed values)."""
    names = set(scope.answerable)
    for node in scope.order:
        if node.fixed is not None and not names.isdisjoint(node.fixed.names):
            names.add(node.key)
    return frozenset(names)


@dataclass
class _Look(Submission):
    own: frozenset[str] = frozenset()
    words: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)


class _LookLevel(Level):
    """One pass over one scope that judges no answer."""

    submission: _Look

    def read(self) -> dict[str, Any]:
        own = self.submission.own | own_names(self.scope)
        for node in self.scope.order:
            hidden = self._hide(node.key, node.hides, own)
            try:
                self._settle(node, not hidden)
            except FormExpressionError:
                self.reading.values[node.key] = None
        for node in self.scope.nodes:
            if not node.field.read_only and self._is_required(node):
                self.submission.required.add(self.prefix + node.key)
        for one in self.submission.words.get(self.prefix.partition(".")[0], ()):
            self._hide(one.key, one.hides, own)
        values = self.reading.values
        return {node.key: values[node.key] for node in self.scope.nodes if node.is_kept}

    def _hide(self, key: str, hides: Sequence[Rule], own: frozenset[str]) -> bool:
        hiding = [rule for rule in hides if self._holds(rule, unknown=True)]
        if hiding:
            self.submission.hidden.add(self.prefix + key)
        if any(rule.names.isdisjoint(own) for rule in hiding):
            self.submission.held.add(self.prefix + key)
        return bool(hiding)

    def _is_required(self, node: Node) -> bool:
        if node.field.required or node.required_if is None:
            return node.field.required
        return self._holds(node.required_if, unknown=False)

    def _holds(self, rule: Rule, *, unknown: bool) -> bool:
        try:
            return rule.condition(self.reading, unknown=unknown)
        except FormExpressionError:
            return unknown
