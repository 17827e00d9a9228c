"""A diagram as read: frozen records that checks, runtime, replay, coverage and pictures share.

Element kinds carry their BPMN names. Nothing in here knows XML or SpiffWorkflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from bpmn.finding import Finding
from dmn import Expression

Binding = Literal["deployment", "latest"]


class Kind(StrEnum):
    """The kinds of flow node that run here, by their BPMN names."""

    TASK = "task"  # does nothing, passes on
    MANUAL_TASK = "manualTask"  # done outside the system, passes on
    USER_TASK = "userTask"  # a person fills in a form
    SERVICE_TASK = "serviceTask"  # a connector is called
    SCRIPT_TASK = "scriptTask"  # a FEEL expression
    BUSINESS_RULE_TASK = "businessRuleTask"  # a DMN decision
    SEND_TASK = "sendTask"  # a message goes out, or a connector is called
    RECEIVE_TASK = "receiveTask"  # waits for a message
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"
    START_EVENT = "startEvent"
    INTERMEDIATE_CATCH_EVENT = "intermediateCatchEvent"
    INTERMEDIATE_THROW_EVENT = "intermediateThrowEvent"
    END_EVENT = "endEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    SUB_PROCESS = "subProcess"
    EVENT_SUB_PROCESS = "eventSubProcess"  # a subProcess with triggeredByEvent
    CALL_ACTIVITY = "callActivity"


class EventKind(StrEnum):
    """What an event waits for or does."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    ERROR = "error"
    TERMINATE = "terminate"


ACTIVITIES = frozenset(
    {
        Kind.TASK,
        Kind.MANUAL_TASK,
        Kind.USER_TASK,
        Kind.SERVICE_TASK,
        Kind.SCRIPT_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.SEND_TASK,
        Kind.RECEIVE_TASK,
        Kind.SUB_PROCESS,
        Kind.CALL_ACTIVITY,
    }
)
"""What boundary events and multi-instance markers may be put on."""


@dataclass(frozen=True)
class Value:
    """Text from the file: FEEL when it began with `=` (then `expression`), else as it stands."""

    text: str
    expression: Expression | None = field(default=None, compare=False)

    @property
    def names(self) -> frozenset[str]:
        """The free variables that the expression reads for certain."""
        if self.expression is None:
            return frozenset()
        return self.expression.names - self.expression.uncertain_names

    @property
    def possible_names(self) -> frozenset[str]:
        """With those inside a filter, where an item's own member of that name goes first."""
        if self.expression is None:
            return frozenset()
        return self.expression.names | self.expression.uncertain_names


@dataclass(frozen=True)
class Assignment:
    """One input or output mapping: `source` is evaluated, the variable `target` takes it.
    A target with dots writes inside a context."""

    source: Value
    target: str


@dataclass(frozen=True)
class Message:
    """A message by its name; the correlation key says which case it is for."""

    name: str
    correlation_key: Value | None = None


@dataclass(frozen=True)
class Timer:
    """`timeDate`, `timeDuration` or `timeCycle` with its text."""

    shape: Literal["date", "duration", "cycle"]
    value: Value


@dataclass(frozen=True)
class Event:
    """What an event element waits for or does; `error_code` None catches every error."""

    kind: EventKind
    message: Message | None = None
    timer: Timer | None = None
    error_code: str | None = None


NONE_EVENT = Event(EventKind.NONE)


@dataclass(frozen=True)
class MultiInstance:
    """One round per item of `input_collection` (zeebe:loopCharacteristics)."""

    sequential: bool
    input_collection: Value
    input_element: str | None
    output_collection: str | None
    output_element: Value | None
    completion_condition: Value | None


@dataclass(frozen=True)
class UserTask:
    """Who does the task, until when, and on which form."""

    form: str | None
    form_binding: Binding
    candidate_groups: Value | None
    assignee: Value | None
    unit: Value | None
    due: Value | None
    follow_up: Value | None
    priority: Value | None


@dataclass(frozen=True)
class Script:
    """A FEEL expression whose value becomes the variable `result`."""

    expression: Value
    result: str


@dataclass(frozen=True)
class CalledDecision:
    """A DMN decision whose value becomes the variable `result`."""

    decision: str
    binding: Binding
    result: str


@dataclass(frozen=True)
class Job:
    """A call of a connector, made after the commit."""

    type: str
    retries: int
    headers: Mapping[str, str]


@dataclass(frozen=True)
class CalledProcess:
    """A call activity's process. Without `all_in` it gets the input mappings only; without
    `all_out` only the output mappings come back."""

    process: str
    binding: Binding
    all_in: bool
    all_out: bool


@dataclass(frozen=True)
class SentMessage:
    """A message that the case itself publishes; the input mappings are its payload."""

    message: Message
    time_to_live: Value | None


Work = UserTask | Script | CalledDecision | Job | CalledProcess | SentMessage | Message


@dataclass(frozen=True)
class Wording:
    """What people read beside a process's or element's own name: the name in English, and what
    the step is for in both languages; empty where the file does not say."""

    name_en: str = ""
    purpose_ar: str = ""
    purpose_en: str = ""


NO_WORDING = Wording()


@dataclass(frozen=True)
class Element:
    """One flow node. `scope` is the id of the sub-process around it, `""` in the process."""

    id: str
    kind: Kind
    name: str
    documentation: str
    scope: str
    lane: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    event: Event = NONE_EVENT
    interrupting: bool = True
    attached_to: str | None = None
    work: Work | None = None
    multi_instance: MultiInstance | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    wording: Wording = NO_WORDING
    last_day: Value | None = None
    """Of a timer that ends a deadline: the last day in time, from `day`, the date it fires on."""

    @property
    def label(self) -> str:
        """The name people know the element by, else its id."""
        return self.name or self.id


@dataclass(frozen=True)
class Flow:
    """One sequence flow between two elements of the same scope."""

    id: str
    source: str
    target: str
    condition: Value | None
    name: str


@dataclass(frozen=True)
class ResourceRef:
    """Something outside the diagram that the element needs."""

    id: str
    binding: Binding
    element_id: str


@dataclass(frozen=True)
class References:
    """Everything outside the diagram that the process needs."""

    decisions: tuple[ResourceRef, ...]
    forms: tuple[ResourceRef, ...]
    processes: tuple[ResourceRef, ...]
    job_types: tuple[ResourceRef, ...]
    messages_started: tuple[str, ...]


@dataclass(frozen=True)
class Process:
    """One executable process. `key` is its BPMN id, `name` what people call it."""

    key: str
    name: str
    documentation: str
    file: str
    sha256: str
    starter_groups: tuple[str, ...]
    start_variables: tuple[str, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    references: References
    warnings: tuple[Finding, ...] = ()
    wording: Wording = NO_WORDING
    vocabulary: int = 0
    """Tells apart two readings of one text with different FEEL functions."""

    def children(self, scope: str) -> tuple[Element, ...]:
        """The elements directly in the sub-process `scope`, in the order of the file."""
        return self._by_scope.get(scope, ())

    def boundary_events(self, element_id: str) -> tuple[Element, ...]:
        """The boundary events on the element, in the order of the file."""
        return self._by_host.get(element_id, ())

    @cached_property
    def _by_scope(self) -> Mapping[str, tuple[Element, ...]]:
        return _grouped((element.scope, element) for element in self.elements.values())

    @cached_property
    def _by_host(self) -> Mapping[str, tuple[Element, ...]]:
        return _grouped((e.attached_to, e) for e in self.elements.values() if e.attached_to)


def _grouped(pairs: Iterable[tuple[str, Element]]) -> Mapping[str, tuple[Element, ...]]:
    groups: dict[str, list[Element]] = {}
    for name, element in pairs:
        groups.setdefault(name, []).append(element)
    return {name: tuple(elements) for name, elements in groups.items()}


@dataclass(frozen=True)
class Diagram:
    """One file; its executable processes by key."""

    file: str
    sha256: str
    processes: Mapping[str, Process]
