"""What the forms of a case were answered with last, for who may read the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.records import Actor, Instance, JournalEntry, Paging
from engine.wording import Text
from forms import FormView, render_view
from web.context import language
from web.letters.journal import Accepted, accepted_in

if TYPE_CHECKING:
    from engine.engine import Engine

_AT_ONCE = 200


@dataclass(frozen=True)
class Answered:
    """One finished task of a case with its newest answers."""

    task_id: str
    element_id: str
    name: str
    at: datetime
    by: str
    """The name of who filled it in."""
    version: int
    """Above 1: corrected."""
    view: FormView


def answers_of(
    engine: Engine, actor: Actor, case: Instance, names: Mapping[str, Text]
) -> tuple[Answered, ...]:
    """The answers of a case (read with its variables), newest first, partners' too. `names` are
    those of users. Raises `NotFound`, `Forbidden`."""
    newest = {
        made.task_id: made
        for entry in _entries(engine, actor, case.id)
        if (made := accepted_in(entry)) is not None
    }
    ordered = sorted(newest.values(), key=lambda one: one.entry.seq, reverse=True)
    return tuple(
        _answered(engine, actor, case, one, _name(names, one.entry.actor)) for one in ordered
    )


def _name(names: Mapping[str, Text], username: str) -> str:
    return names.get(username, Text.worded(username)).in_language(language())


def _entries(engine: Engine, actor: Actor, instance_id: str) -> Iterator[JournalEntry]:
    cursor: str | None = None
    while True:
        page = engine.history.entries(actor, instance_id, Paging(_AT_ONCE, cursor))
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _answered(engine: Engine, actor: Actor, case: Instance, made: Accepted, by: str) -> Answered:
    used = engine.history.form_used(actor, case.id, made.form_hash, made.data)
    return Answered(
        task_id=made.task_id,
        element_id=made.entry.element_id or "",
        name=made.task,
        at=made.entry.at,
        by=by,
        version=made.version,
        view=render_view(
            used.form,
            made.data,
            language=language(),
            now=made.entry.at,
            options=used.options,
        ),
    )
