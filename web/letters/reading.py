"""What every letter reads through the verbs: units and colleagues by name, choices in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import Forbidden, KeyDestroyed, NotFound
from engine.ports import Option, SourceQuery
from engine.records import Actor, Instance, InstanceState, Task
from engine.wording import Text
from forms import Form
from journey import Journey, Person

if TYPE_CHECKING:
    from engine.engine import Engine

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


def colleagues(engine: Engine, actor: Actor, instance_id: str) -> dict[str, str]:
    """Names of those who worked on a case, by username; for a partner only the own name."""
    known = {actor.username: actor.name or actor.username}
    try:
        entries = engine.cases.calendar(actor, instance_id)
    except (NotFound, Forbidden):
        return known
    known.update({one.who: one.who_name for one in entries if one.who and one.who_name})
    return known


def person_of(journey: Journey, actor: Actor, subject: str | None) -> Person | None:
    """The person of a case; None when there is none, or the actor may not see the person."""
    if subject is None:
        return None
    try:
        return journey.persons.get(actor, subject)
    except (NotFound, Forbidden, KeyDestroyed):
        return None


def form_by_hash(engine: Engine, sha256: str) -> Form:
    """The form that answers were given with. Raises `NotFound`."""
    with engine.database.reading() as tx:
        return engine.definitions.form_by_hash(tx, sha256)


def choices_of(
    engine: Engine, actor: Actor, form: Form, data: Mapping[str, Any], case: Instance
) -> dict[str, Sequence[Option]]:
    """The choices of the reference fields that `data` answers, to print names instead of codes.

    Read-only fields are left out: what they show is decided with the task, not here.
    """
    found: dict[str, Sequence[Option]] = {}
    with engine.database.reading() as tx:
        for path, (name, properties) in form.references().items():
            field = form.fields.get(path.split(".")[0])
            source = engine.parts.sources.get(name)
            if source is None or field is None or field.read_only or not data.get(field.key):
                continue
            variables = {**case.variables, **data}
            found[path] = source.options(tx, SourceQuery(actor, case, variables, properties))
    return found


def place_of(task: Task) -> Instance:
    """As much of a task's case as its reader knows from the task: no subject, no variables."""
    return Instance(
        id=task.instance_id,
        process=task.process,
        version=task.version,
        business_key=task.business_key,
        unit=task.unit,
        subject=None,
        state=InstanceState.ACTIVE,
        started_by="",
        started_at=task.created_at,
        ended_at=None,
        revision=0,
    )
