"""Correcting the answers of a finished task: who may, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.records import InstanceState, Role, TaskState
from engine.store.submissions import submission
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ANSWERS,
    HEAD,
    OFFICER,
    STRANGER,
    WORKER,
    Desk,
)


class TestCorrecting:
    def test_a_new_version_with_a_reason(self, intake: Desk) -> None:
        case = intake.start("intake")
        done = intake.complete(WORKER, "ask", ANSWERS)
        corrected = intake.engine.tasks.correct(
            HEAD, done.id, {"name": "ليلى", "age": 40}, "a slip of the pen"
        )
        assert corrected.state is TaskState.COMPLETED
        assert intake.engine.cases.get(WORKER, case.id).variables["age"] == 40
        outcome = intake.recorder.outcomes[-1]
        assert outcome.command == "correct"
        assert outcome.submission is not None
        assert (outcome.submission.version, outcome.submission.reason) == (2, "a slip of the pen")
        assert intake.engine.tasks.form(WORKER, done.id).data["age"] == 40
        assert intake.snapshot(case.id) == intake.replayed(case.id)
        intake.complete(WORKER, "review", {"age": 40})
        intake.complete(OFFICER, "partner", {"reply": "yes"})
        assert intake.engine.cases.get(WORKER, case.id).variables["next_age"] == 41

    def test_refusals(self, intake: Desk) -> None:
        intake.start("intake")
        tasks, open_task = intake.engine.tasks, intake.task(WORKER, "ask")
        with pytest.raises(Conflict):
            tasks.correct(WORKER, open_task.id, ANSWERS, "why")
        done = intake.complete(WORKER, "ask", ANSWERS)
        with pytest.raises(Invalid):
            tasks.correct(WORKER, done.id, ANSWERS, "  ")
        with pytest.raises(Invalid) as error:
            tasks.correct(WORKER, done.id, {"name": "x", "age": 500}, "why")
        assert list(error.value.errors) == ["age"]
        with pytest.raises(NotFound):
            tasks.correct(STRANGER, done.id, ANSWERS, "why")
        partner = intake.complete(OFFICER, "partner", {"reply": "yes"})
        with pytest.raises(Forbidden):
            tasks.correct(OFFICER, partner.id, {"reply": "no"}, "why")
        assert intake.count(submission) == 2

    def test_an_ended_case_is_corrected_without_moving(self, intake: Desk) -> None:
        case = intake.start("intake")
        done = intake.complete(WORKER, "ask", ANSWERS)
        intake.engine.cases.cancel(HEAD, case.id, "moved away")
        intake.engine.tasks.correct(WORKER, done.id, {"name": "x", "age": 1}, "why")
        ended = intake.engine.cases.get(WORKER, case.id)
        assert ended.state is InstanceState.CANCELLED
        assert ended.variables["age"] == 30

    def test_the_diagram_may_ask_again(self, desk: Desk) -> None:
        desk.deploy(
            p__bpmn=d.diagram(
                "p",
                [
                    d.start(),
                    d.user_task("ask", form="answers"),
                    d.message_catch("wait", "submission_corrected"),
                    d.user_task("again"),
                    d.end(),
                    d.chain("start", "ask", "wait", "again", "end"),
                ],
                messages={"submission_corrected": "=case.id"},
            ),
            answers__form=d.form("answers", d.number_field("age")),
        )
        desk.start("p")
        done = desk.complete(WORKER, "ask", {"age": 1})
        assert desk.tasks(WORKER) == []
        desk.engine.tasks.correct(WORKER, done.id, {"age": 2}, "why")
        assert [t.element_id for t in desk.tasks(WORKER)] == ["again"]


def test_roles_that_may_correct_are_those_of_the_branch(intake: Desk) -> None:
    intake.start("intake")
    done = intake.complete(WORKER, "ask", ANSWERS)
    both = replace(OFFICER, roles=frozenset({Role.MOL_OFFICER}), units=frozenset({"naf:north"}))
    with pytest.raises(NotFound):
        intake.engine.tasks.correct(both, done.id, ANSWERS, "why")
