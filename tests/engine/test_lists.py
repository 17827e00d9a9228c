"""Lists that are put together from parts, and that no database may walk through whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine.records import Actor, InstanceState, Paging, Role, Task, TaskState
from engine.store import task_lists
from engine.store.cases import active_element
from engine.store.task_lists import TaskCounts
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ANSWERS,
    COLLEAGUE,
    COORDINATOR,
    HEAD,
    INTAKE,
    OFFICER,
    STRANGER,
    WORKER,
    Desk,
)

BOTH = Actor("head.both", frozenset({Role.BRANCH_HEAD}), frozenset({"naf:north", "naf:south"}))


def all_tasks(desk: Desk, actor: Actor, **asked: Any) -> list[Task]:
    """Every page of two."""
    found: list[Task] = []
    cursor = None
    while True:
        page = desk.engine.tasks.list(actor, paging=Paging(2, cursor), **asked)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def all_cases(desk: Desk, actor: Actor, **asked: Any) -> list[str]:
    """Ids of the cases on every page of two."""
    found: list[str] = []
    cursor = None
    while True:
        page = desk.engine.cases.list(actor, paging=Paging(2, cursor), **asked)
        found += [case.id for case in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


def plans(desk: Desk, look: Callable[[], object]) -> list[str]:
    """The steps in which the database runs what `look` reads of tasks and cases."""
    database, read = desk.engine.database, list[tuple[str, Any]]()

    def note(_connection: Any, _cursor: Any, text: str, values: Any, *_rest: Any) -> None:
        if "FROM user_task" in text or "FROM process_instance" in text:
            read.append((text, values))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    look()
    sa.event.remove(database.engine, "before_cursor_execute", note)
    assert read
    with database.reading() as tx:
        explain = "EXPLAIN QUERY PLAN"
        if database.dialect == "postgresql":  # it would not use an index for a handful of rows
            tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN (COSTS OFF)"
        return [
            str(step[-1])
            for text, values in read
            for step in tx.connection.exec_driver_sql(f"{explain} {text}", values)
        ]


def assert_seeks(desk: Desk, look: Callable[[], object]) -> None:
    """Rows are looked up in an index, never passed by one after the other."""
    for step in plans(desk, look):
        assert "Seq Scan" not in step, step
        assert not step.startswith(("SCAN user_task", "SCAN process_instance")) or "INDEX" in step


def due_on(desk: Desk, *days: int | None) -> None:
    """Deploys one process for each due time: `p0`, `p1` and so on."""
    for number, day in enumerate(days):
        task = d.user_task("t", due=None if day is None else f"P{day}D")
        body = [d.start(), task, d.end(), d.chain("start", "t", "end")]
        desk.deploy(**{f"p{number}__bpmn": d.diagram(f"p{number}", body)})


@pytest.mark.parametrize("asked", [{}, {"element": "t"}, {"q": "T tas"}], ids=str)
def test_tasks_of_several_units_are_one_list(desk: Desk, asked: dict[str, Any]) -> None:
    due_on(desk, 9, None, 2, 5, 7)
    for number, actor in enumerate((WORKER, STRANGER, STRANGER, WORKER, STRANGER)):
        desk.start(f"p{number}", actor)
    order = [task.process for task in all_tasks(desk, BOTH, **asked)]
    assert order == ["p2", "p3", "p4", "p0", "p1"]
    assert [task.process for task in all_tasks(desk, BOTH, unit="naf:south", **asked)] == [
        "p2", "p4", "p1"
    ]  # fmt: skip


def test_a_search_lists_a_task_once_for_whatever_reason_it_is_found(intake: Desk) -> None:
    class Directory:
        def find(self, *_asked: object) -> frozenset[str]:
            return frozenset({"person:1", "person:3"})

    intake.engine.find_subjects_with(Directory())
    for key, subject in (("ASK-1", "person:1"), ("B-2", "person:2"), ("ask-3", "person:3")):
        intake.start("intake", business_key=key, subject=subject)
    found = [task.business_key for task in all_tasks(intake, WORKER, q="ask")]
    assert sorted(map(str, found)) == ["ASK-1", "B-2", "ask-3"]


def test_keys_are_found_in_either_case_and_signs_are_letters(intake: Desk) -> None:
    for key in ("J-12", "J-13", "K%12", "K_3"):
        intake.start("intake", business_key=key)

    def found(q: str) -> list[str]:
        return sorted(str(task.business_key) for task in intake.tasks(WORKER, q=q))

    assert found("j-1") == found("J-1") == ["J-12", "J-13"]
    assert found("K%") == ["K%12"]
    assert found("k_") == ["K_3"]
    assert found("-1") == []


def test_keys_that_very_many_cases_begin_with(
    intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.task_parts._FEW", 1)
    cases = [intake.start("intake", business_key=f"J-{number}") for number in range(3)]
    intake.start("intake", STRANGER, business_key="J-9")
    found = all_tasks(intake, WORKER, q="J-", element="ask")
    assert {task.instance_id for task in found} == {case.id for case in cases}
    assert all_tasks(intake, WORKER, q="J-", element="review") == []


def test_an_element_that_was_given_another_name_stays_one_list(intake: Desk) -> None:
    first = intake.start("intake")
    intake.deploy(intake__bpmn=INTAKE.replace(b"ask task", "استقبال".encode()))
    second = intake.start("intake")
    both = [task.instance_id for task in all_tasks(intake, WORKER, element="ask")]
    assert sorted(both) == sorted([first.id, second.id])
    assert [task.instance_id for task in intake.tasks(WORKER, q="تقبا")] == [second.id]
    assert [task.instance_id for task in intake.tasks(WORKER, q="ASK task")] == [first.id]
    assert [t.instance_id for t in intake.tasks(WORKER, q="تقبا", element="review")] == []


def test_closed_tasks_are_listed_apart(intake: Desk) -> None:
    for number in range(3):
        intake.start("intake", business_key=f"J-{number}")
        intake.complete(WORKER, "ask", ANSWERS, business_key=f"J-{number}")
    done = {"state": TaskState.COMPLETED}
    assert [task.element_id for task in all_tasks(intake, WORKER, **done)] == ["ask"] * 3
    assert len(all_tasks(intake, WORKER, element="ask", **done)) == 3
    assert all_tasks(intake, WORKER, element="review", **done) == []
    assert [t.business_key for t in intake.tasks(WORKER, q="J-1", **done)] == ["J-1"]
    assert [t.element_id for t in intake.tasks(WORKER, business_key="J-1", **done)] == ["ask"]
    assert intake.tasks(OFFICER, **done) == []
    assert {task.element_id for task in all_tasks(intake, WORKER)} == {"review"}


def test_filters_beside_a_narrow_one_hold_too(intake: Desk) -> None:
    case = intake.start("intake", business_key="J-1")
    other = intake.start("intake", STRANGER, business_key="J-1")
    for task, actor in (
        (intake.task(WORKER, "ask"), WORKER),
        (intake.tasks(STRANGER)[0], STRANGER),
    ):
        intake.engine.tasks.claim(actor, task.id)

    def cases(**asked: Any) -> list[str]:
        return [task.instance_id for task in intake.tasks(WORKER, **asked)]

    assert cases(business_key="J-1") == [case.id]
    assert cases(business_key="J-1", element="review") == []
    assert cases(business_key="J-1", instance=other.id) == []
    assert cases(business_key="J-2", instance=case.id) == []
    assert cases(mine=True, q="J-1", unit="naf:north") == [case.id]
    assert cases(mine=True, q="nothing") == []
    assert cases(instance=case.id, assignee=COLLEAGUE.username) == []
    assert cases(assignee=STRANGER.username) == []
    assert cases(mine=True, unassigned=True) == []


def test_counting_stops_where_nobody_reads_on(
    intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_lists, "MOST_COUNTED", 2)
    for number in range(4):
        intake.start("intake")
        if number:
            intake.engine.tasks.claim(WORKER, intake.tasks(WORKER, unassigned=True)[0].id)
    assert intake.engine.tasks.counts(WORKER) == TaskCounts(mine=2, open=2, overdue=0, due_soon=0)


class TestCases:
    def test_at_an_element_newest_first(self, intake: Desk) -> None:
        started = [intake.start("intake", actor) for actor in (WORKER, STRANGER, WORKER, WORKER)]
        newest_first = [case.id for case in reversed(started)]
        assert all_cases(intake, COORDINATOR, element="ask") == newest_first
        assert all_cases(intake, BOTH, element="ask") == newest_first
        own = [case.id for case in reversed(started) if case.unit == "naf:north"]
        assert all_cases(intake, WORKER, element="ask") == own
        assert all_cases(intake, WORKER, element="ask", state=InstanceState.ACTIVE) == own
        assert all_cases(intake, WORKER, element="ask", process="other") == []
        assert all_cases(intake, WORKER, element="review") == []
        intake.complete(WORKER, "ask", ANSWERS, instance=own[0])
        assert all_cases(intake, WORKER, element="review") == own[:1]
        assert all_cases(intake, WORKER, element="ask") == own[1:]

    def test_a_transferred_case_stands_at_the_other_unit(self, intake: Desk) -> None:
        case = intake.start("intake")
        intake.complete(WORKER, "ask", ANSWERS)
        intake.engine.cases.transfer(HEAD, case.id, "naf:south", "moved house")
        [*units] = intake.values(sa.select(active_element.c.unit))
        assert units == ["naf:south"] * 2
        for element in ("review", "partner"):
            assert all_cases(intake, STRANGER, element=element) == [case.id]
            assert all_cases(intake, WORKER, element=element) == []

    def test_by_state_process_and_unit(self, intake: Desk) -> None:
        started = [intake.start("intake", actor) for actor in (WORKER, STRANGER, WORKER, WORKER)]
        ended = [case for case in started if case.unit == "naf:north"][:2]
        for case in ended:
            intake.engine.cases.cancel(HEAD, case.id, "a mistake")
        newest_first = [case.id for case in reversed(ended)]
        state = InstanceState.CANCELLED
        assert all_cases(intake, COORDINATOR, state=state) == newest_first
        assert all_cases(intake, BOTH, state=state, process="intake") == newest_first
        assert all_cases(intake, COORDINATOR, state=state, unit="naf:south") == []
        assert all_cases(intake, WORKER, state=state, version=1) == newest_first
        assert all_cases(intake, WORKER, state=state, version=2) == []
        assert len(all_cases(intake, COORDINATOR, state=InstanceState.ACTIVE)) == 2
        assert len(all_cases(intake, COORDINATOR, process="intake")) == 4
        assert all_cases(intake, WORKER, unit="naf:south") == []
        assert len(all_cases(intake, BOTH)) == 4


LOOKS: dict[str, dict[str, Any]] = {
    "first page": {},
    "by priority": {"sort": "priority"},
    "by creation": {"sort": "created"},
    "one's own": {"mine": True},
    "a colleague's": {"assignee": "x"},
    "nobody's": {"unassigned": True},
    "overdue": {"overdue": True},
    "of an element": {"element": "ask"},
    "of a case": {"instance": "x"},
    "by business key": {"business_key": "x"},
    "search": {"q": "ask"},
    "completed": {"state": TaskState.COMPLETED},
}


@pytest.mark.parametrize("look", LOOKS)
def test_no_list_of_tasks_is_read_whole(intake: Desk, look: str) -> None:
    intake.start("intake", business_key="ask")
    assert_seeks(intake, lambda: intake.engine.tasks.list(WORKER, **LOOKS[look]))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"unit": "naf:north"},
        {"element": "ask"},
        {"state": InstanceState.COMPLETED},
        {"state": InstanceState.ACTIVE},
        {"process": "intake"},
        {"business_key": "x"},
        {"unit": "naf:north", "element": "ask"},
        {"unit": "naf:north", "state": InstanceState.COMPLETED},
    ],
    ids=str,
)
def test_no_list_of_cases_is_read_whole(intake: Desk, asked: dict[str, Any]) -> None:
    intake.start("intake")
    assert_seeks(intake, lambda: intake.engine.cases.list(COORDINATOR, **asked))


def test_counts_are_made_in_indexes_alone(intake: Desk) -> None:
    for step in plans(intake, lambda: intake.engine.tasks.counts(WORKER)):
        assert "Seq Scan" not in step, step
        assert "user_task" not in step or "COVERING INDEX" in step or "_open_by_" in step, step
