"""What the engine asks of others: participants, reference sources, directories, connectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bpmn import Fact
from engine.bpmn_error import BpmnErrorThrown
from engine.records import Actor, Instance, Task
from engine.store.transaction import Transaction

__all__ = [
    "BpmnErrorThrown",
    "CallFailed",
    "Connector",
    "Option",
    "Outcome",
    "OutgoingCall",
    "Participant",
    "ReferenceSource",
    "SourceQuery",
    "SubjectDirectory",
    "Submission",
]


@dataclass(frozen=True)
class Submission:
    """One completed form as it was accepted, or a correction of one.

    `version` counts from 1; a correction is the next version of the same task's submission and
    carries its `reason`.
    """

    task: Task
    form: str
    form_hash: str
    version: int
    data: Mapping[str, Any]
    reason: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What one command did to one case, handed to every participant inside its transaction."""

    command: str
    """start, complete, correct, correlate, timer, job, retry, cancel, transfer, ..."""
    actor: Actor
    at: datetime
    instance: Instance
    """The case as it stands after the command."""
    facts: Sequence[Fact] = ()
    submission: Submission | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """What only this command knows: the reason of a cancel, the two units of a transfer."""


class Participant(Protocol):
    """Adds its own rows to a command's transaction; an exception undoes the whole command."""

    def apply(self, transaction: Transaction, outcome: Outcome) -> None:
        """Write what `outcome` means for this participant's tables."""


@dataclass(frozen=True)
class Option:
    """One choice of a reference field."""

    value: str
    label_ar: str
    label_en: str


@dataclass(frozen=True)
class SourceQuery:
    """For whom and in which case the options of a reference field are asked."""

    actor: Actor
    instance: Instance
    variables: Mapping[str, Any]
    properties: Mapping[str, str]
    """The `properties` of the form's component (`source`, and whatever the source documents)."""


class ReferenceSource(Protocol):
    """Options of reference fields whose `properties.source` is `name`."""

    name: str

    def options(self, transaction: Transaction, query: SourceQuery) -> Sequence[Option]:
        """The choices open to `query.actor` now; completion checks the answer against them."""


class SubjectDirectory(Protocol):
    """Finds subjects (people) by what a worker types; the engine itself knows only their ids."""

    def find(self, transaction: Transaction, actor: Actor, text: str) -> frozenset[str]:
        """Ids of the subjects whose name or number matches and whom `actor` may see."""


@dataclass(frozen=True)
class OutgoingCall:
    """One call of a service task to an outside system, sent after the commit, at least once."""

    type: str
    idempotency_key: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


class CallFailed(Exception):
    """The outside system could not be reached or refused; the call is tried again later."""


class Connector(Protocol):
    """One outside system. Raises `CallFailed`; `BpmnErrorThrown` for an error that the diagram
    handles."""

    type: str

    def call(self, request: OutgoingCall) -> Mapping[str, Any]:
        """Send the call; the answer becomes the service task's result variables."""
