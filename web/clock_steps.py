"""What moving the simulated clock did to the cases: which moved on, and where they stand now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.records import Instance, InstanceState, Paging
from engine.wording import Text
from web.element_names import element_names

if TYPE_CHECKING:
    from datetime import timedelta

    from engine.engine import Engine
    from engine.records import Actor

_AT_ONCE = 200
_SHOWN = 50


@dataclass(frozen=True)
class MovedCase:
    """One case that did something on the way."""

    instance_id: str
    number: str
    unit: str | None
    state: InstanceState
    steps: tuple[Text, ...]
    """Where it stands now."""


@dataclass(frozen=True)
class Passed:
    """What happened while the clock moved."""

    before: datetime
    after: datetime
    moved: int
    stuck: int
    """Cases that stand still now and did not before."""
    cases: tuple[MovedCase, ...]
    """The first of those that moved."""


def advance(
    engine: Engine, actor: Actor, *, delta: timedelta | None, target: datetime | None
) -> Passed:
    """Move the clock and compare the cases before and after.

    Raises `Forbidden`, `NotFound` on real time, `Invalid` for a moment in the past.
    """
    start = engine.advance.now(actor)
    before = _cases(engine, actor)
    end = engine.advance.advance(actor, delta=delta, target=target)
    after = _cases(engine, actor)
    moved = [
        case
        for id_, case in after.items()
        if id_ not in before or case.revision != before[id_].revision
    ]
    stuck = [
        case
        for case in moved
        if case.state is InstanceState.INCIDENT
        and (case.id not in before or before[case.id].state is not InstanceState.INCIDENT)
    ]
    return Passed(start, end, len(moved), len(stuck), _shown(engine, actor, moved[:_SHOWN]))


def _cases(engine: Engine, actor: Actor) -> Mapping[str, Instance]:
    found: dict[str, Instance] = {}
    cursor: str | None = None
    while True:
        page = engine.cases.list(actor, paging=Paging(_AT_ONCE, cursor))
        found |= {case.id: case for case in page.items}
        cursor = page.next_cursor
        if cursor is None:
            return found


def _shown(engine: Engine, actor: Actor, cases: list[Instance]) -> tuple[MovedCase, ...]:
    names = {
        place: element_names(engine, actor, *place)
        for place in {(case.process, case.version) for case in cases}
    }
    return tuple(
        MovedCase(
            instance_id=case.id,
            number=case.business_key or case.id[:8],
            unit=case.unit,
            state=case.state,
            steps=tuple(
                names[case.process, case.version].get(element, Text(element, element))
                for element in case.active_elements
            ),
        )
        for case in cases
    )
