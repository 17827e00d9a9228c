"""The calendar of a case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.agenda import CalendarEntry, EntryKind
from engine.errors import Forbidden, NotFound
from engine.store.access_log import access_log
from tests.conftest import START
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ADMIN,
    ANSWERS,
    AUDITOR,
    COLLEAGUE,
    COORDINATOR,
    HEAD,
    OFFICER,
    OWNER,
    STRANGER,
    WORKER,
    Desk,
)

VISITS = d.diagram(
    "visits",
    [
        d.start(),
        d.user_task("call", due="P1D"),
        d.timer_catch("rest", "P7D"),
        d.user_task("visit", due="P2D"),
        d.boundary_timer("late", "visit", "P3D", interrupting=False),
        d.user_task("hurry"),
        d.end(),
        d.end("hurried"),
        d.chain("start", "call", "rest", "visit", "end"),
        d.chain("late", "hurry", "hurried"),
    ],
)


def lines(entries: tuple[CalendarEntry, ...]) -> list[tuple[str, str, timedelta, str | None]]:
    return [(e.kind.value, e.element_id, e.day - START, e.who) for e in entries]


def test_past_present_and_future_stand_in_one_order(desk: Desk) -> None:
    desk.deploy(visits__bpmn=VISITS)
    case = desk.start("visits")
    calendar = desk.engine.cases.calendar
    assert lines(calendar(WORKER, case.id)) == [("under_way", "call", timedelta(days=1), None)]
    desk.advance(hours=2)
    done = desk.complete(WORKER, "call")
    hours, days = timedelta(hours=1), timedelta(days=1)
    assert lines(calendar(WORKER, case.id)) == [
        ("done", "call", 2 * hours, WORKER.username),
        ("planned", "rest", 7 * days + 2 * hours, None),
    ]
    desk.advance(days=8)
    visit = desk.task(WORKER, "visit")
    desk.engine.tasks.claim(COLLEAGUE, visit.id)
    entries = calendar(WORKER, case.id)
    assert lines(entries) == [
        ("done", "call", 2 * hours, WORKER.username),
        ("by_system", "rest", 7 * days + 2 * hours, None),
        ("under_way", "visit", 9 * days + 2 * hours, COLLEAGUE.username),
        ("planned", "late", 10 * days + 2 * hours, None),
    ]
    assert entries[0] == CalendarEntry(
        kind=EntryKind.DONE,
        at=case.started_at,
        until=done.completed_at,
        due=done.due_at,
        element_id="call",
        name="call task",
        who=WORKER.username,
        who_name=WORKER.username,  # no account of that name in this test
        task_id=done.id,
    )
    assert (entries[2].due, entries[2].task_id) == (visit.due_at, visit.id)
    desk.engine.cases.cancel(HEAD, case.id, "enough")
    kinds = [entry.kind.value for entry in calendar(WORKER, case.id)]
    assert kinds == ["done", "by_system"]


ANSWERS_DUE = d.diagram(
    "answers",
    [
        d.start(),
        d.user_task("answer", due='=date("2026-01-15")'),
        *(
            d.boundary_timer(key, "answer", f'=date("{day}")', shape="timeDate", last_day=said)
            for key, day, said in (
                ("silent", "2026-01-16", ""),
                ("late", "2026-01-16", '=day - duration("P1D")'),
                # A Sunday: the working day before it is a Thursday.
                ("not_worked", "2026-01-18", "=add working days(day, -1)"),
                ("no_year", "2026-01-19", '=day - duration("P9999Y")'),
                ("no_date", "2026-01-19", '=day + "x"'),
            )
        ),
        d.end(),
        d.chain("start", "answer", "end"),
        *(d.chain(key, "end") for key in ("silent", "late", "not_worked", "no_year", "no_date")),
    ],
)


def test_a_deadline_tells_its_last_day_where_the_diagram_says_so(desk: Desk) -> None:
    desk.deploy(answers__bpmn=ANSWERS_DUE)
    case = desk.start("answers")
    found = {e.element_id: e.last_day for e in desk.engine.cases.calendar(WORKER, case.id)}
    assert found == {
        "answer": date(2026, 1, 15),
        "silent": None,
        "late": date(2026, 1, 15),
        "not_worked": date(2026, 1, 15),
        "no_year": None,
        "no_date": None,
    }


def test_it_is_for_the_branch_and_the_auditor(intake: Desk) -> None:
    case = intake.start("intake", subject="person:7")
    intake.complete(WORKER, "ask", ANSWERS)  # now the partner has a task of the case
    calendar = intake.engine.cases.calendar
    everything = calendar(WORKER, case.id)
    assert {e.element_id for e in everything} == {"ask", "review", "partner"}
    assert calendar(HEAD, case.id) == calendar(AUDITOR, case.id) == everything
    for stranger in (STRANGER, OFFICER):
        with pytest.raises(NotFound):
            calendar(stranger, case.id)
    for other in (COORDINATOR, OWNER, ADMIN):
        with pytest.raises(Forbidden):
            calendar(other, case.id)
    readers = intake.values(
        sa.select(access_log.c.actor).where(access_log.c.through == "case calendar")
    )
    assert readers == [WORKER.username, HEAD.username, AUDITOR.username]
