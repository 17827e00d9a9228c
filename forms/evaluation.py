"""One submission against a compiled scope: what is visible, what is missing, what is out of range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from forms.errors import FormExpressionError
from forms.expressions import TIMEZONE, Comparable, Reading, as_limit
from forms.messages import Message
from forms.model import FieldType
from forms.moments import write_datetime
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
    errors: dict[str, list[Message]] = field(default_factory=dict)
    warnings: dict[str, list[Message]] = field(default_factory=dict)

    def add(self, path: str, *messages: Message) -> None:
        """Notes why the answer at `path` cannot be accepted."""
        self.errors.setdefault(path, []).extend(messages)

    def read(
        self,
        scope: Scope,
        data: Mapping[str, Any],
        prefix: str = "",
        outer: Mapping[str, object] | None = None,
        outer_unanswered: frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        """The clean answers of one scope; every key of the scope that takes answers is there."""
        self._unknown(scope, data, prefix)
        loaded, unreadable = scope.load({k: v for k, v in data.items() if k in scope.answerable})
        values: dict[str, object] = dict(self.variables if outer is None else outer)
        unanswered = set(outer_unanswered) | scope.answerable
        for key in scope.answerable:
            values[key] = None
        reading = Reading(self.form, values, unanswered, self.now)
        visible: dict[str, bool] = {}
        for node in scope.order:
            visible[node.key] = self._visible(node, reading, prefix)
            self._settle(node, visible[node.key], loaded, unreadable, reading, prefix)
        for node in scope.nodes:
            if visible[node.key] and not node.field.read_only:
                for message in unreadable.get(node.key, ()):
                    self.add(prefix + node.key, message)
                if node.key not in unreadable:
                    self._check(node, reading, prefix)
        fixed = {n.key for n in scope.nodes if n.fixed is not None}
        return {
            node.key: values[node.key]
            for node in scope.nodes
            if not node.field.read_only or node.key in fixed
        }

    def _unknown(self, scope: Scope, data: Mapping[str, Any], prefix: str) -> None:
        unknown = [key for key in data if key not in scope.by_key]
        for key in unknown[:_MOST_UNKNOWN]:
            name = key.encode("utf-8", "replace").decode()[:_LONGEST_NAME]
            self.add(prefix + name, Message("unknown_field"))

    def _visible(self, node: Node, reading: Reading, prefix: str) -> bool:
        # an expression that cannot be known yet hides: nothing is asked before its reason is there
        try:
            return not any(rule.condition(reading, unknown=True) for rule in node.hides)
        except FormExpressionError as error:
            raise _at(error, prefix) from error

    def _settle(
        self,
        node: Node,
        visible: bool,
        loaded: Mapping[str, Any],
        unreadable: Mapping[str, list[Message]],
        reading: Reading,
        prefix: str,
    ) -> None:
        """Puts the answer where expressions see it."""
        values = reading.values
        assert isinstance(values, dict)  # noqa: S101 - made by `read`
        assert isinstance(reading.unanswered, set)  # noqa: S101 - made by `read`
        key = node.key
        if node.fixed is not None:
            values[key] = node.fixed.value(reading) if visible else None
            return
        if node.field.read_only:
            values.setdefault(key, None)
            return
        answer = loaded.get(key) if visible and key not in unreadable else None
        if answer is not None and node.rows is not None:
            answer = self._rows(node, node.rows, answer, reading, prefix)
        if answer is None and visible and node.field.type.is_several:
            answer = []
        if answer is None and visible and _is_checkbox(node):
            answer = False
        values[key] = [] if answer is None and node.field.type.is_several else answer
        if answer is not None and answer != []:
            reading.unanswered.discard(key)

    def _rows(
        self, node: Node, rows: Scope, sent: Sequence[object], reading: Reading, prefix: str
    ) -> list[dict[str, Any]]:
        clean: list[dict[str, Any]] = []
        for index, row in enumerate(sent):
            path = f"{prefix}{node.key}.{index}"
            if not isinstance(row, Mapping) or not all(isinstance(key, str) for key in row):
                self.add(path, Message("not_a_row"))
                continue
            unanswered = frozenset(reading.unanswered)
            clean.append(self.read(rows, row, f"{path}.", reading.values, unanswered))
        return clean

    def _check(self, node: Node, reading: Reading, prefix: str) -> None:
        path = prefix + node.key
        answer = reading.values[node.key]
        try:
            if answer is None or answer == [] or (answer is False and _is_checkbox(node)):
                self._missing(node, path, reading)
            else:
                self._options(node, path, answer)
                self._limits(node, path, answer, reading)
        except FormExpressionError as error:
            raise _at(error, prefix) from error

    def _missing(self, node: Node, path: str, reading: Reading) -> None:
        required = node.field.required or (
            node.required_if is not None and node.required_if.condition(reading, unknown=False)
        )
        if required:
            self.add(path, Message("must_be_ticked" if _is_checkbox(node) else "required"))

    def _options(self, node: Node, path: str, answer: object) -> None:
        if node.field.source is None:
            return
        allowed = self.options.get(node.field.path, ())
        chosen = answer if isinstance(answer, list) else [answer]
        if not all(item in allowed for item in chosen):
            self.add(path, Message("not_an_option"))

    def _limits(self, node: Node, path: str, answer: object, reading: Reading) -> None:
        type_ = node.field.type
        value = as_limit(answer, type_, upper=False)
        if value is None:
            return
        least = _limit(node.minimum, reading, type_, upper=False)
        most = _limit(node.maximum, reading, type_, upper=True)
        if (least is not None and value < least) or (  # type: ignore[operator]  # same type each
            most is not None and value > most  # type: ignore[operator]
        ):
            self.add(path, _out_of_range(type_, least, most))
            return
        self._warn(node, path, value, reading)

    def _warn(self, node: Node, path: str, value: Comparable, reading: Reading) -> None:
        type_ = node.field.type
        try:
            low = _limit(node.warn_minimum, reading, type_, upper=False)
            high = _limit(node.warn_maximum, reading, type_, upper=True)
        except FormExpressionError:
            return  # a soft limit that cannot be known warns of nothing
        if low is not None and value < low:  # type: ignore[operator]  # same type each
            message = Message("unusually_low", {"minimum": _shown(low)})
            self.warnings.setdefault(path, []).append(message)
        if high is not None and value > high:  # type: ignore[operator]
            message = Message("unusually_high", {"maximum": _shown(high)})
            self.warnings.setdefault(path, []).append(message)


def _is_checkbox(node: Node) -> bool:
    return node.field.type is FieldType.BOOLEAN and not node.field.choices


def _limit(
    bound: Bound | None, reading: Reading, type_: FieldType, *, upper: bool
) -> Comparable | None:
    if bound is None:
        return None
    if bound.rule is None:
        return bound.literal
    return bound.rule.limit(reading, type_, upper=upper)


def _out_of_range(
    type_: FieldType, least: Comparable | None, most: Comparable | None
) -> Message:
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


def _at(error: FormExpressionError, prefix: str) -> FormExpressionError:
    """The same error with the place of the row it happened in."""
    if prefix and not error.field.startswith(prefix):
        error.field = prefix + error.field.rpartition(".")[2]
    return error


def utc(moment: datetime) -> str:
    """A moment as the answers hold it."""
    return write_datetime(moment)
