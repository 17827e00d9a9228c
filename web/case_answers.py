"""What the forms of a case were answered with last, for who may read the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.commit import submission_of
from engine.ports import Submission
from engine.records import Actor, JournalEntry, Paging
from forms import FormView, render_view
from web.context import language

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
    version: int
    """Above 1: corrected."""
    view: FormView


def answers_of(engine: Engine, actor: Actor, instance_id: str) -> tuple[Answered, ...]:
    """The answers of a case, newest first, partners' too. Raises `NotFound`, `Forbidden`."""
    newest: dict[str, tuple[JournalEntry, Submission]] = {}
    for entry in _entries(engine, actor, instance_id):
        record = entry.data.get("submission")
        if record is not None:
            made = submission_of(record)
            newest[made.task.id] = (entry, made)
    ordered = sorted(newest.values(), key=lambda pair: pair[0].seq, reverse=True)
    return tuple(_answered(engine, entry, made) for entry, made in ordered)


def _entries(engine: Engine, actor: Actor, instance_id: str) -> Iterator[JournalEntry]:
    cursor: str | None = None
    while True:
        page = engine.history.entries(actor, instance_id, Paging(_AT_ONCE, cursor))
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _answered(engine: Engine, entry: JournalEntry, made: Submission) -> Answered:
    with engine.database.reading() as tx:
        form = engine.definitions.form_by_hash(tx, made.form_hash)
    return Answered(
        task_id=made.task.id,
        element_id=made.task.element_id,
        name=made.task.name,
        at=entry.at,
        by=entry.actor,
        version=made.version,
        view=render_view(form, made.data, language=language(), now=entry.at),
    )
