"""How tokens move in the reference: in, on, out, together at joins, and away by events."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bpmn.model import Element, EventKind, Kind, Process
from tests.bpmn.reference_tokens import Halt, Room, Token, loop_of, start_of
from tests.bpmn.reference_variables import Variables

HOURS = re.compile(r"(?:R(\d+)/)?PT(\d+)H")


class Game:
    """The rules of moving. What an element does with a token of its own is `_go`."""

    def __init__(
        self,
        processes: Mapping[str, Process],
        key: str,
        variables: Mapping[str, Any],
        now: datetime,
    ) -> None:
        self.processes = processes
        self.now = now
        self.variables = Variables(variables)
        self.number = 0
        self.agenda: deque[Token] = deque()
        self.taken: list[str] = []
        self.entered: list[str] = []
        self.completed: list[str] = []
        self.cancelled: list[str] = []
        self.root = Room(processes[key], "", None)
        self.rooms = [self.root]
        self._enter(start_of(self.root), self.root)
        self.run()

    def _go(self, token: Token) -> None:
        """Takes a ready token on until it waits or is done. Raises Halt."""
        raise NotImplementedError

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
        """Fires when every flow has brought more tokens than were used up."""
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
            elif loop_of(host).sequential and host.rounds_done < len(host.items):
                self._round(host, host.rounds_done)
        if not room.living():
            self._clear(room)
            room.finished = True
            if host is not None:
                self._leave(host)

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

    def _round(self, host: Token, number: int) -> None:
        loop = loop_of(host)
        given: dict[str, Any] = {"loopCounter": number + 1}
        if loop.input_element is not None:
            given[loop.input_element] = host.items[number]
        if loop.output_element is not None:
            given.setdefault(loop.output_element.text, None)
        if host.inside is not None:
            self._enter(host.element, host.inside, given=given, round=number)
