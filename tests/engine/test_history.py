"""Incidents, the journal of a case, and replay."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.records import InstanceState, Paging
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ADMIN,
    ANSWERS,
    AUDITOR,
    COORDINATOR,
    HEAD,
    OFFICER,
    OWNER,
    STRANGER,
    WORKER,
    Desk,
)


class TestHistory:
    def test_entries_tell_who_did_what_with_which_data(self, intake: Desk) -> None:
        case = intake.start("intake", variables={"person": "p"})
        intake.complete(WORKER, "ask", ANSWERS)
        entries = intake.engine.history.entries(HEAD, case.id).items
        assert [(e.seq, e.kind, e.actor) for e in entries] == [
            (1, "start", WORKER.username), (2, "complete", WORKER.username),
        ]  # fmt: skip
        assert (entries[1].element_id, entries[1].element_name) == ("ask", "ask task")
        assert entries[1].flow_ids == ("ask_split", "split_review", "split_partner")
        assert entries[1].data["submission"]["data"] == ANSWERS
        assert len(entries[1].hash) == 64
        header = entries[1].header  # type: ignore[attr-defined]
        assert (header["process"], header["version"], header["form"]) == ("intake", 1, "answers")

    def test_pages(self, intake: Desk) -> None:
        case = intake.start("intake")
        task = intake.task(WORKER, "ask")
        for _ in range(2):
            intake.engine.tasks.claim(WORKER, task.id)
            intake.engine.tasks.release(WORKER, task.id)
        seqs, cursor = [], None
        while True:
            page = intake.engine.history.entries(HEAD, case.id, Paging(2, cursor))
            seqs += [entry.seq for entry in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seqs == [1, 2, 3, 4, 5]
        with pytest.raises(Invalid):
            intake.engine.history.entries(HEAD, case.id, Paging(2, "x"))

    def test_who_may_read_it(self, intake: Desk) -> None:
        case = intake.start("intake", variables={"person": "p"})
        history = intake.engine.history
        for reader in (WORKER, HEAD, AUDITOR):
            assert history.entries(reader, case.id).items[0].data["facts"]
            assert history.replay(reader, case.id).variables == {"person": "p"}
        assert history.entries(OWNER, case.id).items[0].data == {}
        assert history.replay(OWNER, case.id).variables == {}
        assert history.replay(OWNER, case.id).active_elements == ("ask",)
        for known in (COORDINATOR, ADMIN):
            with pytest.raises(Forbidden):
                history.entries(known, case.id)
        for nobody in (STRANGER, OFFICER):
            with pytest.raises(NotFound):
                history.entries(nobody, case.id)
        with pytest.raises(NotFound):
            history.replay(WORKER, "nothing")

    def test_the_chain_verifies_and_shows_an_entry_cut_off(self, intake: Desk) -> None:
        case = intake.start("intake")
        intake.complete(WORKER, "ask", ANSWERS)
        with intake.engine.database.reading() as transaction:
            report = intake.engine.history.verify(transaction, case.id)
        assert (report.ok, report.entries) == (True, 2)


class TestReplay:
    def test_every_moment_as_it_stood(self, intake: Desk) -> None:
        case = intake.start("intake", variables={"person": "p"})
        intake.complete(WORKER, "ask", ANSWERS)
        intake.complete(OFFICER, "partner", {"reply": "yes"})
        replay = intake.engine.history.replay
        first = replay(HEAD, case.id, 1)
        assert (first.active_elements, first.flows) == (("ask",), ("start_ask",))
        assert [t["element_id"] for t in first.open_tasks] == ["ask"]
        second = replay(HEAD, case.id, 2)
        assert second.active_elements == ("partner", "review")
        assert second.variables == {"person": "p", **ANSWERS}
        assert {t["id"] for t in second.open_tasks} >= {intake.task(WORKER, "review").id}
        third = replay(HEAD, case.id, 3)
        assert third.flows[-1] == "partner_join"
        assert replay(HEAD, case.id) == third
        for wrong in (0, 4, -1):
            with pytest.raises(Invalid):
                replay(HEAD, case.id, wrong)


class TestIncidents:
    BROKEN = d.diagram(
        "broken",
        [
            d.start(),
            d.user_task("ask", form="answers"),
            d.gateway("exclusive", "old", "old_no"),
            d.user_task("yes"),
            d.user_task("no"),
            d.end("end1"),
            d.end("end2"),
            d.chain("start", "ask", "old"),
            d.flow("old", "yes", "=age &gt; 18"),
            d.flow("old", "no"),
            d.chain("yes", "end1"),
            d.chain("no", "end2"),
        ],
    )

    @pytest.fixture
    def broken(self, desk: Desk) -> Desk:
        desk.deploy(
            broken__bpmn=self.BROKEN, answers__form=d.form("answers", d.number_field("age"))
        )
        return desk

    def test_a_null_condition_stands_until_the_answer_is_corrected(self, broken: Desk) -> None:
        case = broken.start("broken")
        done = broken.complete(WORKER, "ask", {})
        assert broken.engine.cases.get(WORKER, case.id).state is InstanceState.INCIDENT
        [incident] = broken.engine.incidents.list(COORDINATOR).items
        assert incident.element_id == "old"
        assert incident.resolved_at is None
        retry = broken.engine.incidents.retry
        assert retry(COORDINATOR, incident.id).resolved_at is not None, "another takes its place"
        [incident] = broken.engine.incidents.list(COORDINATOR).items
        broken.engine.tasks.correct(WORKER, done.id, {"age": 20}, "forgotten")
        retry(COORDINATOR, incident.id)
        assert broken.engine.incidents.list(COORDINATOR).items == ()
        assert len(broken.engine.incidents.list(COORDINATOR, state="resolved").items) == 2
        assert broken.task(WORKER, "yes")
        with pytest.raises(Conflict):
            retry(COORDINATOR, incident.id)
        assert broken.snapshot(case.id) == broken.replayed(case.id)

    def test_who_sees_and_who_may_retry(self, broken: Desk) -> None:
        case = broken.start("broken")
        broken.complete(WORKER, "ask", {})
        [incident] = broken.engine.incidents.list(WORKER).items
        assert broken.engine.incidents.list(STRANGER).items == ()
        retry = broken.engine.incidents.retry
        for known in (WORKER, HEAD, AUDITOR):
            with pytest.raises(Forbidden):
                retry(known, incident.id)
        for nobody in (STRANGER, OFFICER):
            with pytest.raises(NotFound):
                retry(nobody, incident.id)
        with pytest.raises(NotFound):
            retry(ADMIN, "nothing")
        with pytest.raises(Invalid):
            broken.engine.incidents.list(ADMIN, state="odd")
        for allowed in (OWNER, ADMIN):
            [current] = broken.engine.incidents.list(ADMIN).items
            retry(allowed, current.id)
        broken.engine.cases.cancel(HEAD, case.id, "x")
        assert broken.engine.incidents.list(ADMIN).items == ()
