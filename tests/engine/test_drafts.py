"""What was typed in a task that is taken away and opened anew."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tasks import user_task
from tests.engine import diagrams as d
from tests.engine.conftest import WORKER, Desk

ANSWER = d.form("answer", d.text_field("name"))


def asking(key: str, *after_a_day: str) -> bytes:
    """A task that is taken away after a day; what follows leads back to `again`."""
    return d.diagram(
        key,
        [
            d.start(),
            d.user_task("answer", form="answer"),
            d.boundary_timer("more_time", "answer", "P1D"),
            d.gateway("exclusive", "again"),
            d.end(),
            d.chain("start", "again", "answer", "end"),
            *after_a_day,
        ],
    )


LATER = asking("later", d.chain("more_time", "again"))
TWICE = asking(
    "twice",
    d.gateway("parallel", "both"),
    d.chain("more_time", "both", "again"),
    '<bpmn:sequenceFlow id="second" sourceRef="both" targetRef="again"/>',
)


def test_it_goes_on_where_the_task_begins_anew(desk: Desk) -> None:
    desk.deploy(later__bpmn=LATER, answer__form=ANSWER)
    desk.start("later")
    before = desk.task(WORKER, "answer")
    desk.engine.tasks.draft(WORKER, before.id, {"name": "half"})
    desk.advance(days=1)
    after = desk.task(WORKER, "answer")
    assert after.id != before.id
    assert desk.engine.tasks.form(WORKER, after.id).draft == {"name": "half"}
    kept = sa.select(user_task.c.id).where(user_task.c.draft.is_not(None))
    assert desk.values(kept) == [after.id]
    desk.advance(days=1)
    assert desk.engine.tasks.form(WORKER, desk.task(WORKER, "answer").id).draft == {"name": "half"}


def test_two_in_its_place_begin_empty(desk: Desk) -> None:
    desk.deploy(twice__bpmn=TWICE, answer__form=ANSWER)
    desk.start("twice")
    desk.engine.tasks.draft(WORKER, desk.task(WORKER, "answer").id, {"name": "half"})
    desk.advance(days=1)
    opened = desk.tasks(WORKER)
    assert [one.element_id for one in opened] == ["answer", "answer"]
    assert [desk.engine.tasks.form(WORKER, one.id).draft for one in opened] == [None, None]
