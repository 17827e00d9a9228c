"""Lines of the access log in words, each with the number of the journey it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from engine.errors import Invalid
from engine.records import Actor, Instance, Page, Paging
from web.texts import _, lazy

if TYPE_CHECKING:
    from engine.engine import Engine

_CASE = "case:"
_THROUGH: Final[Mapping[str, str]] = {
    "persons.get": lazy("Page of the client"),
    "persons.versions": lazy("Earlier versions of the client's data"),
    "persons.search": lazy("Search for clients"),
    "persons.lookup": lazy("Lookup of a national id"),
    "cycles.of_person": lazy("Journeys of the client"),
    "names in a task list": lazy("Name in a list of tasks"),
    "names in a case list": lazy("Name in a list of cases"),
    "case variables": lazy("Data of the case"),
    "case history": lazy("History of the case"),
    "case replay": lazy("Replay of the case"),
    "case comments": lazy("Comments of the case"),
    "case attachments": lazy("List of documents"),
    "case calendar": lazy("Calendar of the case"),
}
_TASK_FORM = re.compile(r"task form \S+")
_ATTACHMENT = re.compile(r"attachment \S+")


@dataclass(frozen=True)
class Reading:
    """One reading of somebody's data."""

    at: datetime
    reader: str
    subject: str
    instance_id: str | None
    """A case of the subject, to look at."""
    number: str
    """Its journey number; the beginning of the subject's id when it has none."""
    through: str
    task: str
    """What the task is called whose form was read."""


def readings(
    engine: Engine,
    actor: Actor,
    paging: Paging,
    *,
    reader: str | None = None,
    subject: str | None = None,
) -> Page[Reading]:
    """The log, newest first. Names are not shown: reading the log is no reason to see them.

    `subject` may be a journey number as well. Raises `Forbidden`, `Invalid`.
    """
    if subject is not None:
        subject = _subject(engine, actor, subject)
    page = engine.access_log.list(actor, paging, reader=reader, subject=subject)
    subjects = {one.subject for one in page.items}
    known = engine.cases.of_subjects(actor, subjects)
    cases = {subject: _case(subject, known.get(subject, ())) for subject in subjects}
    return Page(
        tuple(
            Reading(
                at=one.at,
                reader=one.actor,
                subject=one.subject,
                instance_id=cases[one.subject][0],
                number=cases[one.subject][1],
                through=_words(one.through),
                task=one.purpose if _TASK_FORM.fullmatch(one.through) else "",
            )
            for one in page.items
        ),
        page.next_cursor,
    )


def _subject(engine: Engine, actor: Actor, asked: str) -> str:
    """The subject of a journey number; anything else is taken for the subject's own id."""
    try:
        found = engine.cases.list(actor, business_key=asked.upper(), paging=Paging(1)).items
    except Invalid:
        return asked
    return (found[0].subject or f"{_CASE}{found[0].id}") if found else asked


def _case(subject: str, found: Sequence[Instance]) -> tuple[str | None, str]:
    if subject.startswith(_CASE):
        id_ = subject.removeprefix(_CASE)
        return id_, id_[:8]
    journey = next((one for one in found if one.business_key), None)
    if journey is None:
        return None, subject[:8]
    return journey.id, str(journey.business_key)


def _words(through: str) -> str:
    known = _THROUGH.get(through)
    if known is not None:
        return str(known)
    if _TASK_FORM.fullmatch(through):
        return _("Form of a task")
    return _("Document opened") if _ATTACHMENT.fullmatch(through) else through
