"""Seeing, claiming and drafting user tasks: who may, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from engine.errors import Conflict, Invalid, NotFound
from engine.ports import Option, SourceQuery
from engine.records import SYSTEM, Actor, Paging, TaskState
from engine.store.task_lists import TaskCounts
from engine.store.tasks import user_task
from engine.store.transaction import Transaction
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ADMIN,
    ANSWERS,
    AUDITOR,
    COLLEAGUE,
    CONNECTOR,
    COORDINATOR,
    HEAD,
    OFFICER,
    STRANGER,
    WORKER,
    Desk,
)


class TestSeeing:
    def test_a_task_is_for_its_role_in_its_unit(self, intake: Desk) -> None:
        intake.start("intake")
        assert [t.element_id for t in intake.tasks(WORKER)] == ["ask"]
        assert [t.element_id for t in intake.tasks(COLLEAGUE)] == ["ask"]
        assert [t.element_id for t in intake.tasks(HEAD)] == ["ask"]
        for other in (STRANGER, OFFICER, COORDINATOR, ADMIN, AUDITOR):
            assert intake.tasks(other) == []
            with pytest.raises(NotFound):
                intake.engine.tasks.get(other, intake.task(WORKER, "ask").id)

    def test_a_branch_heads_task_is_not_the_workers(self, intake: Desk) -> None:
        intake.start("intake")
        intake.complete(WORKER, "ask", ANSWERS)
        intake.complete(WORKER, "review", {"age": 30})
        intake.complete(OFFICER, "partner", {"reply": "yes"})
        assert intake.tasks(WORKER) == []
        assert [t.element_id for t in intake.tasks(HEAD)] == ["confirm"]

    def test_the_record_says_what_the_diagram_says(self, intake: Desk) -> None:
        case = intake.start("intake", business_key="K-1", subject="person:7")
        intake.complete(WORKER, "ask", ANSWERS)
        task = intake.task(WORKER, "review")
        assert (task.instance_id, task.process, task.version) == (case.id, "intake", 1)
        assert (task.name, task.form, task.state) == ("review task", "review", TaskState.OPEN)
        assert (task.business_key, task.subject, task.unit) == ("K-1", "person:7", "naf:north")
        assert task.due_at is not None
        assert (task.due_at - task.created_at).days == 3
        assert intake.task(OFFICER, "partner").unit == "mol:north"

    def test_filters(self, intake: Desk) -> None:
        first = intake.start("intake", business_key="A-1")
        intake.start("intake", business_key="B-1")
        mine = intake.tasks(WORKER, business_key="A-1")[0]
        intake.engine.tasks.claim(WORKER, mine.id)
        assert [t.id for t in intake.tasks(WORKER, mine=True)] == [mine.id]
        assert [t.id for t in intake.tasks(WORKER, instance=first.id)] == [mine.id]
        assert len(intake.tasks(WORKER, process="intake", group="case_worker")) == 2
        assert intake.tasks(WORKER, group="branch_head") == []
        assert [t.id for t in intake.tasks(WORKER, q="A-")] == [mine.id]
        assert len(intake.tasks(WORKER, q="ask ta")) == 2
        assert intake.tasks(WORKER, q="%") == []
        assert intake.tasks(WORKER, unit="naf:south") == []
        assert intake.tasks(WORKER, due_before=first.started_at) == []
        with pytest.raises(Invalid):
            intake.tasks(WORKER, sort="name")

    def test_filters_by_holder_and_by_being_late(self, intake: Desk) -> None:
        for _ in range(3):
            intake.start("intake")
        first, second, third = intake.tasks(WORKER)
        intake.engine.tasks.claim(WORKER, first.id)
        intake.engine.tasks.claim(COLLEAGUE, second.id)
        assert [t.id for t in intake.tasks(WORKER, assignee=COLLEAGUE.username)] == [second.id]
        assert [t.id for t in intake.tasks(WORKER, unassigned=True)] == [third.id]
        assert intake.tasks(WORKER, overdue=True) == []
        done = intake.engine.tasks.complete(WORKER, first.id, revision=2, data=ANSWERS)
        due = done.next_tasks[0].due_at
        assert due is not None
        intake.engine.advance.advance(ADMIN, target=due - timedelta(microseconds=1))
        assert intake.tasks(WORKER, overdue=True) == []
        intake.engine.advance.advance(ADMIN, target=due)
        assert [t.element_id for t in intake.tasks(WORKER, overdue=True)] == ["review"]

    def test_counts(self, intake: Desk) -> None:
        for _ in range(3):
            intake.start("intake")
        first = intake.tasks(WORKER)[0]
        done = intake.engine.tasks.complete(WORKER, first.id, revision=1, data=ANSWERS)
        intake.engine.tasks.claim(WORKER, done.next_tasks[0].id)
        counts = intake.engine.tasks.counts
        assert counts(WORKER) == TaskCounts(mine=1, open=3, overdue=0, due_soon=1)
        assert counts(COLLEAGUE) == TaskCounts(mine=0, open=3, overdue=0, due_soon=1)
        assert counts(OFFICER) == TaskCounts(mine=0, open=1, overdue=0, due_soon=0)
        for stranger in (STRANGER, AUDITOR, ADMIN, CONNECTOR):
            assert counts(stranger) == TaskCounts(0, 0, 0, 0)
        intake.advance(days=4)
        assert counts(WORKER) == TaskCounts(mine=1, open=3, overdue=1, due_soon=0)
        assert counts(SYSTEM).open == 4

    def test_search_by_subject(self, intake: Desk) -> None:
        class Directory:
            def find(self, _tx: Transaction, _actor: Actor, text: str) -> frozenset[str]:
                return frozenset({"person:7"}) if text == "ليلى" else frozenset()

        intake.engine.find_subjects_with(Directory())
        intake.start("intake", subject="person:7")
        intake.start("intake", subject="person:8")
        assert [t.subject for t in intake.tasks(WORKER, q="ليلى")] == ["person:7"]

    def test_soonest_due_first_and_none_due_last_over_pages(self, desk: Desk) -> None:
        for number, due in enumerate(["P9D", None, "P2D", "P5D", None]):
            name = f"p{number}"
            body = [d.start(), d.user_task("t", due=due, priority=str(50 + number)), d.end()]
            desk.deploy(**{f"{name}__bpmn": d.diagram(name, [*body, d.chain("start", "t", "end")])})
            desk.start(name)

        def pages(sort: str) -> list[str]:
            found, cursor = [], None
            while True:
                page = desk.engine.tasks.list(WORKER, sort=sort, paging=Paging(2, cursor))
                found += [task.process for task in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    return found

        assert pages("due") == ["p2", "p3", "p0", "p1", "p4"]
        assert pages("created") == ["p0", "p1", "p2", "p3", "p4"]
        assert pages("priority") == ["p4", "p3", "p2", "p1", "p0"]

    @pytest.mark.parametrize("cursor", ["x", "AAAA", "WyJ0YXNrcy1kdWUiLCJ4IiwxXQ", "é", "[]"])
    def test_a_foreign_cursor_is_refused(self, desk: Desk, cursor: str) -> None:
        with pytest.raises(Invalid):
            desk.engine.tasks.list(WORKER, paging=Paging(5, cursor))
        with pytest.raises(Invalid):
            desk.engine.tasks.list(WORKER, paging=Paging(0))


class TestClaiming:
    def test_claim_release_assign(self, intake: Desk) -> None:
        for user in (WORKER, COLLEAGUE, STRANGER):
            intake.engine.identity.users.create(
                SYSTEM, user.username, name="x", password="long enough 1", roles=user.roles,
                units=user.units,
            )  # fmt: skip
        case = intake.start("intake")
        tasks, task = intake.engine.tasks, intake.task(WORKER, "ask")
        claimed = tasks.claim(WORKER, task.id)
        assert (claimed.assignee, claimed.revision) == (WORKER.username, task.revision + 1)
        assert tasks.claim(WORKER, task.id) == claimed, "a second claim changes nothing"
        with pytest.raises(Conflict):
            tasks.claim(COLLEAGUE, task.id)
        with pytest.raises(Conflict):
            tasks.release(COLLEAGUE, task.id)
        with pytest.raises(Conflict):
            tasks.assign(COLLEAGUE, task.id, COLLEAGUE.username)
        for nobody in ("nobody", STRANGER.username):
            with pytest.raises(Invalid):
                tasks.assign(WORKER, task.id, nobody)
        assert tasks.assign(WORKER, task.id, COLLEAGUE.username).assignee == COLLEAGUE.username
        assert tasks.release(HEAD, task.id).assignee is None
        assert intake.kinds(case.id) == ["start", "claim", "assign", "release"]

    def test_a_retired_users_tasks_go_back(self, intake: Desk) -> None:
        intake.engine.identity.users.create(
            SYSTEM, WORKER.username, name="x", password="long enough 1", roles=WORKER.roles,
            units=WORKER.units,
        )  # fmt: skip
        intake.start("intake")
        intake.engine.tasks.claim(WORKER, intake.task(WORKER, "ask").id)
        intake.engine.identity.users.update(SYSTEM, WORKER.username, active=False)
        assert intake.task(COLLEAGUE, "ask").assignee is None

    def test_a_draft_stays_with_the_task_and_needs_no_new_revision(self, intake: Desk) -> None:
        intake.start("intake")
        task = intake.task(WORKER, "ask")
        assert intake.engine.tasks.draft(WORKER, task.id, {"name": "half"}) == task
        shown = intake.engine.tasks.form(WORKER, task.id)
        assert shown.draft == {"name": "half"}
        [sealed] = intake.values(user_task.select().with_only_columns(user_task.c.draft))
        assert b"half" not in sealed
        intake.engine.tasks.claim(WORKER, task.id)
        with pytest.raises(Conflict):
            intake.engine.tasks.draft(COLLEAGUE, task.id, {"name": "other"})
        with pytest.raises(NotFound):
            intake.engine.tasks.draft(STRANGER, task.id, {})


class TestForm:
    def test_prefill_is_what_the_form_itself_asks(self, intake: Desk) -> None:
        intake.start("intake", variables={"secret": "x"})
        intake.complete(WORKER, "ask", ANSWERS)
        shown = intake.engine.tasks.form(WORKER, intake.task(WORKER, "review").id)
        assert shown.data == {"age": 30}
        assert shown.form is not None
        assert shown.form["id"] == "review"
        partner = intake.engine.tasks.form(OFFICER, intake.task(OFFICER, "partner").id)
        assert partner.data == {}, "a partner sees nothing but what the form shows"
        log = intake.engine.access_log.list(AUDITOR).items
        assert [line.actor for line in log] == [OFFICER.username, WORKER.username]

    def test_a_completed_form_shows_its_answers(self, intake: Desk) -> None:
        intake.start("intake")
        done = intake.complete(WORKER, "ask", ANSWERS)
        assert intake.engine.tasks.form(WORKER, done.id).data == ANSWERS

    def test_options_come_from_the_source_and_bind_the_answer(self, desk: Desk) -> None:
        class Places:
            name = "units"

            def options(self, _tx: Transaction, query: SourceQuery) -> Sequence[Option]:
                assert query.instance.unit == "naf:north"
                assert query.properties["source"] == "units"
                return [Option("mol:north", "شمال", "North")]

        desk.engine.add_source(Places())
        desk.deploy(
            p__bpmn=d.diagram(
                "p", [d.start(), d.user_task("t", form="f"), d.end(), d.chain("start", "t", "end")]
            ),
            f__form=d.form("f", d.reference_field("place", "units")),
        )
        desk.start("p")
        shown = desk.engine.tasks.form(WORKER, desk.task(WORKER, "t").id)
        assert shown.options == {"place": (Option("mol:north", "شمال", "North"),)}
        with pytest.raises(Invalid) as error:
            desk.complete(WORKER, "t", {"place": "mol:south"})
        assert list(error.value.errors) == ["place"]
        desk.complete(WORKER, "t", {"place": "mol:north"})
