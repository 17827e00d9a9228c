"""What stands in a case, and how folding its facts rebuilds it at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bpmn.facts import (
    CaseCancelled,
    CaseCompleted,
    ElementCancelled,
    ElementCompleted,
    ElementEntered,
    Fact,
    FlowTaken,
    IncidentRaised,
    IncidentResolved,
    ScopeClosed,
    ScopeOpened,
    SubscriptionClosed,
    SubscriptionOpened,
    TaskClosed,
    TaskOpened,
    TimerCleared,
    TimerSet,
    VariablesWritten,
)


@dataclass(frozen=True)
class OpenTimer:
    """A timer that waits; `repeats` as in `TimerSet`."""

    key: str
    element_id: str
    due: datetime
    repeats: int | None


@dataclass(frozen=True)
class OpenSubscription:
    """A message that is waited for."""

    key: str
    element_id: str
    message: str
    correlation_key: str


@dataclass(frozen=True)
class OpenIncident:
    """A token that cannot go on."""

    key: str
    element_id: str
    kind: str
    message: str


@dataclass(frozen=True)
class Snapshot:
    """What stands in a case at one moment; every tuple in the order of the keys."""

    active_elements: tuple[tuple[str, str], ...]
    """Element id and key of every token."""
    variables: Mapping[str, Mapping[str, Any]]
    """By scope; the case's own are under `""`."""
    open_tasks: tuple[str, ...]
    timers: tuple[OpenTimer, ...]
    subscriptions: tuple[OpenSubscription, ...]
    incidents: tuple[OpenIncident, ...]
    completed: bool
    cancelled: bool = False


def key_order(key: str) -> tuple[int, ...]:
    """Sorts keys as they were given out."""
    return tuple(int(part) for part in key.split("."))


class CaseView:
    """Folds facts: after applying all facts of a case up to any step, `snapshot` equals that of
    the live case after that step."""

    def __init__(self) -> None:
        self.active: dict[str, tuple[str, str]] = {}
        """Element id and scope of every token, by key."""
        self.variables: dict[str, dict[str, Any]] = {}
        self.parents: dict[str, str | None] = {}
        """The scope around each open scope."""
        self.processes: dict[str, str] = {}
        """Whose elements run in a scope: only for scopes at which another process begins."""
        self.tasks: dict[str, TaskOpened] = {}
        self.timers: dict[str, OpenTimer] = {}
        self.subscriptions: dict[str, OpenSubscription] = {}
        self.incidents: dict[str, OpenIncident] = {}
        self.flows: list[str] = []
        """Ids of the sequence flows taken, in order."""
        self.completed = False
        self.cancelled = False

    def apply(self, fact: Fact) -> None:
        """Takes in the next fact."""
        match fact:
            case ElementEntered(element_id, key, scope):
                self.active[key] = (element_id, scope)
            case ElementCompleted(_, key, _) | ElementCancelled(_, key, _):
                del self.active[key]
            case FlowTaken(flow_id, _):
                self.flows.append(flow_id)
            case ScopeOpened(scope, parent, _, process):
                self.variables[scope] = {}
                self.parents[scope] = parent
                if process is not None:
                    self.processes[scope] = process
            case ScopeClosed(scope):
                del self.variables[scope]
                del self.parents[scope]
                self.processes.pop(scope, None)
            case VariablesWritten(scope, values):
                self.variables[scope].update(values)
            case CaseCompleted():
                self.completed = True
            case CaseCancelled():
                self.cancelled = True
            case _:
                self._apply_wait(fact)

    def _apply_wait(self, fact: Fact) -> None:
        match fact:
            case TaskOpened(key):
                self.tasks[key] = fact
            case TaskClosed(key):
                del self.tasks[key]
            case TimerSet(key, element_id, due, repeats):
                self.timers[key] = OpenTimer(key, element_id, due, repeats)
            case TimerCleared(key):
                del self.timers[key]
            case SubscriptionOpened(key, element_id, message, correlation_key):
                self.subscriptions[key] = OpenSubscription(
                    key, element_id, message, correlation_key
                )
            case SubscriptionClosed(key):
                del self.subscriptions[key]
            case IncidentRaised(key, element_id, kind, message):
                self.incidents[key] = OpenIncident(key, element_id, kind, message)
            case IncidentResolved(key):
                del self.incidents[key]

    def process_of(self, scope: str) -> str:
        """The key of the process whose elements run in the scope."""
        current: str | None = scope
        while current is not None:
            if current in self.processes:
                return self.processes[current]
            current = self.parents[current]
        raise KeyError(scope)

    def snapshot(self) -> Snapshot:
        """What stands now."""
        return Snapshot(
            active_elements=tuple(
                (self.active[key][0], key) for key in sorted(self.active, key=key_order)
            ),
            variables={scope: dict(self.variables[scope]) for scope in self.variables},
            open_tasks=tuple(sorted(self.tasks, key=key_order)),
            timers=tuple(self.timers[key] for key in sorted(self.timers, key=key_order)),
            subscriptions=tuple(
                self.subscriptions[key] for key in sorted(self.subscriptions, key=key_order)
            ),
            incidents=tuple(self.incidents[key] for key in sorted(self.incidents, key=key_order)),
            completed=self.completed,
            cancelled=self.cancelled,
        )


def fold(facts: Iterable[Fact], until: int | None = None) -> CaseView:
    """The view after the first `until` facts (None: all)."""
    view = CaseView()
    for number, fact in enumerate(facts):
        if until is not None and number >= until:
            break
        view.apply(fact)
    return view
