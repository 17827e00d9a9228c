"""The calendar of one case: what was done when, what is under way, what will come by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bpmn import Element
from dmn import FeelDate, FeelError, as_python
from engine.access import Verb
from engine.case_places import find_case
from engine.clock import last_day, today
from engine.commit import stream_of
from engine.parts import Parts
from engine.records import SYSTEM, Actor, TaskState
from engine.store import journal, tasks, timers, users
from engine.store.cases import CaseRow
from engine.store.transaction import Transaction


class EntryKind(StrEnum):
    """What an entry of the calendar is."""

    DONE = "done"  # a completed task
    UNDER_WAY = "under_way"  # an open task
    PLANNED = "planned"  # a timer that will fire
    BY_SYSTEM = "by_system"  # what the product did itself: a time-out, a message, a call


@dataclass(frozen=True)
class CalendarEntry:
    """One entry of a case's calendar."""

    kind: EntryKind
    at: datetime
    """When it began; for a timer when it will fire."""
    until: datetime | None
    """When a task was completed."""
    due: datetime | None
    element_id: str
    name: str
    who: str | None
    """Username of who completed a task or holds it."""
    who_name: str | None
    task_id: str | None
    last_day: date | None = None
    """The last local day in time of an open task, and of a timer that ends a deadline."""

    @property
    def day(self) -> datetime:
        """The moment under which the calendar shows the entry: a completed task when it was
        completed, an open one when it is due."""
        if self.kind is EntryKind.UNDER_WAY:
            return self.due or self.at
        return self.until or self.at


class Agenda:
    """Reads calendars of cases."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of_case(self, actor: Actor, instance_id: str) -> tuple[CalendarEntry, ...]:
        """The calendar, by day; noted in the access log. Raises `NotFound`, `Forbidden`."""
        with self._parts.database.reading() as tx:
            case = find_case(tx, actor, instance_id, Verb.INSTANCE_HISTORY)
            entries = [
                *self._tasks(tx, case),
                *self._timers(tx, case),
                *self._by_system(tx, case),
            ]
        self._parts.access_log.note(actor, case.owner, "case calendar", case.process_key)
        return tuple(sorted(entries, key=lambda entry: (entry.day, entry.at, entry.element_id)))

    @staticmethod
    def _tasks(tx: Transaction, case: CaseRow) -> list[CalendarEntry]:
        found = [
            row.task
            for row in tasks.of_case(tx, case.id)
            if row.task.state is not TaskState.CANCELLED
        ]
        people = {task.completed_by or task.assignee for task in found} - {None}
        names = users.names(tx, [who for who in people if who is not None])
        entries = []
        for task in found:
            done = task.state is TaskState.COMPLETED
            who = task.completed_by if done else task.assignee
            entries.append(
                CalendarEntry(
                    kind=EntryKind.DONE if done else EntryKind.UNDER_WAY,
                    at=task.created_at,
                    until=task.completed_at,
                    due=task.due_at,
                    element_id=task.element_id,
                    name=task.name,
                    who=who,
                    who_name=names.get(who, who) if who is not None else None,
                    task_id=task.id,
                    last_day=None if done or task.due_at is None else last_day(task.due_at),
                )
            )
        return entries

    def _timers(self, tx: Transaction, case: CaseRow) -> list[CalendarEntry]:
        waiting = timers.of_case(tx, case.id)
        if not waiting:
            return []
        diagram = self._parts.definitions.executable(tx, case.version_id)
        return [
            replace(
                _plain(
                    EntryKind.PLANNED,
                    timer.due_at,
                    timer.element_id,
                    diagram.element_name(timer.element_id),
                ),
                last_day=_last_day(diagram.element(timer.element_id), timer.due_at),
            )
            for timer in waiting
        ]

    @staticmethod
    def _by_system(tx: Transaction, case: CaseRow) -> list[CalendarEntry]:
        return [
            _plain(
                EntryKind.BY_SYSTEM,
                line.at,
                line.element_id,
                line.element_name or line.element_id,
            )
            for line in journal.headlines(tx, stream_of(case.id), SYSTEM.username)
            if line.element_id is not None
        ]


def _plain(kind: EntryKind, at: datetime, element_id: str, name: str) -> CalendarEntry:
    due = at if kind is EntryKind.PLANNED else None
    return CalendarEntry(kind, at, None, due, element_id, name, None, None, None)


def _last_day(element: Element | None, due: datetime) -> date | None:
    """By the diagram, where it says what the timer's date is the end of."""
    said = None if element is None else element.last_day
    if said is None or said.expression is None:
        return None
    found = said.expression.evaluate({"day": today(due)}, now=due).value
    try:
        return as_python(found) if isinstance(found, FeelDate) else None
    except FeelError:  # a year that no calendar has
        return None
