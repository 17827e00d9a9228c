"""What the forms of a case asked, with the names of the choices that its journal has as codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bpmn import CaseView, Fact, VariablesWritten
from engine.journal import RecordedEntry
from engine.open_case import instance_of
from engine.parts import Parts
from engine.ports import SourceQuery
from engine.records import Actor
from engine.store.cases import CaseRow
from engine.store.definitions import FORM
from engine.store.transaction import Transaction
from forms import Choice, Field, Form

References = Mapping[str, Sequence[tuple[str, Mapping[str, str]]]]
"""Field path → the sources that may name its codes, with their properties."""


def questions_of(
    tx: Transaction, parts: Parts, actor: Actor, row: CaseRow, entries: Sequence[RecordedEntry]
) -> Mapping[str, Field]:
    """What the forms ask that the case runs with, by the key of the answer. A reference field has
    the choices that `entries` (whole, not erased) name; a code that no source knows any more is
    in none of them."""
    forms = [
        parts.definitions.form(tx, row.version_id, key)
        for kind, key in sorted(parts.definitions.pins(tx, row.version_id))
        if kind == FORM
    ]
    asked: dict[str, Field] = {}
    for form in forms:
        for key, field in form.fields.items():
            asked.setdefault(key, field)
    names = _names(tx, parts, actor, row, entries, _references(parts, forms))
    return {key: _with_choices(field, names) for key, field in asked.items()}


def _references(parts: Parts, forms: Sequence[Form]) -> References:
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for form in forms:
        for path, reference in form.references().items():
            field = form.fields.get(path.split(".")[0])
            # What a read-only field shows was decided with the task, and may be somebody's name.
            if field is None or field.read_only or reference[0] not in parts.sources:
                continue
            if reference not in (known := found.setdefault(path, [])):
                known.append(reference)
    return found


def _names(  # noqa: PLR0917  the parts of one look
    tx: Transaction,
    parts: Parts,
    actor: Actor,
    row: CaseRow,
    entries: Sequence[RecordedEntry],
    references: References,
) -> Mapping[str, Mapping[str, Choice]]:
    """Field path → code → its name. A source is asked with the case as it stood when the code was
    first given, because what it offers depends on that."""
    names: dict[str, dict[str, Choice]] = {path: {} for path in references}
    tried: set[tuple[str, str]] = set()
    view = CaseView()
    for entry in entries:
        written: dict[str, Any] = {}
        for record in entry.data.get("facts", ()):
            fact = Fact.from_record(record)
            view.apply(fact)
            if isinstance(fact, VariablesWritten):
                written |= fact.values
        answers = (entry.data.get("submission") or {}).get("data", {})
        given = {*_codes(written, references), *_codes(answers, references)}
        fresh = given - tried
        if not fresh:
            continue
        tried |= fresh
        variables = {**view.snapshot().variables.get("", {}), **written, **answers}
        place = instance_of(row, variables)
        for path in {path for path, _ in fresh}:
            for source, properties in references[path]:
                query = SourceQuery(actor, place, variables, properties)
                for one in parts.sources[source].options(tx, query):
                    if (path, one.value) in fresh:
                        known = Choice(one.value, one.label_ar, one.label_en)
                        names[path].setdefault(one.value, known)
    return names


def _codes(answers: Mapping[str, Any], references: References) -> Iterator[tuple[str, str]]:
    """The path and value of every answer to a reference field, and of its variable."""
    for path in references:
        key, _, inner = path.partition(".")
        given = answers.get(key)
        values = given if isinstance(given, list) else [given]
        for value in values:
            code = value.get(inner) if inner and isinstance(value, Mapping) else value
            if isinstance(code, str) and code:
                yield path, code


def _with_choices(field: Field, names: Mapping[str, Mapping[str, Choice]]) -> Field:
    items = tuple(_with_choices(one, names) for one in field.items)
    named = tuple(names.get(field.path, {}).values())
    return replace(field, items=items, choices=named or field.choices)
