"""A token game over the parsed model, written apart from the runtime to compare it with.

It keeps everything: every token that ever was stays in its room, a join reckons from the whole
history of its flows, nothing is saved and nothing is pruned. It knows what the random models use
and no more: no mappings, no decisions, and timers of whole hours.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bpmn.model import (
    CalledProcess,
    Element,
    EventKind,
    Kind,
    MultiInstance,
    Process,
    Script,
    Value,
)
from dmn import to_json

FIXED: Mapping[str, Any] = {"case": {"id": "c1"}}
RESULTS_COUNT = (Kind.USER_TASK, Kind.SCRIPT_TASK, Kind.SERVICE_TASK)
HOURS = re.compile(r"(?:R(\d+)/)?PT(\d+)H")


class Halt(Exception):
    """The token cannot go on; the argument is the kind of incident."""


@dataclass(eq=False)
class Token:
    """One token, or one armed event (`armed`), for ever. `doing` says how far it is: prepare,
    work or leave; `waits` what it stands for, or how it ended: done or cancelled."""

    number: int
    element: Element
    room: Room
    flow: str | None = None
    armed: bool = False
    host: Token | None = None
    start: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    round: int = 0
    doing: str = "prepare"
    waits: str = "ready"
    incident: tuple[int, str] | None = None
    own: dict[str, Any] | None = None
    changed: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    inside: Room | None = None
    due: datetime | None = None
    left: int | None = None
    items: list[Any] = field(default_factory=list)
    out: list[Any] = field(default_factory=list)
    rounds_done: int = 0
    enough: bool = False

    @property
    def over(self) -> bool:
        return self.waits in ("done", "cancelled")

    @property
    def is_loop(self) -> bool:
        """Whether this is a multi-instance activity as a whole."""
        return self.element.multi_instance is not None and not self.room.rounds

    @property
    def path(self) -> tuple[str, ...]:
        """The elements around it, outermost first, and its own."""
        around = self.room.host.path if self.room.host else ()
        return (*around, self.element.id)


@dataclass(eq=False)
class Room:
    """The inside of a process, sub-process, call or multi-instance activity."""

    process: Process
    scope: str
    host: Token | None
    rounds: bool = False
    tokens: list[Token] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    finished: bool = False

    def living(self) -> list[Token]:
        return [token for token in self.tokens if not token.armed and not token.over]

    def handlers(self) -> Iterator[Element]:
        """The start events of the event sub-processes."""
        for element in () if self.rounds else self.process.children(self.scope):
            if element.kind == Kind.EVENT_SUB_PROCESS:
                yield from (
                    e for e in self.process.children(element.id) if e.kind == Kind.START_EVENT
                )


class Reference:
    """A case. `now` is set from outside; every verb runs until all tokens wait."""

    def __init__(
        self, processes: Mapping[str, Process], key: str, variables: dict[str, Any], now: datetime
    ) -> None:
        self.processes = processes
        self.now = now
        self.variables = dict(variables)
        self.number = 0
        self.agenda: deque[Token] = deque()
        self.taken: list[str] = []
        self.entered: list[str] = []
        self.completed: list[str] = []
        self.cancelled: list[str] = []
        self.root = Room(processes[key], "", None)
        self.rooms = [self.root]
        self._enter(_start(self.root), self.root)
        self.run()

    # --- what can be seen --------------------------------------------------------------------

    def tokens(self) -> list[Token]:
        """Every token that ever was, in the order of their making."""
        every = (token for room in self.rooms for token in room.tokens)
        return sorted(every, key=lambda token: token.number)

    def waiting(self, what: str) -> list[Token]:
        return [token for token in self.tokens() if token.waits == what and not token.incident]

    def incidents(self) -> list[Token]:
        stuck = [token for token in self.tokens() if token.incident and not token.over]
        return sorted(stuck, key=lambda token: token.incident or (0, ""))

    # --- what happens ------------------------------------------------------------------------

    def complete(self, token: Token, values: Mapping[str, Any]) -> None:
        """A task or job is done."""
        token.values = dict(values)
        self._leave(token)
        self.run()

    def fail(self, token: Token) -> None:
        """A job has failed."""
        self._halt(token, "job")
        self.run()

    def error(self, token: Token, code: str) -> None:
        """A job answers with an error."""
        if not self._throw(token, code):
            self._halt(token, "error")
        self.run()

    def happen(self, token: Token) -> None:
        """A timer is due or a message has come."""
        host, room = token.host, token.room
        if not token.armed:
            self._leave(token)
        elif host is not None and host.element.kind == Kind.EVENT_BASED_GATEWAY:
            flows = room.process.flows
            flow = next(f for f in host.element.outgoing if flows[f].target == token.element.id)
            self._disarm(host)
            self._end(host)
            self._enter(token.element, room, flow=flow, doing="leave")
        else:
            timer = token.waits == "timer"
            if timer or token.element.interrupting:
                token.waits = "done"
            if timer and token.left:
                self._arm(token.element, room, host, token.due, token.left - 1)
            self._trigger(token.element, room, host)
        self.run()

    def retry(self, token: Token, values: Mapping[str, Any]) -> None:
        """An incident is tried again after its variables were put right."""
        token.incident = None
        self._write(token, values)
        if token.waits == "join":
            self._join(token)
        else:
            self._ready(token)
        self.run()

    # --- running -----------------------------------------------------------------------------

    def run(self) -> None:
        while self.agenda:
            token = self.agenda.popleft()
            if token.waits == "ready":
                try:
                    self._go(token)
                except Halt as halt:
                    self._halt(token, str(halt))
        for room in self.rooms:
            living = room.living()
            if living and all(t.waits == "join" and not t.incident for t in living):
                self._halt(living[-1], "deadlock")

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _enter(
        self, element: Element, room: Room, *, flow: str | None = None, **more: Any
    ) -> Token:
        token = Token(self._next(), element, room, flow, **more)
        room.tokens.append(token)
        self.entered.append(element.id)
        if flow is not None:
            self.taken.append(flow)
        if element.kind == Kind.PARALLEL_GATEWAY and len(element.incoming) > 1:
            token.waits = "join"
            self._join(token)
        else:
            self._ready(token)
        return token

    def _ready(self, token: Token) -> None:
        token.waits = "ready"
        self.agenda.append(token)

    def _leave(self, token: Token) -> None:
        token.doing = "leave"
        self._ready(token)

    def _halt(self, token: Token, kind: str) -> None:
        token.incident = (self._next(), kind)
        if token.waits != "join":
            token.waits = "stuck"

    def _join(self, token: Token) -> None:
        """Fires as long as every flow has brought more tokens than were used up."""
        element, room = token.element, token.room
        here = [t for t in room.tokens if t.element is element and t.waits != "cancelled"]
        brought = Counter(t.flow for t in here)
        if all(brought[flow] > room.fired[element.id] for flow in element.incoming):
            room.fired[element.id] += 1
            for flow in element.incoming:
                oldest = next(t for t in here if t.flow == flow and t.waits == "join")
                if oldest is not token:
                    oldest.waits = "done"
                    self.completed.append(element.id)
            self._ready(token)

    def _go(self, token: Token) -> None:
        if token.doing == "prepare":
            self._prepare(token)
            token.doing = "work"
        if token.doing == "work":
            take = self._work(token)
            if take is None:
                return
            token.doing = "leave"
        else:
            take = () if token.room.rounds else token.element.outgoing
        self._results(token)
        if token.element.event.kind == EventKind.TERMINATE:
            self._clear(token.room, but=token)
        self._end(token, take)

    def _prepare(self, token: Token) -> None:
        kind = token.element.kind
        if token.room.rounds or token.is_loop or kind in _INSIDES:
            token.own = dict(token.given)
        if kind == Kind.CALL_ACTIVITY and not token.is_loop:
            token.own = {**self._visible(token.room.host), **token.given}
        if not token.room.rounds:
            for event in token.room.process.boundary_events(token.element.id):
                self._arm(event, token.room, token)

    def _work(self, token: Token) -> tuple[str, ...] | None:
        """The flows to take, or None when the token waits."""
        element, room = token.element, token.room
        flows = () if room.rounds else element.outgoing
        if token.is_loop:
            return self._loop(token, flows)
        match element.kind:
            case Kind.USER_TASK:
                token.waits = "task"
            case Kind.SERVICE_TASK:
                token.waits = "job"
            case Kind.SUB_PROCESS | Kind.EVENT_SUB_PROCESS:
                self._open(token, Room(room.process, element.id, token))
            case Kind.CALL_ACTIVITY if isinstance(element.work, CalledProcess):
                self._open(token, Room(self.processes[element.work.process], "", token))
            case Kind.INTERMEDIATE_CATCH_EVENT | Kind.RECEIVE_TASK:
                self._wait(token)
            case Kind.EVENT_BASED_GATEWAY:
                for flow in element.outgoing:
                    target = room.process.elements[room.process.flows[flow].target]
                    self._arm(target, room, token)
                token.waits = "event"
            case Kind.END_EVENT if element.event.kind == EventKind.ERROR:
                self.completed.append(element.id)
                token.waits = "done"
                if not self._throw(token, element.event.error_code or ""):
                    raise NotImplementedError("a random model throws an error that nothing catches")
            case Kind.EXCLUSIVE_GATEWAY:
                return self._choose(token)
            case Kind.SCRIPT_TASK if isinstance(element.work, Script):
                work = element.work
                token.values = {work.result: self._value(work.expression, token)}
            case Kind.START_EVENT:
                for event in room.handlers():
                    self._arm(event, room, None)
        return flows if token.waits == "ready" else None

    def _choose(self, token: Token) -> tuple[str, ...]:
        element, flows = token.element, token.room.process.flows
        if len(element.outgoing) < 2 and not any(flows[f].condition for f in element.outgoing):
            return element.outgoing
        for flow in element.outgoing:
            condition = flows[flow].condition
            if flow != element.default and condition is not None:
                holds = self._value(condition, token)
                if not isinstance(holds, bool):
                    raise Halt("null" if holds is None else "condition")
                if holds:
                    return (flow,)
        if element.default is None:
            raise Halt("condition")
        return (element.default,)

    # --- insides and rounds ------------------------------------------------------------------

    def _open(self, host: Token, room: Room) -> None:
        host.inside, host.waits = room, "scope"
        self.rooms.append(room)
        if not room.rounds:
            begin = room.process.elements[host.start] if host.start else _start(room)
            self._enter(begin, room)

    def _loop(self, token: Token, flows: tuple[str, ...]) -> tuple[str, ...] | None:
        loop = _loop(token)
        token.items = self._value(loop.input_collection, token)
        token.out = [None] * len(token.items)
        if not token.items:
            return flows
        self._open(token, Room(token.room.process, token.element.id, token, rounds=True))
        for number in range(1 if loop.sequential else len(token.items)):
            self._round(token, number)
        return None

    def _round(self, host: Token, number: int) -> None:
        loop = _loop(host)
        given: dict[str, Any] = {"loopCounter": number + 1}
        if loop.input_element is not None:
            given[loop.input_element] = host.items[number]
        if loop.output_element is not None:
            given.setdefault(loop.output_element.text, None)
        if host.inside is not None:
            self._enter(host.element, host.inside, given=given, round=number)

    def _results(self, token: Token) -> None:
        values = token.values if token.element.kind in RESULTS_COUNT else {}
        if token.is_loop:
            name = _loop(token).output_collection
            self._write(token.room.host, {name: token.out} if name else {})
        elif token.element.kind == Kind.CALL_ACTIVITY and token.own is not None:
            back = {name: token.own[name] for name in token.changed if name not in token.given}
            self._write(token.room.host, back)
        else:
            self._write(token, values)
        host = token.room.host
        if token.room.rounds and host is not None:
            loop = _loop(host)
            if loop.output_element is not None:
                host.out[token.round] = self._value(loop.output_element, token)
            if loop.completion_condition is not None:
                counted = {"numberOfCompletedInstances": host.rounds_done + 1}
                host.enough = bool(self._value(loop.completion_condition, token, counted))

    def _end(self, token: Token, take: tuple[str, ...] = ()) -> None:
        """The token is done; it goes out along `take`, and the room may be done with it."""
        room = token.room
        self._disarm(token)
        token.waits = "done"
        self.completed.append(token.element.id)
        for flow in take:
            target = room.process.elements[room.process.flows[flow].target]
            self._enter(target, room, flow=flow)
        if take or token.element.kind == Kind.EVENT_BASED_GATEWAY:
            return
        host = room.host
        if host is not None and room.rounds:
            host.rounds_done += 1
            if host.enough:
                self._clear(room)
            elif _loop(host).sequential and host.rounds_done < len(host.items):
                self._round(host, host.rounds_done)
        if not room.living():
            self._clear(room)
            room.finished = True
            if host is not None:
                self._leave(host)

    # --- events ------------------------------------------------------------------------------

    def _arm(
        self,
        element: Element,
        room: Room,
        host: Token | None,
        since: datetime | None = None,
        left: int | None = None,
    ) -> None:
        if element.event.kind == EventKind.ERROR:
            return
        token = Token(self._next(), element, room, armed=True, host=host)
        room.tokens.append(token)
        self._wait(token, since, left)

    def _wait(self, token: Token, since: datetime | None = None, left: int | None = None) -> None:
        token.waits = "message"
        timer = token.element.event.timer
        found = HOURS.fullmatch(timer.value.text) if timer is not None else None
        if found is not None:
            token.waits = "timer"
            token.due = (since or self.now) + timedelta(hours=int(found[2]))
            if left is None and found[1] and not token.element.interrupting:
                left = int(found[1]) - 1
            token.left = left

    def _trigger(self, element: Element, room: Room, host: Token | None) -> None:
        if host is not None:
            if element.interrupting:
                self._cancel(host)
            self._enter(element, room, doing="leave")
            return
        if element.interrupting:
            self._clear(room)
        self._enter(room.process.elements[element.scope], room, start=element.id)

    def _throw(self, token: Token, code: str) -> bool:
        """Whether something caught the error; an event sub-process not its own."""
        at: Token | None = token
        while at is not None:
            room = at.room
            beside = () if room.rounds else room.process.boundary_events(at.element.id)
            around = () if at.element.kind == Kind.EVENT_SUB_PROCESS else tuple(room.handlers())
            for events, host in ((beside, at), (around, None)):
                errors = [e for e in events if e.event.kind == EventKind.ERROR]
                for wanted in (code, None):
                    for event in errors:
                        if event.event.error_code == wanted:
                            self._trigger(event, room, host)
                            return True
            at = room.host
        return False

    def _disarm(self, host: Token) -> None:
        for token in host.room.tokens:
            if token.armed and token.host is host and not token.over:
                token.waits = "cancelled"

    def _clear(self, room: Room, but: Token | None = None) -> None:
        for token in room.tokens:
            if token is not but and not token.over:
                self._cancel(token)

    def _cancel(self, token: Token) -> None:
        self._disarm(token)
        token.waits = "cancelled"
        if not token.armed:
            self.cancelled.append(token.element.id)
        if token.inside is not None:
            self._clear(token.inside)

    # --- variables ---------------------------------------------------------------------------

    def _around(self, token: Token | None) -> Iterator[tuple[dict[str, Any], Token | None]]:
        """The variables that can be seen from the token, innermost first; nothing sees out of a
        called process."""
        while token is not None:
            if token.own is not None:
                yield token.own, token
                if token.element.kind == Kind.CALL_ACTIVITY and not token.is_loop:
                    return
            token = token.room.host
        yield self.variables, None

    def _visible(self, token: Token | None) -> dict[str, Any]:
        layers = [values for values, _ in self._around(token)]
        return {name: value for layer in reversed(layers) for name, value in layer.items()}

    def _write(self, token: Token | None, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            layers = list(self._around(token))
            into, owner = next(((v, o) for v, o in layers if name in v), layers[-1])
            into[name] = value
            if owner is not None and name not in owner.changed:
                owner.changed.append(name)

    def _value(self, value: Value, token: Token, more: Mapping[str, Any] = FIXED) -> Any:
        if value.expression is None:
            return value.text
        seen = {**self._visible(token), **FIXED, **more}
        context = {name: seen.get(name) for name in value.possible_names}
        found = value.expression.evaluate(context)
        if found.value is None and found.diagnostics:
            raise Halt("expression")
        return to_json(found.value)


_INSIDES = (Kind.SUB_PROCESS, Kind.EVENT_SUB_PROCESS, Kind.CALL_ACTIVITY)


def _start(room: Room) -> Element:
    begins = (e for e in room.process.children(room.scope) if e.kind == Kind.START_EVENT)
    return next(element for element in begins if element.event.kind == EventKind.NONE)


def _loop(token: Token) -> MultiInstance:
    if token.element.multi_instance is None:
        raise TypeError(f"{token.element.id} has no rounds")
    return token.element.multi_instance
