"""The changes of a register's row: when, by whom, what stood before and what after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from journey.records import RegistryRow
from web.register_fields import Field
from web.register_form import told, value_of


@dataclass(frozen=True)
class Line:
    """One field that changed, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One change of a row."""

    revision: int
    at: datetime
    who: str
    lines: tuple[Line, ...]


def changes(
    fields: Sequence[Field], row: RegistryRow, history: Sequence[Mapping[str, Any]]
) -> tuple[Change, ...]:
    """Every change of `row`, newest first. `history` is the verb's: how it was before each."""
    if not history:
        return ()
    now = {asked.name: _plain(value_of(row, asked.name)) for asked in fields}
    befores = [entry["before"] for entry in history]
    found = [
        Change(
            revision=entry["revision"],
            at=entry["at"],
            who=entry["actor"],
            lines=_lines(fields, entry["before"], after),
        )
        for entry, after in zip(history, [*befores[1:], now], strict=True)
    ]
    return tuple(reversed(found))


def _lines(
    fields: Sequence[Field], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            asked.label,
            told(asked, before.get(asked.name)),
            told(asked, after.get(asked.name)),
        )
        for asked in fields
        if before.get(asked.name) != after.get(asked.name)
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
