"""To whom a task can be handed over, and what a substitute may do."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Conflict, Forbidden, NotFound
from engine.records import SYSTEM, Actor, Role
from engine.store.task_lists import TaskCounts
from tests.engine.conftest import ADMIN, ANSWERS, AUDITOR, OFFICER, STRANGER, Desk

PASSWORD = "a good long password"
TODAY = date(2026, 1, 4)


def hire(desk: Desk, username: str, role: Role, *units: str) -> Actor:
    users = desk.engine.identity.users
    users.create(
        SYSTEM, username, name=username.title(), password=PASSWORD, roles=[role], units=units
    )
    return actor(desk, username)


def actor(desk: Desk, username: str) -> Actor:
    with desk.engine.database.reading() as tx:
        return desk.engine.identity.actor(tx, username)


@pytest.fixture
def staff(intake: Desk) -> Desk:
    """Two workers, a head and a retired worker in the north, one worker in the south."""
    for name in ("amal", "basil", "former"):
        hire(intake, name, Role.CASE_WORKER, "naf:north")
    hire(intake, "head", Role.BRANCH_HEAD, "naf:north")
    hire(intake, "south", Role.CASE_WORKER, "naf:south")
    hire(intake, "officer", Role.MOL_OFFICER, "mol:north")
    intake.engine.identity.users.retire(SYSTEM, "former")
    return intake


def names(desk: Desk, who: Actor, **asked: str) -> list[str]:
    return [user.username for user in desk.engine.identity.users.colleagues(who, **asked)]


def test_who_can_do_a_task(staff: Desk) -> None:
    amal, head = actor(staff, "amal"), actor(staff, "head")
    staff.start("intake", actor=amal)
    task = staff.task(amal, "ask")
    assert names(staff, amal, task_id=task.id) == ["basil", "head"]
    assert names(staff, head, task_id=task.id) == ["amal", "basil"]
    staff.engine.tasks.claim(amal, task.id)
    assert names(staff, head, task_id=task.id) == ["basil"]
    for username in names(staff, head, task_id=task.id):
        staff.engine.tasks.assign(head, task.id, username)
    for stranger in (STRANGER, OFFICER, AUDITOR, ADMIN):
        with pytest.raises(NotFound):
            names(staff, stranger, task_id=task.id)


def test_a_heads_task_goes_to_heads_only(staff: Desk) -> None:
    amal, head = actor(staff, "amal"), actor(staff, "head")
    hire(staff, "deputy", Role.BRANCH_HEAD, "naf:north")
    staff.start("intake", actor=amal)
    staff.complete(amal, "ask", ANSWERS)
    staff.complete(amal, "review", {"age": 30})
    staff.complete(actor(staff, "officer"), "partner", {"reply": "yes"})
    assert names(staff, head, task_id=staff.task(head, "confirm").id) == ["deputy"]


def test_colleagues_of_a_unit(staff: Desk) -> None:
    amal = actor(staff, "amal")
    assert names(staff, amal, unit="naf:north") == ["basil", "head"]
    with pytest.raises(Forbidden):
        names(staff, amal, unit="naf:south")
    with pytest.raises(ValueError, match="by a task or by a unit"):
        names(staff, amal)


def test_a_substitute_from_elsewhere_is_among_them(staff: Desk) -> None:
    amal = actor(staff, "amal")
    staff.start("intake", actor=amal)
    task = staff.task(amal, "ask")
    users = staff.engine.identity.users
    users.add_substitute(SYSTEM, "amal", "south", TODAY, TODAY)
    assert names(staff, amal, task_id=task.id) == ["basil", "head", "south"]
    staff.advance(days=1)
    assert names(staff, amal, task_id=task.id) == ["basil", "head"]


def test_a_substitute_does_the_tasks_of_the_absent(staff: Desk) -> None:
    amal = actor(staff, "amal")
    staff.start("intake", actor=amal)
    task = staff.engine.tasks.claim(amal, staff.task(amal, "ask").id)
    before = actor(staff, "basil")
    with pytest.raises(Conflict):
        staff.engine.tasks.claim(before, task.id)
    assert staff.tasks(before, mine=True) == []
    users = staff.engine.identity.users
    users.add_substitute(amal, "amal", "basil", TODAY, TODAY)
    basil = actor(staff, "basil")
    assert [t.id for t in staff.tasks(basil, mine=True)] == [task.id]
    assert staff.engine.tasks.counts(basil) == TaskCounts(1, 1, 0, 0)
    assert staff.engine.tasks.claim(basil, task.id).assignee == "basil"
    staff.engine.tasks.assign(basil, task.id, "amal")
    done = staff.complete(basil, "ask", ANSWERS)
    assert (done.assignee, done.completed_by) == ("amal", "basil")
    staff.advance(days=1)
    assert actor(staff, "basil").stands_in_for == frozenset()
