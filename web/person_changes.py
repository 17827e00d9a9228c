"""What changed from one version of a person's data to the next, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from journey.person_versions import PersonVersion
from web.person_form import shown
from web.register_history import Line


@dataclass(frozen=True)
class PersonChange:
    """One version: who wrote it, when, and what it changed."""

    number: int
    at: datetime
    who: str
    lines: tuple[Line, ...]
    """Empty for the first version, and for one saved without a change."""


def person_changes(versions: Sequence[PersonVersion]) -> tuple[PersonChange, ...]:
    """Every version, newest first. `versions` are the verb's: the oldest first."""
    befores = [None, *versions[:-1]]
    found = [
        PersonChange(one.number, one.at, one.by_name, _lines(before, one))
        for before, one in zip(befores, versions, strict=True)
    ]
    return tuple(reversed(found))


def _lines(before: PersonVersion | None, after: PersonVersion) -> tuple[Line, ...]:
    if before is None:
        return ()
    old = {name: (label, value) for name, label, value in shown(before.data)}
    new = {name: (label, value) for name, label, value in shown(after.data)}
    return tuple(
        Line(
            label=(new.get(name) or old[name])[0],
            before=old.get(name, ("", ""))[1],
            after=new.get(name, ("", ""))[1],
        )
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    )
