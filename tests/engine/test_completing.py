"""Completing user tasks: answers, conflicts, two people at once, unusual answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.commands import IdempotencyKey
from engine.errors import Conflict, Invalid, KeyReused, NotFound
from engine.records import Actor, InstanceState, TaskState
from engine.store.submissions import submission
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ANSWERS,
    COLLEAGUE,
    HEAD,
    OFFICER,
    STRANGER,
    WORKER,
    Desk,
)


class TestCompleting:
    def test_a_whole_case(self, intake: Desk) -> None:
        case = intake.start("intake")
        task = intake.task(WORKER, "ask")
        done = intake.engine.tasks.complete(WORKER, task.id, revision=task.revision, data=ANSWERS)
        assert done.task.state is TaskState.COMPLETED
        assert (done.task.assignee, done.task.completed_by) == (WORKER.username,) * 2
        assert [t.element_id for t in done.next_tasks] == ["review"], "only the caller's own"
        intake.complete(WORKER, "review", {"age": 31})
        intake.complete(OFFICER, "partner", {"reply": "yes"})
        assert intake.engine.cases.get(WORKER, case.id).variables["next_age"] == 32
        intake.complete(HEAD, "confirm")
        ended = intake.engine.cases.get(WORKER, case.id)
        assert ended.state is InstanceState.COMPLETED
        assert ended.ended_at is not None
        assert ended.active_elements == ()
        assert [t.element_id for t in intake.tasks(WORKER, state=TaskState.COMPLETED)] != []
        commands = [o.command for o in intake.recorder.outcomes]
        assert commands == ["start"] + ["complete"] * 4
        made = [o.submission for o in intake.recorder.outcomes if o.submission]
        assert [s.form for s in made] == ["answers", "review", "partner"]
        assert made[0].data == ANSWERS

    def test_bad_answers_come_back_by_field_and_change_nothing(self, intake: Desk) -> None:
        case = intake.start("intake")
        before = intake.snapshot(case.id)
        with pytest.raises(Invalid) as error:
            intake.complete(WORKER, "ask", {"age": 300, "other": 1})
        assert set(error.value.errors) == {"age", "name", "other"}
        assert intake.snapshot(case.id) == before
        assert intake.kinds(case.id) == ["start"]
        intake.complete(WORKER, "ask", ANSWERS)

    def test_a_task_without_a_form_takes_no_answers(self, intake: Desk) -> None:
        intake.start("intake")
        intake.complete(WORKER, "ask", ANSWERS)
        intake.complete(WORKER, "review", {"age": 30})
        intake.complete(OFFICER, "partner", {"reply": "yes"})
        with pytest.raises(Invalid) as error:
            intake.complete(HEAD, "confirm", {"x": 1})
        assert list(error.value.errors) == ["_"]
        intake.complete(HEAD, "confirm")

    def test_conflicts(self, intake: Desk) -> None:
        intake.start("intake")
        tasks, task = intake.engine.tasks, intake.task(WORKER, "ask")
        tasks.claim(WORKER, task.id)
        with pytest.raises(Conflict, match="revision"):
            tasks.complete(WORKER, task.id, revision=task.revision, data=ANSWERS)
        with pytest.raises(Conflict, match="claimed by"):
            tasks.complete(COLLEAGUE, task.id, revision=task.revision + 1, data=ANSWERS)
        with pytest.raises(NotFound):
            tasks.complete(STRANGER, task.id, revision=task.revision + 1, data=ANSWERS)
        tasks.complete(WORKER, task.id, revision=task.revision + 1, data=ANSWERS)
        with pytest.raises(Conflict, match="no longer open"):
            tasks.complete(WORKER, task.id, revision=task.revision + 1, data=ANSWERS)
        for verb in (tasks.claim, tasks.release):
            with pytest.raises(Conflict):
                verb(WORKER, task.id)
        with pytest.raises(NotFound):
            tasks.get(WORKER, "no\0such")

    def test_a_parallel_task_keeps_its_revision(self, intake: Desk) -> None:
        intake.start("intake")
        intake.complete(WORKER, "ask", ANSWERS)
        partner = intake.task(OFFICER, "partner")
        intake.complete(WORKER, "review", {"age": 30})
        assert intake.task(OFFICER, "partner") == partner

    def test_the_same_key_gets_the_first_answer(self, intake: Desk) -> None:
        intake.start("intake")
        task = intake.task(WORKER, "ask")
        key = IdempotencyKey("worker POST complete", "k1", "hash")

        def send(key: IdempotencyKey) -> Any:
            return intake.engine.tasks.complete(
                WORKER, task.id, revision=task.revision, data=ANSWERS, idempotency=key
            )

        first = send(key)
        assert send(key) == first
        with pytest.raises(KeyReused):
            send(replace(key, body_hash="other"))
        with pytest.raises(Conflict):
            send(replace(key, key="k2"))
        assert intake.count(submission) == 1

    def test_a_failed_command_is_not_remembered(self, intake: Desk) -> None:
        intake.start("intake")
        task = intake.task(WORKER, "ask")
        key = IdempotencyKey("s", "k", "h")
        complete = intake.engine.tasks.complete
        with pytest.raises(Invalid):
            complete(WORKER, task.id, revision=task.revision, data={}, idempotency=key)
        complete(WORKER, task.id, revision=task.revision, data=ANSWERS, idempotency=key)

    def test_a_failing_participant_undoes_everything(self, intake: Desk) -> None:
        case = intake.start("intake")
        before = intake.snapshot(case.id)
        intake.recorder.fails = lambda outcome: outcome.command == "complete"
        with pytest.raises(RuntimeError):
            intake.complete(WORKER, "ask", ANSWERS)
        assert intake.snapshot(case.id) == before
        assert intake.count(submission) == 0
        intake.recorder.fails = lambda outcome: False
        intake.complete(WORKER, "ask", ANSWERS)
        assert intake.snapshot(case.id) == intake.replayed(case.id)


class TestTwoAtOnce:
    """Two processes with connections of their own."""

    def run(self, *jobs: Callable[[], Any]) -> list[Any]:
        results: list[Any] = [None] * len(jobs)
        ready = threading.Barrier(len(jobs))

        def work(number: int, job: Callable[[], Any]) -> None:
            ready.wait()
            try:
                results[number] = job()
            except Exception as error:
                results[number] = error

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    @pytest.mark.parametrize("_round", range(3))
    def test_one_task_is_completed_once(
        self, intake: Desk, another_desk: Callable[[], Desk], _round: int
    ) -> None:
        case = intake.start("intake")
        task = intake.task(WORKER, "ask")
        other = another_desk()

        def complete(desk: Desk, who: Actor) -> Any:
            return desk.engine.tasks.complete(who, task.id, revision=task.revision, data=ANSWERS)

        results = self.run(lambda: complete(intake, WORKER), lambda: complete(other, COLLEAGUE))
        assert sorted(isinstance(r, Conflict) for r in results) == [False, True], results
        assert intake.snapshot(case.id) == intake.replayed(case.id)

    @pytest.mark.parametrize("_round", range(3))
    def test_parallel_tasks_do_not_disturb_each_other(
        self, intake: Desk, another_desk: Callable[[], Desk], _round: int
    ) -> None:
        other = another_desk()
        case = intake.start("intake")
        intake.complete(WORKER, "ask", ANSWERS)
        results = self.run(
            lambda: intake.complete(WORKER, "review", {"age": 30}),
            lambda: other.complete(OFFICER, "partner", {"reply": "r"}),
        )
        assert [t.state for t in results] == [TaskState.COMPLETED] * 2, results
        assert intake.engine.cases.get(HEAD, case.id).active_elements == ("confirm",)
        assert intake.snapshot(case.id) == intake.replayed(case.id)

    @pytest.mark.parametrize("_round", range(3))
    def test_the_same_request_twice_at_once(
        self, intake: Desk, another_desk: Callable[[], Desk], _round: int
    ) -> None:
        other = another_desk()
        intake.start("intake")
        task = intake.task(WORKER, "ask")
        key = IdempotencyKey("s", "k", "h")

        def complete(desk: Desk) -> Any:
            return desk.engine.tasks.complete(
                WORKER, task.id, revision=task.revision, data=ANSWERS, idempotency=key
            )

        first, second = self.run(lambda: complete(intake), lambda: complete(other))
        assert first == second


def test_unusual_answers_are_pointed_out_before_they_are_sent(desk: Desk) -> None:
    age = d.number_field("age", required=True)
    age["properties"]["warn_max"] = "60"
    desk.deploy(
        p__bpmn=d.diagram(
            "p",
            [d.start(), d.user_task("ask", form="f"), d.end(), d.chain("start", "ask", "end")],
        ),
        f__form=d.form("f", age),
    )
    desk.start("p")
    task, warnings = desk.task(WORKER, "ask"), desk.engine.tasks.warnings
    assert set(warnings(WORKER, task.id, {"age": 70}, "en")) == {"age"}
    assert warnings(WORKER, task.id, {"age": 30}) == {}
    assert warnings(WORKER, task.id, {"age": 700}) == {}  # refused anyway
    with pytest.raises(NotFound):
        warnings(STRANGER, task.id, {"age": 70})
    done = desk.complete(WORKER, "ask", {"age": 70})
    assert warnings(WORKER, done.id, {"age": 70}) == {}
