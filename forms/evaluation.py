"""One submission against a compiled scope: what is visible, missing or out of range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from forms.errors import FormExpressionError
from forms.expressions import TIMEZONE, Comparable, Known, Reading, as_limit
from forms.messages import Message
from forms.model import FieldType
from forms.scope import Bound, Node, Scope

_LONGEST_NAME = 100
_MOST_UNKNOWN = 50


@dataclass
class Submission:
    """What one call of `Form.validate` knows and finds."""

    form: str
    variables: Mapping[str, object]
    options: Mapping[str, Sequence[str]]
    now: datetime
    warn: bool = False
    errors: dict[str, list[Message]] = field(default_factory=dict)
    warnings: dict[str, list[Message]] = field(default_factory=dict)

    def read(self, scope: Scope, data: Mapping[str, Any]) -> dict[str, Any]:
        """The clean answers to the whole form."""
        reading = Reading(self.form, Known(self.variables), set(), self.now)
        return Level(self, scope, data, "", reading).read()


class Level:
    """One pass over one scope: the form itself, or one row of a list."""

    def __init__(
        self,
        submission: Submission,
        scope: Scope,
        data: Mapping[str, Any],
        prefix: str,
        reading: Reading,
    ) -> None:
        self.submission = submission
        self.scope = scope
        self.data = data
        self.prefix = prefix
        self.reading = reading
        self.loaded, self.unreadable = scope.load(
            {key: value for key, value in data.items() if key in scope.answerable}
        )
        reading.values.update(dict.fromkeys(scope.answerable))
        reading.unanswered.update(scope.answerable)

    def read(self) -> dict[str, Any]:
        """The clean answers; every key of the scope that takes answers is there."""
        self._refuse_unknown()
        visible = {}
        for node in self.scope.order:
            visible[node.key] = self._visible(node)
            self._settle(node, visible[node.key])
        for node in self.scope.nodes:
            if not visible[node.key] or node.field.read_only:
                continue
            if node.key in self.unreadable:
                self._add(node, *self.unreadable[node.key])
            else:
                self._check(node)
        values = self.reading.values
        return {node.key: values[node.key] for node in self.scope.nodes if node.is_kept}

    def _add(self, node: Node, *messages: Message) -> None:
        self.submission.errors.setdefault(self.prefix + node.key, []).extend(messages)

    def _refuse_unknown(self) -> None:
        unknown = [key for key in self.data if key not in self.scope.by_key]
        for key in unknown[:_MOST_UNKNOWN]:
            name = key.encode("utf-8", "replace").decode()[:_LONGEST_NAME]
            self.submission.errors[self.prefix + (name or "_")] = [Message("unknown_field")]

    def _visible(self, node: Node) -> bool:
        # a condition that cannot be known yet hides: nothing is asked before its reason is there
        try:
            return not any(rule.condition(self.reading, unknown=True) for rule in node.hides)
        except FormExpressionError as error:
            raise error.below(self.prefix) from error

    def _settle(self, node: Node, visible: bool) -> None:
        """Puts the answer where expressions see it."""
        values, key = self.reading.values, node.key
        if node.fixed is not None:
            values[key] = node.fixed.value(self.reading) if visible else None
            return
        if node.field.read_only:
            values.setdefault(key, None)
            return
        answer = self.loaded.get(key) if visible and key not in self.unreadable else None
        if answer is not None and node.rows is not None:
            answer = self._rows(node, node.rows, answer)
        if answer is not None and answer != []:
            self.reading.unanswered.discard(key)
        if answer is None and node.field.type.is_several:
            answer = []
        if answer is None and visible and node.is_checkbox:
            answer = False
        values[key] = answer

    def _rows(self, node: Node, rows: Scope, sent: Sequence[object]) -> list[dict[str, Any]]:
        clean: list[dict[str, Any]] = []
        for index, row in enumerate(sent):
            path = f"{self.prefix}{node.key}.{index}"
            if not isinstance(row, Mapping) or not all(isinstance(key, str) for key in row):
                self.submission.errors[path] = [Message("not_a_row")]
                continue
            reading = Reading(
                self.reading.form,
                Known(self.reading.values),
                set(self.reading.unanswered),
                self.reading.now,
            )
            clean.append(type(self)(self.submission, rows, row, f"{path}.", reading).read())
        return clean

    def _check(self, node: Node) -> None:
        answer = self.reading.values[node.key]
        try:
            if answer is None or answer == [] or (answer is False and node.is_checkbox):
                self._check_missing(node)
            else:
                self._check_options(node, answer)
                if node.is_limited:
                    self._check_limits(node, answer)
        except FormExpressionError as error:
            raise error.below(self.prefix) from error

    def _check_missing(self, node: Node) -> None:
        required = node.field.required or (
            node.required_if is not None and node.required_if.condition(self.reading, unknown=False)
        )
        if required:
            self._add(node, Message("must_be_ticked" if node.is_checkbox else "required"))

    def _check_options(self, node: Node, answer: object) -> None:
        if node.field.source is None:
            return
        allowed = self.submission.options.get(node.field.path, ())
        chosen = answer if isinstance(answer, list) else [answer]
        if not all(item in allowed for item in chosen):
            self._add(node, Message("not_an_option"))

    def _check_limits(self, node: Node, answer: object) -> None:
        type_ = node.field.type
        value = as_limit(answer, type_, upper=False)
        if value is None:
            return
        least = self._limit(node.minimum, type_, upper=False)
        most = self._limit(node.maximum, type_, upper=True)
        if _below(value, least) or _below(most, value):
            self._add(node, _out_of_range(type_, least, most))
        elif self.submission.warn:
            self._warn(node, value)

    def _warn(self, node: Node, value: Comparable) -> None:
        type_ = node.field.type
        try:
            low = self._limit(node.warn_minimum, type_, upper=False)
            high = self._limit(node.warn_maximum, type_, upper=True)
        except FormExpressionError:
            return  # a soft limit that cannot be known warns of nothing
        found = []
        if low is not None and _below(value, low):
            found.append(Message("unusually_low", {"minimum": _shown(low)}))
        if high is not None and _below(high, value):
            found.append(Message("unusually_high", {"maximum": _shown(high)}))
        if found:
            self.submission.warnings[self.prefix + node.key] = found

    def _limit(self, bound: Bound | None, type_: FieldType, *, upper: bool) -> Comparable | None:
        if bound is None or bound.rule is None:
            return None if bound is None else bound.literal
        return bound.rule.limit(self.reading, type_, upper=upper)


def _below(one: Comparable | None, other: Comparable | None) -> bool:
    """Whether `one` is less than `other`; both are of the field's own type, None is no limit."""
    if one is None or other is None:
        return False
    return one < other  # type: ignore[operator]  # as_limit gives one type per field


def _out_of_range(type_: FieldType, least: Comparable | None, most: Comparable | None) -> Message:
    values = {}
    if least is not None:
        values["minimum"] = _shown(least)
    if most is not None:
        values["maximum"] = _shown(most)
    if least is None:
        return Message("above_maximum" if type_.is_number else "too_late", values)
    if most is None:
        return Message("below_minimum" if type_.is_number else "too_early", values)
    return Message("outside_range" if type_.is_number else "outside_period", values)


def _shown(limit: Comparable) -> str:
    """A limit for a reader: plain digits, local time."""
    if isinstance(limit, Decimal):
        return f"{limit.normalize():f}"
    if isinstance(limit, datetime):
        return limit.astimezone(TIMEZONE).strftime("%Y-%m-%d %H:%M")
    return limit.isoformat()
