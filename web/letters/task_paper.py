"""A task's form on paper, read through the verbs of whoever prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import NotFound
from engine.records import Actor, TaskState
from engine.wording import Text
from forms import compile_schema
from journey import Journey
from web.letters.blocks import FormOnPaper
from web.letters.reading import (
    colleagues,
    person_of,
    unit_name,
    units_by_code,
)
from web.letters.records import TaskFacts

if TYPE_CHECKING:
    from engine.engine import Engine


def task_on_paper(
    engine: Engine, journey: Journey, actor: Actor, task_id: str, *, blank: bool, address: str
) -> tuple[FormOnPaper, TaskFacts]:
    """The task's form and what stands above it; `address` is what its code opens.

    Raises `NotFound`, also for a task that has no form, and `KeyDestroyed`.
    """
    task = engine.tasks.get(actor, task_id)
    name = engine.tasks.words([task])[task.id].name
    shown = engine.tasks.form(actor, task_id)
    if shown.form is None:
        raise NotFound(
            Text(
                f"لا نموذج للمهمة «{name.ar}»، فلا شيء للطباعة.",
                f"“{name.en}” has no form: there is nothing to print.",
            )
        )
    form = compile_schema(shown.form)
    is_open = task.state is TaskState.OPEN
    data = {**shown.data, **(shown.draft or {})} if is_open and not blank else shown.data
    person = person_of(journey, actor, task.subject)
    client = (
        f"{person.data.first_name} {person.data.last_name}"
        if person is not None
        else journey.persons.names_for_tasks(actor, [task]).get(task.id, "")
    )
    names = colleagues(engine, actor, task.instance_id)
    who = task.completed_by
    facts = TaskFacts(
        task=name,
        branch=unit_name(task.unit, units_by_code(journey, actor)),
        journey_number=task.business_key or "",
        person=client,
        national_id=person.data.national_id if person is not None else "",
        due_at=task.due_at if is_open else None,
        completed_at=task.completed_at,
        completed_by=names.get(who, Text.worded(who)) if who else None,
        address=address if is_open else "",
    )
    paper = FormOnPaper(form, data, shown.options, final=not is_open)
    return paper, facts
