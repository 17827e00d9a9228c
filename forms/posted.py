"""A form as a browser posts it, made the JSON that `Form.validate` takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from forms.expressions import Known, Reading
from forms.form import Form
from forms.model import FieldType
from forms.scope import Node, Scope
from forms.typed import read_clock, read_day, read_moment, read_number

ADD, REMOVE, REFRESH = "_add", "_remove", "_refresh"
"""Names of the buttons that ask for the form again instead of handing it in: with the path of a
list, the path of a row, or nothing."""
TIME = "@time"
"""Behind the name of a moment's date: its time of day."""

_MOST_ROWS = 200
_READERS = {FieldType.DATE: read_day, FieldType.TIME: read_clock}
_INDEX = re.compile(r"[0-9]{1,4}", re.ASCII)


class PostedValues(Protocol):
    """What of a web framework's posted form is read (werkzeug's MultiDict has it)."""

    def getlist(self, key: str, /) -> list[str]: ...

    def __iter__(self) -> Iterator[str]: ...


@dataclass(frozen=True)
class Posted:
    """`redraw`: a button asked for the form again (a row more or less, questions that follow from
    the answers), not to hand it in."""

    data: dict[str, Any]
    redraw: bool = False


def read_posted(form: Form, posted: PostedValues, *, now: datetime | None = None) -> Posted:
    """The answers, every field that takes one among them; what cannot be read stays text.

    Rows in which nothing was filled in are left out. `now` is what `today()` is in the rows'
    default values; names that are no field of the form are ignored.
    """
    reading = Reading(form.id, Known(), set(), now or datetime.now(UTC))
    removed = _last(posted, REMOVE)
    data: dict[str, Any] = {}
    for node in form.scope.nodes:
        if node.rows is not None:
            data[node.key] = _rows(node.key, node.rows, posted, reading, removed)
        elif not node.field.read_only:
            data[node.key] = _answer(node, node.key, posted)
    added = _last(posted, ADD)
    node_added = form.scope.by_key.get(added)
    if node_added is not None and node_added.rows is not None:
        data[added].append(offered_row(node_added.rows, reading))
    redraw = any(name in (ADD, REMOVE, REFRESH) for name in posted)
    answerable = form.scope.answerable
    return Posted({key: value for key, value in data.items() if key in answerable}, redraw)


def offered_row(rows: Scope, reading: Reading) -> dict[str, Any]:
    """A new row of a list: its default values."""
    found: dict[str, Any] = {}
    for node in rows.nodes:
        given = node.static_default
        if node.default is not None:
            given = node.default.value(reading)
        if given is not None:
            found[node.key] = given
    return found


def _rows(
    key: str, rows: Scope, posted: PostedValues, reading: Reading, removed: str
) -> list[dict[str, Any]]:
    offered = {
        node.key: _blank(node) if value is None else value
        for node, value in ((n, offered_row(rows, reading).get(n.key)) for n in rows.nodes)
        if not node.field.read_only
    }
    found = []
    for index in _indexes(key, posted)[:_MOST_ROWS]:
        prefix = f"{key}.{index}"
        row = {
            node.key: _answer(node, f"{prefix}.{node.key}", posted)
            for node in rows.nodes
            if not node.field.read_only
        }
        started = any(row[name] not in (given, _blank(rows.by_key[name]))
                      for name, given in offered.items())  # fmt: skip
        if started and prefix != removed:
            found.append(row)
    return found


def _indexes(key: str, posted: PostedValues) -> list[str]:
    starts = (name.split(".", 2) for name in posted if name.startswith(f"{key}."))
    found = {parts[1] for parts in starts if _INDEX.fullmatch(parts[1])}
    return sorted(found, key=int)


def _blank(node: Node) -> object:
    if node.field.type.is_several:
        return []
    return False if node.is_checkbox else None


def _answer(node: Node, name: str, posted: PostedValues) -> object:
    type_ = node.field.type
    if type_.is_several:
        return [value for value in posted.getlist(name) if value]
    text = _last(posted, name)
    if type_ is FieldType.DATETIME:
        return read_moment(text, _last(posted, name + TIME))
    if type_ is FieldType.BOOLEAN:
        return _yes_no(text, node)
    reader = read_number if type_.is_number else _READERS.get(type_)
    return (text or None) if reader is None else reader(text)


def _yes_no(text: str, node: Node) -> object:
    known: Mapping[str, object] = {"true": True, "yes": True, "on": True, "false": False,
                                   "no": False, "": _blank(node)}  # fmt: skip
    return known.get(text, text)


def _last(posted: PostedValues, name: str) -> str:
    values = posted.getlist(name)
    return values[-1] if values else ""
