"""A compiled form: checks answers, gives prefill, names what it reads and refers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from marshmallow import ValidationError

from forms.errors import FormErrors
from forms.evaluation import Submission
from forms.expressions import Known, Reading
from forms.messages import Message
from forms.model import Field
from forms.scope import Node, Scope

_NO_OPTIONS: Mapping[str, Sequence[str]] = MappingProxyType({})


class Form:
    """One form file, compiled once. Immutable; safe to share between threads."""

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 - the file's own word
        sha256: str,
        schema: Mapping[str, Any],
        title_ar: str,
        title_en: str,
        scope: Scope,
    ) -> None:
        self.id = id
        self.sha256 = sha256
        self.schema = schema
        """The file's JSON, with `label` filled in where form-js keeps it under another name."""
        self.title_ar = title_ar
        self.title_en = title_en
        self.scope = scope
        """Its components as compiled, for the rest of this room."""
        self.fields: Mapping[str, Field] = MappingProxyType(
            {node.key: node.field for node in scope.nodes}
        )
        """Every field by key, in the file's order; fields of a list are in its `items`."""
        self.names = scope.outer_names
        """Variables its expressions read beside its own fields."""
        self.writes = frozenset(node.key for node in scope.nodes if node.is_kept)
        """Keys of every accepted submission: the variables that completing the task writes."""

    def __repr__(self) -> str:
        return f"Form({self.id!r}, {self.sha256[:12]!r})"

    def validate(
        self,
        data: Mapping[str, object],
        *,
        variables: Mapping[str, object],
        options: Mapping[str, Sequence[str]] = _NO_OPTIONS,
        now: datetime,
        language: str = "ar",
    ) -> dict[str, Any]:
        """The clean answers.

        Every field that takes answers is in the result: null (`[]` for several) when it was not
        answered or is hidden, so that no answer of an earlier round stays behind. Answers to hidden
        and read-only fields are dropped. `options` holds the values a source allows by field path
        (`destination`, `steps.responsible`); `now` is aware. Raises FormErrors for wrong answers
        and FormExpressionError when the form's own expressions cannot be evaluated.
        """
        submission = Submission(self.id, variables, options, now)
        return self._read(submission, data, language)

    def warnings(
        self,
        data: Mapping[str, object],
        *,
        variables: Mapping[str, object],
        options: Mapping[str, Sequence[str]] = _NO_OPTIONS,
        now: datetime,
        language: str = "ar",
    ) -> dict[str, list[str]]:
        """Answers that may be given but are unusual (`warn_min`, `warn_max`), by path.

        Raises what `validate` raises.
        """
        submission = Submission(self.id, variables, options, now, warn=True)
        self._read(submission, data, language)
        return _in_words(submission.warnings, language)

    def defaults(self, variables: Mapping[str, object], now: datetime) -> dict[str, Any]:
        """What to show in the empty form.

        A read-only field shows its variable, unless it is hidden. Any other field takes the
        variable of its name, unless the file says `prefill: no`, else its default; what does not
        fit the field is left out.
        """
        values = Known(variables)
        values.update(dict.fromkeys(self.scope.answerable))
        unanswered = set(self.scope.answerable)
        reading = Reading(self.id, values, unanswered, now)
        shown: dict[str, Any] = {}
        for node in self.scope.order:
            found = _prefill(node, variables, reading)
            if found is not None:
                shown[node.key] = values[node.key] = found
                unanswered.discard(node.key)
        return {node.key: shown[node.key] for node in self.scope.nodes if node.key in shown}

    def references(self) -> dict[str, tuple[str, Mapping[str, str]]]:
        """Fields whose options come from a source, by path: the source's name and the component's
        properties. A field in the rows of a list has the path `list.key`."""
        found: dict[str, tuple[str, Mapping[str, str]]] = {}
        for field in self.fields.values():
            for one in (field, *field.items):
                if one.source is not None:
                    found[one.path] = (one.source, one.properties)
        return found

    def _read(self, submission: Submission, data: object, language: str) -> dict[str, Any]:
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise FormErrors({"_": [Message("not_an_object").text(language)]})
        clean = submission.read(self.scope, data)
        if submission.errors:
            raise FormErrors(_in_words(submission.errors, language))
        return clean


def _in_words(found: Mapping[str, Sequence[Message]], language: str) -> dict[str, list[str]]:
    return {path: [one.text(language) for one in many] for path, many in found.items()}


def _prefill(node: Node, variables: Mapping[str, object], reading: Reading) -> object:
    if node.field.read_only:
        # a partner must not receive what the form hides from them
        if any(rule.condition(reading, unknown=True) for rule in node.hides):
            return None
        known = variables.get(node.key)
        if known is not None and node.fixed is None:
            return known if node.rows is None else _own_columns(node.rows, known)
    elif node.prefilled:
        fitting = _fitting(node, variables.get(node.key))
        if fitting is not None:
            return fitting
    for rule in (node.fixed, node.default):
        if rule is not None:
            return _fitting(node, rule.value(reading))
    return _fitting(node, node.static_default)


def _fitting(node: Node, value: object) -> object:
    """`value` as an answer of this field, or None when it cannot be one."""
    if value is None:
        return None
    try:
        found: object = node.codec.deserialize(value)
    except ValidationError:
        return None
    if found is None or node.rows is None:
        return found
    return _own_columns(node.rows, found)


def _own_columns(rows: Scope, value: object) -> list[dict[str, object]] | None:
    if not isinstance(value, list):
        return None
    return [
        {key: row[key] for key in rows.by_key if key in row}
        for row in value
        if isinstance(row, Mapping)
    ]
