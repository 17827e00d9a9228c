"""A case in the hands of one command: its row, its live state, and the change that was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bpmn import Decided, Executable, Fact, LiveCase, Step
from engine.clock import TIMEZONE
from engine.definitions import Decider
from engine.parts import Parts
from engine.ports import Outcome, Submission
from engine.records import Actor, Instance, InstanceState
from engine.store.cases import CaseRow
from engine.store.tasks import TaskRow
from engine.store.transaction import Transaction

RUNNING = frozenset({InstanceState.ACTIVE, InstanceState.INCIDENT})
"""The states in which a case takes commands that move it."""

NEXT_STATES: Mapping[InstanceState, frozenset[InstanceState]] = {
    InstanceState.ACTIVE: frozenset(InstanceState) - {InstanceState.SUSPENDED},
    InstanceState.INCIDENT: frozenset(InstanceState) - {InstanceState.SUSPENDED},
    # No verb suspends: a case found so can only be ended.
    InstanceState.SUSPENDED: frozenset({InstanceState.SUSPENDED, InstanceState.CANCELLED}),
    InstanceState.COMPLETED: frozenset({InstanceState.COMPLETED}),
    InstanceState.CANCELLED: frozenset({InstanceState.CANCELLED}),
}
"""Which state may follow which. An ended case stays ended; only its answers may be corrected."""


@dataclass(frozen=True)
class CaseServices:
    """What a step may ask for: the time, what the case is, decisions and forms of its version."""

    now: datetime
    context: Mapping[str, object]
    deciders: Decider
    timezone: ZoneInfo = TIMEZONE

    def decide(self, decision_id: str, binding: str, context: Mapping[str, Any]) -> Decided:
        """The decision's value. Raises `LookupError` when the version has no such decision."""
        return self.deciders.decide(decision_id, binding, context)

    def has_form(self, form_id: str) -> bool:
        """Whether the version's form is stored."""
        return self.deciders.has_form(form_id)


@dataclass
class OpenCase:
    """A case as one command found it, inside the command's transaction."""

    parts: Parts
    transaction: Transaction
    actor: Actor
    row: CaseRow
    now: datetime

    @cached_property
    def executable(self) -> Executable:
        """The process version that the case runs."""
        return self.parts.definitions.executable(self.transaction, self.row.version_id)

    @cached_property
    def services(self) -> CaseServices:
        """What a step of this case may ask for."""
        row = self.row
        about = {
            "id": row.id,
            "unit": row.unit,
            "business_key": row.business_key,
            "subject": row.subject,
            "started_by": row.started_by,
        }
        deciders = self.parts.definitions.deciders(self.transaction, row.version_id, self.now)
        return CaseServices(self.now, {"case": about}, deciders)

    @cached_property
    def live(self) -> LiveCase:
        """The case's live state, out of everybody else's reach until the command is over."""
        kept = self.parts.live.check_out(self.row.id, self.row.revision)
        return kept or LiveCase.restore(self.executable, self.open(self.row.state, "state"))

    def put_back(self) -> None:
        """After a mere look: the live state may serve the next command."""
        live = self.__dict__.get("live")
        if live is not None:
            self.parts.live.check_in(self.row.id, self.row.revision, live)

    def seal(self, plaintext: bytes, what: str) -> bytes:
        """Seal personal data of this case; `what` says what it is. Raises `KeyDestroyed`."""
        return self.parts.keyring.seal(
            self.transaction, self.row.owner, plaintext, self._context(what)
        )

    def open(self, blob: bytes, what: str) -> bytes:
        """Open what `seal` sealed. Raises `KeyDestroyed`."""
        return self.parts.keyring.open(self.transaction, self.row.owner, blob, self._context(what))

    def _context(self, what: str) -> bytes:
        return f"{what}:{self.row.id}".encode()


def owner_of(instance_id: str, subject: str | None) -> str:
    """Whose data key seals a case: its subject's, else one of its own."""
    return subject or f"case:{instance_id}"


def instance_of(row: CaseRow, variables: Mapping[str, Any] | None = None) -> Instance:
    """The case as callers see it."""
    return Instance(
        id=row.id,
        process=row.process_key,
        version=row.version_number,
        business_key=row.business_key,
        unit=row.unit,
        subject=row.subject,
        state=row.status,
        started_by=row.started_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        revision=row.revision,
        variables=dict(variables or {}),
        active_elements=row.active_elements,
    )


@dataclass(frozen=True)
class Change:
    """What a command decided; `engine.commit` writes it."""

    step: Step | None = None
    """A step that the live case made; None when only rows change."""
    element_id: str | None = None
    tasks: tuple[tuple[TaskRow, TaskRow], ...] = ()
    """Task rows as they were read and as they shall be, beside those that the facts close."""
    submission: Submission | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """What only this command knows: a reason, two units. Personal; sealed in the journal."""
    header: Mapping[str, Any] = field(default_factory=dict)
    """Further hashes and ids for the journal's readable part."""
    unit: str | None = None
    """The case's new unit, when it moves."""
    stuck: bool = False
    """The command opened an incident of the engine's own: a timer or message that fails."""
    also: Callable[[], None] | None = None
    """Rows of the verb's own, written in the same transaction before the participants'."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the step, in the order they happened."""
        return () if self.step is None else tuple(self.step.facts)


@dataclass(frozen=True)
class Done:
    """A command whose rows are written, inside its transaction still."""

    case: OpenCase
    """The case as it stands after the command."""
    outcome: Outcome
    tasks: Mapping[str, TaskRow] = field(default_factory=dict)
    """The task rows that the command wrote, by id."""
