"""What happened in a step, one frozen record per happening, in the order it happened.

Folding the facts of a case, first to last, rebuilds what stood at any moment (`bpmn.view`).
Keys are strings unique within the case; the root scope is `""`. Values are plain JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

import msgspec


@dataclass(frozen=True)
class Fact:
    """Base of all facts."""

    classes: ClassVar[dict[str, type[Fact]]] = {}
    """Every kind of fact by the name its records carry, which is the name of its class."""

    def __init_subclass__(cls) -> None:
        Fact.classes[cls.__name__] = cls

    def to_record(self) -> dict[str, Any]:
        """This fact as JSON-able data: `{"kind": ..., ...}`; moments and durations as ISO text."""
        return {**msgspec.to_builtins(self), "kind": type(self).__name__}

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> Fact:
        """The fact that `to_record` wrote. Raises KeyError on an unknown kind."""
        fields = dict(record)
        cls = Fact.classes[fields.pop("kind")]
        if "incident" in fields:
            fields["kind"] = fields.pop("incident")
        return msgspec.convert(fields, cls)


@dataclass(frozen=True)
class ScopeOpened(Fact):
    """A place for variables was made for `element_id`. `process` is the key of the process whose
    elements run in it when that is another one than the parent's (the root, a call activity)."""

    scope: str
    parent: str | None
    element_id: str
    process: str | None = None


@dataclass(frozen=True)
class ScopeClosed(Fact):
    """The scope and its variables are gone."""

    scope: str


@dataclass(frozen=True)
class ElementEntered(Fact):
    """A token arrived at the element."""

    element_id: str
    key: str
    scope: str


@dataclass(frozen=True)
class ElementCompleted(Fact):
    """The token left the element by its outgoing flows, or ended there."""

    element_id: str
    key: str
    scope: str


@dataclass(frozen=True)
class ElementCancelled(Fact):
    """The token was taken away by an interrupting event, a terminate end or a cancelled case."""

    element_id: str
    key: str
    scope: str


@dataclass(frozen=True)
class FlowTaken(Fact):
    """A token went along the sequence flow."""

    flow_id: str
    scope: str


@dataclass(frozen=True)
class TaskOpened(Fact):
    """A person has something to do. `inputs` are the task's own variables (its input mappings)."""

    key: str
    element_id: str
    name: str
    form: str | None
    candidate_groups: tuple[str, ...]
    assignee: str | None
    unit: str | None
    due: datetime | None
    follow_up: datetime | None
    priority: int
    scope: str
    inputs: dict[str, Any]


@dataclass(frozen=True)
class TaskClosed(Fact):
    """The task is done or was taken away."""

    key: str
    element_id: str
    reason: Literal["completed", "cancelled"]


@dataclass(frozen=True)
class TimerSet(Fact):
    """A timer waits for `due` (UTC). `repeats` is how often it comes again after that; -1: for
    ever; None: it comes once."""

    key: str
    element_id: str
    due: datetime
    repeats: int | None


@dataclass(frozen=True)
class TimerCleared(Fact):
    """The timer fired or is no longer needed."""

    key: str
    element_id: str


@dataclass(frozen=True)
class SubscriptionOpened(Fact):
    """The case waits for a message of this name and correlation key."""

    key: str
    element_id: str
    message: str
    correlation_key: str


@dataclass(frozen=True)
class SubscriptionClosed(Fact):
    """The case no longer waits for that message."""

    key: str
    element_id: str


@dataclass(frozen=True)
class MessageSent(Fact):
    """The case published a message. Without `time_to_live` it is not kept for later."""

    key: str
    element_id: str
    message: str
    correlation_key: str | None
    payload: dict[str, Any]
    time_to_live: timedelta | None


@dataclass(frozen=True)
class JobRequested(Fact):
    """Work for a connector of `type`; `variables` is all that it is given."""

    key: str
    element_id: str
    type: str
    headers: dict[str, str]
    variables: dict[str, Any]
    retries: int


@dataclass(frozen=True)
class JobWithdrawn(Fact):
    """The job's token was taken away before an answer came."""

    key: str


@dataclass(frozen=True)
class DecisionEvaluated(Fact):
    """A business rule task asked a decision; `matched` are the rules that applied."""

    element_id: str
    decision_id: str
    decision_hash: str
    inputs: dict[str, Any]
    value: Any
    matched: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class VariablesWritten(Fact):
    """Variables of one scope took these values."""

    scope: str
    values: dict[str, Any]


@dataclass(frozen=True)
class IncidentRaised(Fact):
    """The token at the element cannot go on until a person has cleared the cause."""

    key: str
    element_id: str
    kind: str
    message: str
    diagnostics: tuple[str, ...]

    def to_record(self) -> dict[str, Any]:
        """As every fact; what kind of incident it is goes under `incident`."""
        return {**super().to_record(), "incident": self.kind}


@dataclass(frozen=True)
class IncidentResolved(Fact):
    """The incident is over: tried again with success, or its token was taken away."""

    key: str


@dataclass(frozen=True)
class CaseCompleted(Fact):
    """The last token ended."""


@dataclass(frozen=True)
class CaseCancelled(Fact):
    """The case was ended by hand."""
