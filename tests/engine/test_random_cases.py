"""Random sequences of verbs: no illegal state, replay equals what is stored, chains verify."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.clock import SimulatedClock
from engine.crypto import Keyring
from engine.errors import Conflict, EngineError
from engine.open_case import NEXT_STATES
from engine.records import Actor, InstanceState, TaskState
from engine.store.database import Database
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ADMIN,
    COORDINATOR,
    HEAD,
    OFFICER,
    STRANGER,
    WORKER,
    Desk,
    Recorder,
    SystemTime,
    engine_on,
)

PEOPLE = st.sampled_from([WORKER, HEAD, OFFICER, STRANGER])

LOOP = d.diagram(
    "loop",
    [
        d.start(),
        d.gateway("exclusive", "again"),
        d.gateway("parallel", "split"),
        d.user_task("ask", form="answers"),
        d.boundary_timer("nudge", "ask", "R/P1D", shape="timeCycle", interrupting=False),
        d.user_task("partner", "mol_officer", unit='="mol:north"'),
        d.boundary_timer("late", "partner", "P2D"),
        d.message_catch("hear", "news", {"age": "=age"}),
        d.gateway("exclusive", "heard"),
        d.gateway("parallel", "join"),
        d.gateway("exclusive", "enough", "enough_again"),
        d.end(),
        d.end("nudged"),
        d.chain("start", "again", "split", "ask", "join", "enough", "again"),
        d.chain("split", "partner", "heard", "join"),
        d.chain("late", "hear", "heard"),
        d.chain("nudge", "nudged"),
        d.flow("enough", "end", "=age &gt; 50"),
    ],
    messages={"news": "=case.business_key"},
)
ANSWERS = d.form("answers", d.number_field("age"))


class Verbs(RuleBasedStateMachine):
    """Gives verbs to one case, whatever they lead to."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "rihla.db"
        copyfile(self.template, path)
        database = Database(f"sqlite:///{path}")
        database.close()
        clock = SimulatedClock(database)
        clock.set_up(datetime(2026, 1, 4, 7, 0, tzinfo=UTC))
        engine = engine_on(database, Keyring(bytes(range(32))), SystemTime())
        recorder = Recorder()
        engine.take_part(recorder)
        self.desk = Desk(engine, recorder, SystemTime())
        self.state = InstanceState.ACTIVE

    @initialize()
    def open(self) -> None:
        self.desk.deploy(loop__bpmn=LOOP, answers__form=ANSWERS)
        self.case = self.desk.start("loop", business_key="K").id

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """A verb may be refused, in the engine's own words and no others."""
        with suppress(EngineError):
            yield

    def some_task(self, data: st.DataObject, state: TaskState = TaskState.OPEN) -> str | None:
        ids = [
            task.id
            for who in (HEAD, OFFICER, STRANGER)
            for task in self.desk.tasks(who, state=state)
        ]
        return data.draw(st.sampled_from(ids)) if ids else None

    @rule(data=st.data(), who=PEOPLE, age=st.none() | st.integers(-5, 130))
    def complete(self, data: st.DataObject, who: Actor, age: int | None) -> None:
        task_id = self.some_task(data)
        if task_id is None:
            return
        with self.refusals():
            task = self.desk.engine.tasks.get(who, task_id)
            answers = {"age": age} if task.form else {}
            done = self.desk.engine.tasks.complete(
                who, task_id, revision=task.revision, data=answers
            )
            assert done.task.state is TaskState.COMPLETED
            with pytest.raises(Conflict):
                self.desk.engine.tasks.complete(
                    who, task_id, revision=done.task.revision, data=answers
                )

    @rule(data=st.data(), who=PEOPLE, verb=st.sampled_from(["claim", "release"]))
    def hold(self, data: st.DataObject, who: Actor, verb: str) -> None:
        task_id = self.some_task(data)
        if task_id is not None:
            with self.refusals():
                getattr(self.desk.engine.tasks, verb)(who, task_id)

    @rule(data=st.data(), age=st.integers(0, 120))
    def correct(self, data: st.DataObject, age: int) -> None:
        task_id = self.some_task(data, TaskState.COMPLETED)
        if task_id is not None:
            with self.refusals():
                self.desk.engine.tasks.correct(HEAD, task_id, {"age": age}, "a slip")

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.desk.advance(hours=hours)

    @rule(age=st.none() | st.integers(0, 120))
    def news(self, age: int | None) -> None:
        self.desk.engine.messages.publish(ADMIN, "news", "K", {"age": age})

    @rule()
    def retry(self) -> None:
        for incident in self.desk.engine.incidents.list(COORDINATOR).items:
            self.desk.engine.incidents.retry(COORDINATOR, incident.id)

    @rule(unit=st.sampled_from(["naf:north", "naf:south"]))
    def transfer(self, unit: str) -> None:
        with self.refusals():
            self.desk.engine.cases.transfer(COORDINATOR, self.case, unit, "moved")

    @precondition(lambda self: len(self.desk.recorder.outcomes) > 8)
    @rule()
    def cancel(self) -> None:
        with self.refusals():
            self.desk.engine.cases.cancel(COORDINATOR, self.case, "enough")

    @invariant()
    def replay_equals_what_is_stored(self) -> None:
        if hasattr(self, "case"):
            assert self.desk.snapshot(self.case) == self.desk.replayed(self.case)

    @invariant()
    def rows_agree_with_the_state(self) -> None:
        if not hasattr(self, "case"):
            return
        case = self.desk.engine.cases.get(COORDINATOR, self.case)
        assert case.state in NEXT_STATES[self.state]
        self.state = case.state
        stored = self.desk.snapshot(self.case)
        open_tasks = {
            task.id.partition(".")[2]
            for who in (HEAD, OFFICER, STRANGER)
            for task in self.desk.tasks(who)
        }
        assert open_tasks == set(stored.open_tasks)
        assert case.active_elements == tuple(sorted({e for e, _ in stored.active_elements}))
        assert (case.state is InstanceState.COMPLETED) == stored.completed
        assert (case.state is InstanceState.CANCELLED) == stored.cancelled
        with self.desk.engine.database.reading() as transaction:
            assert self.desk.engine.history.verify(transaction, self.case).ok

    def teardown(self) -> None:
        self.desk.engine.close()
        self.folder.cleanup()


def test_random_verbs(sqlite_template: Path) -> None:
    Verbs.template = sqlite_template
    run_state_machine_as_test(
        Verbs,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
