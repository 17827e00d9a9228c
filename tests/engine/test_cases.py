"""The verbs of cases: start, look at, list, cancel, transfer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.commands import IdempotencyKey
from engine.errors import Conflict, Forbidden, Invalid, KeyReused, NotFound
from engine.open_case import NEXT_STATES
from engine.records import InstanceState, Paging
from engine.store.cases import process_instance
from engine.store.timers import timer
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


class TestStarting:
    def test_a_case_belongs_to_its_starters_unit(self, intake: Desk) -> None:
        case = intake.start("intake", business_key="K", variables={"person": "p", "n": [1, None]})
        assert (case.process, case.version, case.unit, case.business_key) == (
            "intake", 1, "naf:north", "K",
        )  # fmt: skip
        assert case.state is InstanceState.ACTIVE
        assert case.started_by == WORKER.username
        assert case.active_elements == ("ask",)
        assert case.variables == {"person": "p", "n": [1, None]}
        assert intake.engine.cases.get(WORKER, case.id) == case

    def test_who_may_start(self, intake: Desk) -> None:
        for other in (HEAD, OFFICER, COORDINATOR):
            with pytest.raises(Forbidden, match="starterGroups"):
                intake.start("intake", other)
        with pytest.raises(Forbidden):
            intake.start("intake", AUDITOR)
        with pytest.raises(Forbidden):
            intake.start("intake", WORKER, unit="naf:south")
        assert intake.start("intake", ADMIN, unit="naf:south").unit == "naf:south"

    def test_what_cannot_be_started(self, intake: Desk) -> None:
        with pytest.raises(NotFound):
            intake.start("nothing")
        with pytest.raises(NotFound):
            intake.start("intake", version=2)
        with pytest.raises(Invalid):
            intake.start("intake", replace(WORKER, units=frozenset({"naf:north", "naf:south"})))
        with pytest.raises(Invalid):
            intake.start("intake", business_key="")
        with pytest.raises(Invalid):
            intake.start("intake", ADMIN, unit="Nowhere!")
        intake.engine.identity.users.unit_exists = lambda _tx, unit: unit == "naf:north"
        with pytest.raises(Invalid):
            intake.start("intake", ADMIN, unit="naf:south")
        assert intake.count(process_instance) == 0

    def test_the_same_key_starts_one_case(self, intake: Desk) -> None:
        key = IdempotencyKey("s", "k", "h")
        first = intake.start("intake", idempotency=key, variables={"person": "لمى"})
        assert intake.start("intake", idempotency=key) == first
        with pytest.raises(KeyReused):
            intake.start("intake", idempotency=replace(key, body_hash="x"))
        assert intake.count(process_instance) == 1

    def test_nothing_personal_is_stored_in_clear(self, intake: Desk) -> None:
        key = IdempotencyKey("s", "k", "h")
        case = intake.start("intake", variables={"person": "Secretname"}, idempotency=key)
        intake.complete(WORKER, "ask", {"name": "Secretname", "age": 3})
        with intake.engine.database.reading() as transaction:
            for name in ("process_instance", "journal", "submission", "idempotency"):
                rows = transaction.connection.exec_driver_sql(f"SELECT * FROM {name}").all()  # noqa: S608
                assert rows
                assert "Secretname" not in repr(rows)
        assert intake.engine.cases.get(WORKER, case.id).variables["person"] == "Secretname"


class TestLooking:
    def test_variables_are_for_those_who_may_read_them(self, intake: Desk) -> None:
        case = intake.start("intake", variables={"person": "p"})
        get = intake.engine.cases.get
        for reader in (WORKER, HEAD, AUDITOR):
            assert get(reader, case.id).variables == {"person": "p"}
        for looker in (COORDINATOR, OWNER, ADMIN):
            assert get(looker, case.id).variables == {}
        for nobody in (STRANGER, OFFICER):
            with pytest.raises(NotFound):
                get(nobody, case.id)
        for wrong in ("nothing", "a\0b"):
            with pytest.raises(NotFound):
                get(WORKER, wrong)
        log = intake.engine.access_log.list(AUDITOR).items
        assert {line.actor for line in log} == {r.username for r in (WORKER, HEAD, AUDITOR)}

    def test_lists(self, intake: Desk) -> None:
        made = [intake.start("intake", business_key=f"K{n}").id for n in range(5)]
        far = intake.start("intake", STRANGER).id
        cases = intake.engine.cases

        def ids(actor: object = WORKER, **filters: object) -> list[str]:
            return [c.id for c in cases.list(actor, **filters).items]  # type: ignore[arg-type]

        assert ids() == made[::-1]
        assert ids(COORDINATOR) == [far, *made[::-1]]
        assert ids(OFFICER) == []
        assert ids(business_key="K2") == [made[2]]
        assert ids(AUDITOR, unit="naf:south") == [far]
        assert ids(process="intake", version=2) == []
        assert ids(state=InstanceState.COMPLETED) == []
        intake.complete(WORKER, "ask", ANSWERS, instance=made[0])
        assert ids(element="partner") == [made[0]]
        assert ids(element="ask") == made[:0:-1]
        first = cases.list(WORKER, paging=Paging(3))
        second = cases.list(WORKER, paging=Paging(3, first.next_cursor))
        assert [c.id for c in first.items + second.items] == made[::-1]
        assert second.next_cursor is None

    def test_of_a_subject(self, intake: Desk) -> None:
        first = intake.start("intake", subject="person:1").id
        second = intake.start("intake", STRANGER, subject="person:1").id
        intake.start("intake", subject="person:2")
        with intake.engine.database.reading() as transaction:
            found = intake.engine.cases.of_subject(transaction, "person:1")
        assert {case.id for case in found} == {first, second}


class TestCancelling:
    def test_everything_of_the_case_closes(self, desk: Desk) -> None:
        desk.deploy(
            p__bpmn=d.diagram(
                "p",
                [
                    d.start(),
                    d.user_task("t"),
                    d.boundary_timer("late", "t", "P1D"),
                    d.end(),
                    d.end("end2"),
                    d.chain("start", "t", "end"),
                    d.chain("late", "end2"),
                ],
            )
        )
        case = desk.start("p")
        assert desk.count(timer) == 1
        ended = desk.engine.cases.cancel(HEAD, case.id, "moved abroad")
        assert ended.state is InstanceState.CANCELLED
        assert ended.ended_at is not None
        assert desk.tasks(WORKER) == []
        assert desk.count(timer) == 0
        assert desk.recorder.outcomes[-1].details == {"reason": "moved abroad"}
        assert desk.snapshot(case.id) == desk.replayed(case.id)
        for verb in (desk.engine.cases.cancel,):
            with pytest.raises(Conflict):
                verb(HEAD, case.id, "again")

    def test_who_may(self, intake: Desk) -> None:
        case = intake.start("intake")
        cancel = intake.engine.cases.cancel
        for known in (WORKER, OWNER, ADMIN, AUDITOR):
            with pytest.raises(Forbidden):
                cancel(known, case.id, "x")
        for unknown in (STRANGER, OFFICER):
            with pytest.raises(NotFound):
                cancel(unknown, case.id, "x")
        with pytest.raises(Invalid):
            cancel(HEAD, case.id, " ")
        cancel(COORDINATOR, case.id, "x")


class TestTransferring:
    def test_the_units_tasks_go_along_unclaimed(self, intake: Desk) -> None:
        case = intake.start("intake")
        done = intake.complete(WORKER, "ask", ANSWERS)
        review = intake.task(WORKER, "review")
        intake.engine.tasks.claim(WORKER, review.id)
        intake.engine.tasks.draft(WORKER, review.id, {"age": 9})
        moved = intake.engine.cases.transfer(HEAD, case.id, "naf:south", "she moved")
        assert moved.unit == "naf:south"
        assert intake.tasks(WORKER) == []
        there = intake.task(STRANGER, "review")
        assert (there.assignee, there.unit) == (None, "naf:south")
        assert intake.engine.tasks.form(STRANGER, there.id).draft == {"age": 9}
        assert intake.task(OFFICER, "partner").unit == "mol:north"
        assert intake.engine.tasks.get(WORKER, done.id).unit == "naf:north", "made there"
        with pytest.raises(NotFound):
            intake.engine.cases.get(WORKER, case.id)
        assert intake.recorder.outcomes[-1].details == {
            "reason": "she moved", "from": "naf:north", "to": "naf:south",
        }  # fmt: skip
        intake.complete(STRANGER, "review", {"age": 30})
        intake.complete(OFFICER, "partner", {"reply": "yes"})
        south_head = replace(HEAD, username="head.south", units=frozenset({"naf:south"}))
        assert intake.task(south_head, "confirm").unit == "naf:south"
        assert intake.snapshot(case.id) == intake.replayed(case.id)

    def test_refusals(self, intake: Desk) -> None:
        case = intake.start("intake")
        transfer = intake.engine.cases.transfer
        with pytest.raises(Conflict):
            transfer(HEAD, case.id, "naf:north", "x")
        with pytest.raises(Forbidden):
            transfer(WORKER, case.id, "naf:south", "x")
        with pytest.raises(Invalid):
            transfer(HEAD, case.id, "naf south", "x")
        with pytest.raises(Invalid, match="of that kind"):
            transfer(HEAD, case.id, "mol:irbid", "x")
        with pytest.raises(Invalid):
            transfer(HEAD, case.id, "naf:south", "")
        intake.engine.cases.cancel(HEAD, case.id, "x")
        with pytest.raises(Conflict):
            transfer(HEAD, case.id, "naf:south", "x")


def test_an_ended_case_stays_ended() -> None:
    ended = {InstanceState.COMPLETED, InstanceState.CANCELLED}
    assert set(NEXT_STATES) == set(InstanceState)
    for state, following in NEXT_STATES.items():
        assert (following == {state}) == (state in ended)
        assert InstanceState.CANCELLED in following or state is InstanceState.COMPLETED


def test_a_person_s_erasure_leaves_the_case_unreadable(intake: Desk) -> None:
    from engine.errors import KeyDestroyed

    case = intake.start("intake", subject="person:1")
    with intake.engine.database.transaction() as transaction:
        intake.engine.keyring.destroy(transaction, "person:1")
    intake.engine.parts.live.forget(case.id)
    with pytest.raises(KeyDestroyed):
        intake.complete(WORKER, "ask", ANSWERS)
    with intake.engine.database.reading() as transaction:
        assert intake.engine.history.verify(transaction, case.id).ok
    assert intake.engine.cases.get(OWNER, case.id)
