"""A token game over the parsed model, written apart from the runtime to compare it with.

It keeps everything: every token that ever was stays in its room, a join reckons from the whole
history of its flows, nothing is saved and nothing is pruned. It knows what the random models use
and no more: no mappings, no decisions, and timers of whole hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.model import CalledProcess, EventKind, Kind, Script
from tests.bpmn.reference_game import Game
from tests.bpmn.reference_tokens import Halt, Room, Token, loop_of, start_of

RESULTS_COUNT = (Kind.USER_TASK, Kind.SCRIPT_TASK, Kind.SERVICE_TASK)
INSIDES = (Kind.SUB_PROCESS, Kind.EVENT_SUB_PROCESS, Kind.CALL_ACTIVITY)


class Reference(Game):
    """A case. `now` is set from outside; every verb runs until all tokens wait."""

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
        self.variables.write(token, values)
        if token.waits == "join":
            self._join(token)
        else:
            self._ready(token)
        self.run()

    # --- what elements do --------------------------------------------------------------------

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
        if token.room.rounds or token.is_loop or kind in INSIDES:
            token.own = dict(token.given)
        if kind == Kind.CALL_ACTIVITY and not token.is_loop:
            token.own = {**self.variables.visible(token.room.host), **token.given}
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
                token.values = {work.result: self.variables.value(work.expression, token)}
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
                holds = self.variables.value(condition, token)
                if not isinstance(holds, bool):
                    raise Halt("null" if holds is None else "condition")
                if holds:
                    return (flow,)
        if element.default is None:
            raise Halt("condition")
        return (element.default,)

    def _open(self, host: Token, room: Room) -> None:
        host.inside, host.waits = room, "scope"
        self.rooms.append(room)
        if not room.rounds:
            begin = room.process.elements[host.start] if host.start else start_of(room)
            self._enter(begin, room)

    def _loop(self, token: Token, flows: tuple[str, ...]) -> tuple[str, ...] | None:
        loop = loop_of(token)
        token.items = self.variables.value(loop.input_collection, token)
        token.out = [None] * len(token.items)
        if not token.items:
            return flows
        self._open(token, Room(token.room.process, token.element.id, token, rounds=True))
        for number in range(1 if loop.sequential else len(token.items)):
            self._round(token, number)
        return None

    def _results(self, token: Token) -> None:
        values = token.values if token.element.kind in RESULTS_COUNT else {}
        if token.is_loop:
            name = loop_of(token).output_collection
            self.variables.write(token.room.host, {name: token.out} if name else {})
        elif token.element.kind == Kind.CALL_ACTIVITY and token.own is not None:
            back = {name: token.own[name] for name in token.changed if name not in token.given}
            self.variables.write(token.room.host, back)
        else:
            self.variables.write(token, values)
        host = token.room.host
        if token.room.rounds and host is not None:
            loop = loop_of(host)
            if loop.output_element is not None:
                host.out[token.round] = self.variables.value(loop.output_element, token)
            if loop.completion_condition is not None:
                counted = {"numberOfCompletedInstances": host.rounds_done + 1}
                host.enough = bool(self.variables.value(loop.completion_condition, token, counted))
