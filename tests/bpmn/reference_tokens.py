"""The tokens of the reference and the rooms they move in; both are kept for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpmn.model import Element, EventKind, Kind, MultiInstance, Process


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


def start_of(room: Room) -> Element:
    begins = (e for e in room.process.children(room.scope) if e.kind == Kind.START_EVENT)
    return next(element for element in begins if element.event.kind == EventKind.NONE)


def loop_of(token: Token) -> MultiInstance:
    if token.element.multi_instance is None:
        raise TypeError(f"{token.element.id} has no rounds")
    return token.element.multi_instance
