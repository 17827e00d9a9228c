"""A case that cannot go on becomes an incident and delays nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.definitions import Definitions
from engine.errors import EngineError
from engine.records import InstanceState
from engine.store.definitions import definition, pin, resource
from engine.store.timers import timer
from tests.conftest import START
from tests.engine import diagrams as d
from tests.engine.conftest import CONNECTOR, COORDINATOR, WORKER, Desk
from tests.engine.test_messages import receiver

GOOD = d.diagram(
    "good",
    [d.start(), d.timer_catch("wait", "P2D"), d.user_task("t"), d.end(),
     d.chain("start", "wait", "t", "end")],
    starters="case_worker",
)  # fmt: skip


def deadlined(key: str, *after: str, form: str | None = None) -> bytes:
    """A case whose timer is due a day before that of `good`, so that it would be first in line."""
    return d.diagram(
        key,
        [
            d.start(),
            d.timer_catch("wait", "P1D"),
            *after,
            d.user_task("t", form=form),
            d.end(),
            d.chain("start", "wait", *(["odd"] if after else []), "t", "end"),
        ],
        starters="case_worker",
        variables="number",
    )


def assert_good_goes_on(desk: Desk, case: str) -> None:
    """The neighbour's timer fires, its task is done, it ends."""
    while desk.engine.do_due_work():
        pass
    done = desk.complete(WORKER, "t", instance=case)
    assert desk.engine.cases.get(WORKER, done.instance_id).state is InstanceState.COMPLETED


def let_pass(desk: Desk, days: float) -> None:
    """Time passes without anybody doing what is due."""
    with desk.engine.database.transaction() as transaction:
        desk.engine.clock.advance(transaction, START + timedelta(days=days))  # type: ignore[attr-defined]


def forget_definitions(desk: Desk) -> None:
    """As a process that has just started: nothing of what was published is in memory."""
    fresh = Definitions(desk.engine.definitions.functions)
    desk.engine.definitions = desk.engine.parts.definitions = fresh
    desk.engine.parts.live.clear()


def test_an_expression_that_fails(desk: Desk) -> None:
    desk.deploy(
        good__bpmn=GOOD, odd__bpmn=deadlined("odd", d.script("odd", "=number / 0 + 1", "result"))
    )
    bad, good = desk.start("odd", variables={"number": 1}), desk.start("good")
    let_pass(desk, days=3)
    assert_good_goes_on(desk, good.id)
    assert desk.engine.cases.get(WORKER, bad.id).state is InstanceState.INCIDENT
    [incident] = desk.engine.incidents.list(COORDINATOR).items
    assert (incident.instance_id, incident.element_id) == (bad.id, "odd")
    assert desk.snapshot(bad.id) == desk.replayed(bad.id)


def lose_forms(desk: Desk) -> None:
    """No form is stored any more, and nobody has one in memory."""
    with desk.engine.database.transaction() as transaction:
        transaction.execute(sa.delete(pin).where(pin.c.kind == "form"))
        transaction.execute(sa.delete(definition).where(definition.c.kind == "form"))
    forget_definitions(desk)


ANSWERS = d.form("answers", d.text_field("name"))


def test_a_form_that_no_longer_exists(desk: Desk) -> None:
    desk.deploy(good__bpmn=GOOD, odd__bpmn=deadlined("odd", form="answers"), answers__form=ANSWERS)
    bad, good = desk.start("odd"), desk.start("good")
    let_pass(desk, days=3)
    lose_forms(desk)
    assert_good_goes_on(desk, good.id)
    assert desk.engine.cases.get(WORKER, bad.id).state is InstanceState.INCIDENT
    [incident] = desk.engine.incidents.list(COORDINATOR).items
    assert (incident.instance_id, incident.element_id, incident.kind) == (bad.id, "t", "form")
    assert "answers" in incident.message
    assert desk.snapshot(bad.id) == desk.replayed(bad.id)

    # Published again, a retry opens the task.
    desk.deploy(answers__form=ANSWERS)
    desk.engine.incidents.retry(COORDINATOR, incident.id)
    desk.complete(WORKER, "t", {"name": "x"}, instance=bad.id)
    assert desk.engine.cases.get(WORKER, bad.id).state is InstanceState.COMPLETED


def test_an_open_task_whose_form_no_longer_exists(desk: Desk) -> None:
    desk.deploy(odd__bpmn=deadlined("odd", form="answers"), answers__form=ANSWERS)
    bad = desk.start("odd")
    desk.advance(days=1)
    lose_forms(desk)
    task = desk.task(WORKER, "t", instance=bad.id)
    with pytest.raises(EngineError, match="answers"):
        desk.engine.tasks.complete(
            WORKER, task.id, revision=task.revision, data={"name": "x"}, language="en"
        )
    assert desk.task(WORKER, "t", instance=bad.id) == task, "nothing was done halfway"
    assert desk.snapshot(bad.id) == desk.replayed(bad.id)


def lose_diagram(desk: Desk, key: str) -> None:
    """The stored diagram is damaged, and nobody has it in memory."""
    with desk.engine.database.transaction() as transaction:
        found = sa.select(definition.c.sha256).where(definition.c.key == key)
        damaged = sa.update(resource).where(resource.c.sha256.in_(found)).values(content=b"<broken")
        transaction.execute(damaged)
    forget_definitions(desk)


def test_a_case_whose_diagram_cannot_be_read_delays_no_timer(desk: Desk) -> None:
    desk.deploy(good__bpmn=GOOD)
    desk.deploy(odd__bpmn=deadlined("odd"))
    bad, good = desk.start("odd"), desk.start("good")
    let_pass(desk, days=3)
    lose_diagram(desk, "odd")
    assert_good_goes_on(desk, good.id)
    [failures] = desk.values(sa.select(timer.c.failures).where(timer.c.instance_id == bad.id))
    assert failures >= 1, "put off"


def test_a_case_whose_diagram_cannot_be_read_delays_no_message(desk: Desk) -> None:
    desk.deploy(odd__bpmn=receiver("odd"))
    desk.deploy(fine__bpmn=receiver("fine"))
    desk.start("odd", variables={"number": "k"})
    good = desk.start("fine", variables={"number": "k"})
    lose_diagram(desk, "odd")
    desk.engine.messages.publish(CONNECTOR, "paid", "k", {"amount": 5}, timedelta(days=1))
    while desk.engine.messages.dispatch():
        pass
    assert desk.task(WORKER, "t", instance=good.id)
