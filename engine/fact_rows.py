"""From the facts of a step to rows: which tasks, timers, subscriptions, calls and incidents begin
and end. What begins and ends within one step leaves no row, only the journal tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from bpmn import (
    Executable,
    Fact,
    IncidentRaised,
    IncidentResolved,
    JobRequested,
    JobWithdrawn,
    MessageSent,
    SubscriptionClosed,
    SubscriptionOpened,
    TaskClosed,
    TaskOpened,
    TimerCleared,
    TimerSet,
)
from engine.drafts import carried_over
from engine.identifiers import new_id, part_id
from engine.open_case import Change, OpenCase
from engine.records import Task, TaskState
from engine.store import incidents, messages, outbox, tasks, timers
from engine.store.cases import CaseRow
from engine.store.incidents import IncidentRow
from engine.store.messages import MessageRow, SubscriptionRow
from engine.store.outbox import CallRow
from engine.store.tasks import TaskRow
from engine.store.timers import TimerRow


class FactRows:
    """Writes the rows of one step; `after` is the case's row as it will be. `stale` is raised when
    a task row is no longer what was read; see `tasks.write`."""

    def __init__(self, case: OpenCase, after: CaseRow, stale: Exception) -> None:
        self.case = case
        self.after = after
        self._stale = stale
        self.sent_messages: list[str] = []
        """Ids of the messages that the step published."""
        self.opened_subscriptions: list[tuple[str, str]] = []
        """(name, correlation key) of what the case waits for since this step."""

    def write(self, change: Change) -> dict[str, TaskRow]:
        """Write everything; the changed task rows by id."""
        facts = change.facts
        written = self._tasks(facts, change.tasks)
        if facts:
            self._timers(facts)
            self._subscriptions(facts)
            self._messages(facts)
            self._calls(facts)
            self._incidents(facts)
        return written

    def _tasks(
        self, facts: tuple[Fact, ...], changes: tuple[tuple[TaskRow, TaskRow], ...]
    ) -> dict[str, TaskRow]:
        transaction = self.case.transaction
        opened: dict[str, TaskOpened] = {}
        closed: set[str] = set()
        for fact in facts:
            if isinstance(fact, TaskOpened):
                opened[fact.key] = fact
            elif isinstance(fact, TaskClosed) and opened.pop(fact.key, None) is None:
                closed.add(fact.key)
        changed = list(changes)
        taken_away = []
        for key in sorted(closed - {before.key for before, _ in changes}):
            row = tasks.find(transaction, part_id(self.after.id, key))
            if row is None or row.task.state is not TaskState.OPEN:
                continue
            taken_away.append(row)
            gone = replace(row.task, state=TaskState.CANCELLED)
            changed.append((row, replace(row, task=gone, draft=None)))
        new = carried_over(self.case, taken_away, [self._task(fact) for fact in opened.values()])
        written = tasks.write(transaction, changed, new, self._stale)
        return {row.task.id: row for row in written}

    def _task(self, fact: TaskOpened) -> TaskRow:
        case = self.after
        task = Task(
            id=part_id(case.id, fact.key),
            instance_id=case.id,
            process=case.process_key,
            version=case.version_number,
            element_id=fact.element_id,
            name=fact.name,
            form=fact.form,
            state=TaskState.OPEN,
            assignee=fact.assignee,
            candidate_groups=tuple(fact.candidate_groups),
            unit=fact.unit or case.unit,
            business_key=case.business_key,
            subject=case.subject,
            created_at=self.case.now,
            due_at=fact.due,
            follow_up_at=fact.follow_up,
            completed_at=None,
            completed_by=None,
            priority=fact.priority,
            revision=1,
        )
        return TaskRow(task, fact.key)

    def _timers(self, facts: tuple[Fact, ...]) -> None:
        set_: dict[str, TimerSet] = {}
        cleared: set[str] = set()
        for fact in facts:
            if isinstance(fact, TimerSet):
                set_[fact.key] = fact
            elif isinstance(fact, TimerCleared) and set_.pop(fact.key, None) is None:
                cleared.add(fact.key)
        timers.delete(self.case.transaction, self.after.id, sorted(cleared))
        timers.insert(
            self.case.transaction,
            [
                TimerRow(self.after.id, fact.key, fact.element_id, fact.due, fact.repeats)
                for fact in set_.values()
            ],
        )

    def _subscriptions(self, facts: tuple[Fact, ...]) -> None:
        opened: dict[str, SubscriptionOpened] = {}
        closed: set[str] = set()
        for fact in facts:
            if isinstance(fact, SubscriptionOpened):
                opened[fact.key] = fact
            elif isinstance(fact, SubscriptionClosed) and opened.pop(fact.key, None) is None:
                closed.add(fact.key)
        messages.unsubscribe(self.case.transaction, self.after.id, sorted(closed))
        messages.subscribe(
            self.case.transaction,
            [
                SubscriptionRow(
                    instance_id=self.after.id,
                    key=fact.key,
                    element_id=fact.element_id,
                    definition=_definition_of(self.case.executable, fact.element_id),
                    message=fact.message,
                    correlation_key=fact.correlation_key,
                    opened_at=self.case.now,
                )
                for fact in opened.values()
            ],
        )
        self.opened_subscriptions = [(f.message, f.correlation_key) for f in opened.values()]

    def _messages(self, facts: tuple[Fact, ...]) -> None:
        rows = [
            message_row(
                self.case,
                self.after,
                name=fact.message,
                correlation_key=fact.correlation_key,
                payload=fact.payload,
                time_to_live=fact.time_to_live,
            )
            for fact in facts
            if isinstance(fact, MessageSent)
        ]
        messages.insert(self.case.transaction, rows)
        self.sent_messages = [row.id for row in rows]

    def _calls(self, facts: tuple[Fact, ...]) -> None:
        requested: dict[str, JobRequested] = {}
        withdrawn: set[str] = set()
        for fact in facts:
            if isinstance(fact, JobRequested):
                requested[fact.key] = fact
            elif isinstance(fact, JobWithdrawn) and requested.pop(fact.key, None) is None:
                withdrawn.add(fact.key)
        outbox.delete(self.case.transaction, self.after.id, sorted(withdrawn))
        now = self.case.parts.system_now()
        outbox.insert(
            self.case.transaction,
            [
                CallRow(
                    instance_id=self.after.id,
                    key=fact.key,
                    element_id=fact.element_id,
                    type=fact.type,
                    content=self.case.seal(
                        msgspec.json.encode([fact.headers, fact.variables]), f"call:{fact.key}"
                    ),
                    attempts_left=max(fact.retries, 1),
                    attempts=0,
                    next_at=now,
                    requested_at=self.case.now,
                )
                for fact in requested.values()
            ],
        )

    def _incidents(self, facts: tuple[Fact, ...]) -> None:
        raised: dict[str, IncidentRaised] = {}
        resolved: set[str] = set()
        for fact in facts:
            if isinstance(fact, IncidentRaised):
                raised[fact.key] = fact
            elif isinstance(fact, IncidentResolved) and raised.pop(fact.key, None) is None:
                resolved.add(fact.key)
        for key in sorted(resolved):
            incidents.resolve(self.case.transaction, part_id(self.after.id, key), self.case.now)
        for fact in raised.values():
            incidents.open(
                self.case.transaction,
                incident_row(
                    self.case,
                    key=fact.key,
                    origin="case",
                    element_id=fact.element_id,
                    kind=fact.kind,
                    message=fact.message,
                    diagnostics=fact.diagnostics,
                ),
            )


def _definition_of(executable: Executable, element_id: str) -> str:
    """The key of the process whose element it is: the case's own, or one that it calls."""
    if element_id in executable.process.elements:
        return executable.key
    owners = (p.key for p in executable.processes.values() if element_id in p.elements)
    return next(owners, executable.key)


def message_row(
    case: OpenCase,
    sender: CaseRow,
    *,
    name: str,
    correlation_key: str | None,
    payload: Mapping[str, Any],
    time_to_live: timedelta | None = None,
) -> MessageRow:
    """A message that a case publishes."""
    message_id = new_id()
    return MessageRow(
        id=message_id,
        name=name,
        correlation_key=correlation_key,
        payload=case.parts.keyring.seal(
            case.transaction,
            sender.owner,
            msgspec.json.encode(dict(payload)),
            message_context(message_id),
        ),
        owner=sender.owner,
        sender=sender.id,
        unit=sender.unit,
        published_by=case.actor.username,
        published_at=case.now,
        expires_at=case.now + (time_to_live or timedelta()),
        state="pending",
    )


def message_context(message_id: str) -> bytes:
    """What a message's payload is sealed as."""
    return f"message:{message_id}".encode()


def incident_row(
    case: OpenCase,
    *,
    key: str,
    origin: str,
    element_id: str | None,
    kind: str,
    message: str,
    diagnostics: tuple[str, ...] = (),
) -> IncidentRow:
    """An incident of `case`. What may hold values of the case (the FEEL diagnostics, and the
    message of an outside system) is sealed; the row itself says where and what kind."""
    name = None if element_id is None else case.executable.element_name(element_id)
    return IncidentRow(
        id=part_id(case.row.id, key),
        instance_id=case.row.id,
        key=key,
        origin=origin,
        process_key=case.row.process_key,
        unit=case.row.unit,
        element_id=element_id,
        element_name=name,
        kind=kind,
        detail=case.seal(msgspec.json.encode([message, *diagnostics]), f"incident:{key}"),
        opened_at=case.now,
    )
