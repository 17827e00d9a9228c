"""What every letter reads through the verbs: the person, units and colleagues by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.errors import Forbidden, KeyDestroyed, NotFound
from engine.records import Actor
from engine.wording import Text
from journey import Journey, Person
from web.people_names import names_in

if TYPE_CHECKING:
    from engine.engine import Engine

SYSTEM_USERNAME = "system"
SYSTEM_NAME = Text("النظام", "The system")


def units_by_code(journey: Journey, actor: Actor) -> Mapping[str, Text]:
    """The names of the units that are active today; nothing for who may not see units."""
    try:
        return {unit.code: Text(unit.name_ar, unit.name_en) for unit in journey.units.list(actor)}
    except Forbidden:
        return {}


def unit_name(code: str | None, names: Mapping[str, Text]) -> Text:
    """A unit's name, its code when the name is not known."""
    return names.get(code or "", Text.worded(code or ""))


def colleagues(engine: Engine, actor: Actor, instance_id: str) -> dict[str, Text]:
    """Names of those who worked on a case, by username; for a partner only the own name."""
    known = {actor.username: Text.worded(actor.name or actor.username)}
    try:
        entries = engine.cases.calendar(actor, instance_id)
    except (NotFound, Forbidden):
        return known
    return known | names_in(entries)


def person_of(journey: Journey, actor: Actor, subject: str | None) -> Person | None:
    """The person of a case; None when there is none, or the actor may not see the person."""
    if subject is None:
        return None
    try:
        return journey.persons.get(actor, subject)
    except (NotFound, Forbidden, KeyDestroyed):
        return None
