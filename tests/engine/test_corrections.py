"""What a correction changes in a running case, and by which day's limits its answers are judged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.errors import Invalid, NotFound
from engine.store.access_log import access_log
from tests.conftest import START
from tests.engine import diagrams as d
from tests.engine.conftest import COLLEAGUE, HEAD, OFFICER, STRANGER, WORKER, Desk

AHEAD: dict[str, Any] = {
    "type": "datetime",
    "key": "free_from",
    "label": "free_from",
    "subtype": "date",
    "properties": {
        "label.en": "free_from",
        "type": "date",
        "min": '=today() + duration("P1D")',
        "max": '=today() + duration("P30D")',
    },
}
"""A day of the next thirty."""


def day(number: int) -> str:
    """The day so many days after the clock's start."""
    return (START + timedelta(days=number)).date().isoformat()


def asked_twice(desk: Desk) -> str:
    """The same form is filled in by `first` and by `second`; the id of the case."""
    desk.deploy(
        p__bpmn=d.diagram(
            "p",
            [
                d.start(),
                d.user_task("first", form="answers"),
                d.user_task("second", form="answers"),
                d.user_task("last"),
                d.end(),
                d.chain("start", "first", "second", "last", "end"),
            ],
        ),
        answers__form=d.form("answers", d.number_field("age"), d.number_field("children"), AHEAD),
    )
    return desk.start("p").id


def test_answers_of_a_later_form_stand_though_they_equal_the_corrected_ones(desk: Desk) -> None:
    case = asked_twice(desk)
    first = desk.complete(WORKER, "first", {"age": 30, "children": 1})
    desk.complete(WORKER, "second", {"age": 30, "children": 2})
    desk.engine.tasks.correct(WORKER, first.id, {"age": 29, "children": 0}, "a slip of the pen")
    variables = desk.engine.cases.get(WORKER, case).variables
    assert (variables["age"], variables["children"]) == (30, 2)
    assert desk.engine.tasks.form(WORKER, first.id).data["age"] == 29


def test_before_the_later_form_the_correction_counts(desk: Desk) -> None:
    case = asked_twice(desk)
    first = desk.complete(WORKER, "first", {"age": 30})
    desk.engine.tasks.correct(WORKER, first.id, {"age": 29}, "a slip of the pen")
    assert desk.engine.cases.get(WORKER, case).variables["age"] == 29
    assert desk.snapshot(case) == desk.replayed(case)


def test_a_date_that_lay_ahead_is_right_when_it_is_past(desk: Desk) -> None:
    asked_twice(desk)
    first = desk.complete(WORKER, "first", {"age": 30, "free_from": day(10)})
    desk.advance(days=20)
    correct = desk.engine.tasks.correct
    correct(WORKER, first.id, {"age": 29, "free_from": day(10)}, "by the limits of then")
    correct(WORKER, first.id, {"age": 29, "free_from": day(45)}, "by the limits of now")
    with pytest.raises(Invalid) as refused:
        correct(WORKER, first.id, {"age": 29, "free_from": day(60)}, "by neither")
    assert list(refused.value.errors) == ["free_from"]


def test_every_version_can_be_looked_at_again(desk: Desk) -> None:
    asked_twice(desk)
    first = desk.complete(WORKER, "first", {"age": 30})
    desk.advance(hours=1)
    desk.engine.tasks.correct(HEAD, first.id, {"age": 29}, "a slip of the pen")
    newest, oldest = desk.engine.tasks.submissions(COLLEAGUE, first.id)
    assert (newest.version, newest.by, newest.reason) == (2, HEAD.username, "a slip of the pen")
    assert (oldest.version, oldest.by, oldest.reason) == (1, WORKER.username, None)
    assert (newest.data["age"], oldest.data["age"]) == (29, 30)
    assert newest.at - oldest.at == timedelta(hours=1)
    assert newest.form_hash == oldest.form_hash
    assert desk.engine.tasks.submissions(WORKER, desk.task(WORKER, "second").id) == ()
    for stranger in (STRANGER, OFFICER):
        with pytest.raises(NotFound):
            desk.engine.tasks.submissions(stranger, first.id)
    lines = desk.values(
        sa.select(access_log.c.through).where(access_log.c.actor == COLLEAGUE.username)
    )
    assert lines == ["task versions answers"]
