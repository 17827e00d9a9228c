"""Incidents as people read them: what failed in plain words, in which case, at which step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from engine.incidents import Incident
from engine.wording import Text
from web.element_names import element_names
from web.texts import lazy

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.records import Actor

_RULE: Final = lazy("A rule of the process could not be worked out: something it needs is missing.")
_ROUTE: Final = lazy("The process does not say how to go on from here.")
_SIZE: Final = lazy("The process goes round or into itself too many times.")

KINDS: Final[Mapping[str, str]] = {
    "expression": _RULE,
    "null": _RULE,
    "type": _RULE,
    "condition": _ROUTE,
    "error": _ROUTE,
    "deadlock": _ROUTE,
    "start": _ROUTE,
    "depth": _SIZE,
    "collection": _SIZE,
    "call": lazy("A process that this one needs has not been published."),
    "form": lazy("The form of a task has not been published."),
    "decision": lazy("A decision table gave no answer, or has not been published."),
    "groups": lazy("The process does not say whose task this is."),
    "job": lazy("Another computer system did not answer, or answered with an error."),
    "message": lazy("A message from outside could not be given to the case."),
    "timer": lazy("A deadline has come, but the case could not go on."),
}
"""Kind → what failed."""

_OTHER: Final = lazy("The case could not go on.")


@dataclass(frozen=True)
class ShownIncident:
    """One line of the list."""

    id: str
    what: str
    instance_id: str
    case: str
    """Its journey number, or the beginning of its id."""
    process: Text
    step: Text
    unit: str | None
    since: datetime
    cleared: datetime | None
    technical: tuple[str, ...]
    """For whoever repairs it; the first line is the engine's message."""


def shown(engine: Engine, actor: Actor, found: Sequence[Incident]) -> tuple[ShownIncident, ...]:
    """The incidents in words. Each case is looked up once."""
    cases = {id_: engine.cases.get(actor, id_) for id_ in {one.instance_id for one in found}}
    names = {
        place: element_names(engine, actor, *place)
        for place in {(case.process, case.version) for case in cases.values()}
    }
    processes = engine.deployments.names(actor) if found else {}
    lines = []
    for one in found:
        case = cases[one.instance_id]
        known = names[case.process, case.version]
        plain = one.element_name or one.element_id or ""
        lines.append(
            ShownIncident(
                id=one.id,
                what=str(KINDS.get(one.kind, _OTHER)),
                instance_id=one.instance_id,
                case=case.business_key or one.instance_id[:8],
                process=processes[case.process],
                step=known.get(one.element_id or "", Text(plain, plain)),
                unit=one.unit,
                since=one.opened_at,
                cleared=one.resolved_at,
                technical=(one.message, *one.diagnostics),
            )
        )
    return tuple(lines)
