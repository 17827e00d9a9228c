"""Timers: exactly once, in order, and a case that cannot go on keeps nobody waiting."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import Forbidden, Invalid, NotFound
from engine.parts import back_off
from engine.records import InstanceState
from engine.store import timers
from engine.store.timers import timer
from tests.conftest import START
from tests.engine import diagrams as d
from tests.engine.conftest import ADMIN, COORDINATOR, HEAD, WORKER, Desk

WAIT = d.diagram(
    "wait",
    [
        d.start(),
        d.timer_catch("pause", "P3D"),
        d.user_task("t", due="P1D"),
        d.boundary_timer("late", "t", "PT2H"),
        d.boundary_timer("remind", "t", "R/PT30M", shape="timeCycle", interrupting=False),
        d.end(),
        d.end("given_up"),
        d.end("reminded"),
        d.chain("start", "pause", "t", "end"),
        d.chain("late", "given_up"),
        d.chain("remind", "reminded"),
    ],
    starters="case_worker",
)


ROOT = Path(__file__).parents[2]
SCHEDULER = """
import sys
from engine.crypto import Keyring
from engine.store.database import Database
from tests.engine.conftest import SystemTime, engine_on
engine = engine_on(Database(sys.argv[1]), Keyring(bytes(range(32))), SystemTime())
while engine.timers.fire_next():
    print("fired", flush=True)
"""
"""One scheduler as a process of its own, to be killed in the middle of its work."""


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    desk.deploy(wait__bpmn=WAIT)
    return desk


def timer_outcomes(desk: Desk) -> list[tuple[str, timedelta]]:
    from bpmn import TimerCleared

    return [
        (next(f.element_id for f in o.facts if isinstance(f, TimerCleared)), o.at - START)
        for o in desk.recorder.outcomes
        if o.command == "timer"
    ]


class TestAdvancing:
    def test_one_by_one_at_their_due_times_new_ones_included(self, waiting: Desk) -> None:
        case = waiting.start("wait")
        assert waiting.advance(days=3, hours=5) == START + timedelta(days=3, hours=5)
        hours = [(e, (at - timedelta(days=3)) / timedelta(hours=1)) for e, at in
                 timer_outcomes(waiting)]  # fmt: skip
        assert hours[:4] == [("pause", 0), ("remind", 0.5), ("remind", 1), ("remind", 1.5)]
        assert ("late", 2) in hours
        assert len(hours) <= 6
        ended = waiting.engine.cases.get(WORKER, case.id)
        assert ended.state is InstanceState.COMPLETED
        assert ended.ended_at == START + timedelta(days=3, hours=2)
        assert waiting.count(timer) == 0
        assert waiting.snapshot(case.id) == waiting.replayed(case.id)

    def test_not_before_its_time(self, waiting: Desk) -> None:
        waiting.start("wait")
        waiting.advance(days=2, hours=23)
        assert waiting.tasks(WORKER) == []
        waiting.advance(hours=1)
        assert waiting.task(WORKER, "t").created_at == START + timedelta(days=3)

    def test_several_cases_in_the_order_of_time(self, waiting: Desk) -> None:
        waiting.start("wait")
        waiting.advance(hours=1)
        waiting.start("wait")
        waiting.advance(days=10)
        moments = [at for _, at in timer_outcomes(waiting)]
        assert moments == sorted(moments)
        assert len({o.instance.id for o in waiting.recorder.outcomes}) == 2

    def test_forward_only_and_by_an_administrator(self, waiting: Desk) -> None:
        advance = waiting.engine.advance.advance
        with pytest.raises(Forbidden):
            advance(COORDINATOR, delta=timedelta(days=1))
        with pytest.raises(Invalid):
            advance(ADMIN, delta=timedelta(days=-1))
        with pytest.raises(Invalid):
            advance(ADMIN, target=START - timedelta(seconds=1))
        with pytest.raises(Invalid):
            advance(ADMIN)
        with pytest.raises(Invalid):
            advance(ADMIN, delta=timedelta(days=999_999_999))
        assert advance(ADMIN, target=START + timedelta(days=1)) == START + timedelta(days=1)
        assert waiting.engine.advance.now(WORKER) == START + timedelta(days=1)

    def test_nobody_sets_the_systems_clock(self, waiting: Desk) -> None:
        from engine.clock import SystemClock

        waiting.engine.parts.clock = SystemClock()
        with pytest.raises(NotFound):
            waiting.advance(days=1)


class TestFiring:
    def test_two_schedulers_fire_each_timer_once(
        self, waiting: Desk, another_desk: Callable[[], Desk]
    ) -> None:
        for _ in range(20):
            waiting.start("wait")
        with waiting.engine.database.transaction() as transaction:
            waiting.engine.clock.advance(transaction, START + timedelta(days=3))  # type: ignore[attr-defined]
        desks = [waiting, another_desk()]
        errors: list[BaseException] = []

        def work(desk: Desk) -> None:
            try:
                while desk.engine.timers.fire_due(5):
                    pass
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        waiting.engine.timers.fire_due()
        assert errors == []
        fired = [o.instance.id for desk in desks for o in desk.recorder.outcomes
                 if o.command == "timer"]  # fmt: skip
        assert len(fired) == len(set(fired)) == 20
        assert len(waiting.tasks(WORKER)) == 20

    def test_of_one_case_the_earlier_timer_fires_first_and_none_is_lost(
        self, waiting: Desk
    ) -> None:
        case = waiting.start("wait")
        waiting.advance(days=3)
        self.move(waiting, timedelta(days=3, minutes=70))
        assert waiting.engine.timers.fire_due() == 2
        assert [element for element, _ in timer_outcomes(waiting)] == ["pause", "remind", "remind"]
        self.move(waiting, timedelta(days=3, hours=2))
        # The last reminder and the deadline fall on one moment; the deadline ends the case.
        waiting.engine.timers.fire_due()
        assert waiting.engine.cases.get(WORKER, case.id).state is InstanceState.COMPLETED
        assert waiting.count(timer) == 0
        assert waiting.snapshot(case.id) == waiting.replayed(case.id)

    def test_a_timer_that_somebody_took_meanwhile_does_not_fire(
        self, waiting: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was due when the cases were looked for may be gone when they are held."""
        cases = [waiting.start("wait").id for _ in range(3)]
        self.move(waiting, timedelta(days=3))
        of_cases = timers.of_cases
        monkeypatch.setattr(
            timers,
            "of_cases",
            lambda *given: tuple(r for r in of_cases(*given) if r.instance_id != cases[1]),
        )
        assert waiting.engine.timers.fire_due(50) == 2
        monkeypatch.undo()
        assert [waiting.kinds(case) for case in cases] == [
            ["start", "timer"], ["start"], ["start", "timer"],
        ]  # fmt: skip
        assert waiting.engine.timers.fire_due(50) == 1

    def test_reading_does_not_grow_with_how_many_fire(self, waiting: Desk) -> None:
        told: list[str] = []
        waiting.engine.database.listen(told.append)
        reads: list[int] = []
        for count in (2, 8):
            for _ in range(count):
                waiting.start("wait")
            self.move(waiting, waiting.engine.clock.now() - START + timedelta(days=3))
            told.clear()
            assert waiting.engine.timers.fire_due(count) == count
            reads.append(sum(text.startswith("SELECT") for text in told))
            waiting.advance(hours=2)  # these cases end
        assert reads[0] == reads[1]

    @staticmethod
    def move(desk: Desk, since: timedelta) -> None:
        """Move the clock alone: nothing fires."""
        with desk.engine.database.transaction() as transaction:
            desk.engine.clock.advance(transaction, START + since)  # type: ignore[attr-defined]

    def test_a_killed_scheduler_leaves_every_timer_to_fire_once(
        self, waiting: Desk, database_url: str
    ) -> None:
        cases = [waiting.start("wait").id for _ in range(12)]
        with waiting.engine.database.transaction() as transaction:
            waiting.engine.clock.advance(transaction, START + timedelta(days=3))  # type: ignore[attr-defined]
        for fired in (1, 4):
            process = subprocess.Popen(
                [sys.executable, "-c", SCHEDULER, database_url],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            assert process.stdout is not None
            for _ in range(fired):
                assert process.stdout.readline() == "fired\n"
            process.kill()
            process.wait()
            process.stdout.close()
        while waiting.engine.timers.fire_due():
            pass
        assert {tuple(waiting.kinds(case)) for case in cases} == {("start", "timer")}
        assert len(waiting.tasks(WORKER)) == 12
        for case in cases:
            assert waiting.snapshot(case) == waiting.replayed(case)

    def test_a_poisoned_case_is_an_incident_and_delays_nobody(self, waiting: Desk) -> None:
        bad, good = waiting.start("wait"), waiting.start("wait")
        waiting.recorder.fails = lambda o: o.command == "timer" and o.instance.id == bad.id
        waiting.advance(days=3)
        assert [t.instance_id for t in waiting.tasks(WORKER)] == [good.id]
        assert waiting.engine.cases.get(WORKER, bad.id).state is InstanceState.INCIDENT
        [incident] = waiting.engine.incidents.list(COORDINATOR).items
        assert (incident.instance_id, incident.element_id) == (bad.id, "pause")
        assert "cannot go on" in incident.message
        assert incident.diagnostics == (), "they may hold the case's data"
        [known] = waiting.engine.incidents.list(HEAD).items
        assert known.diagnostics == ("RuntimeError: this participant cannot",)
        assert waiting.engine.timers.fire_due() == 0, "it waits before the next try"
        waiting.system_time.move(seconds=11)
        assert waiting.engine.timers.fire_due() == 1
        assert len(waiting.engine.incidents.list(COORDINATOR).items) == 1
        waiting.recorder.fails = lambda o: False
        waiting.system_time.move(hours=1)
        waiting.engine.timers.fire_due()
        assert len(waiting.tasks(WORKER)) == 2
        assert waiting.engine.incidents.list(COORDINATOR).items == ()
        assert waiting.engine.cases.get(WORKER, bad.id).state is InstanceState.ACTIVE
        assert waiting.snapshot(bad.id) == waiting.replayed(bad.id)

    def test_a_person_may_have_it_tried_again_at_once(self, waiting: Desk) -> None:
        case = waiting.start("wait")
        waiting.recorder.fails = lambda o: o.command == "timer"
        waiting.advance(days=3)
        [incident] = waiting.engine.incidents.list(COORDINATOR).items
        with pytest.raises(Forbidden):
            waiting.engine.incidents.retry(WORKER, incident.id)
        assert waiting.engine.incidents.retry(COORDINATOR, incident.id).resolved_at is None
        waiting.recorder.fails = lambda o: False
        assert waiting.engine.incidents.retry(COORDINATOR, incident.id).resolved_at is not None
        assert waiting.engine.cases.get(WORKER, case.id).state is InstanceState.ACTIVE
        assert len(waiting.tasks(WORKER)) == 1

    def test_an_erased_persons_timers_are_dropped(self, waiting: Desk) -> None:
        waiting.start("wait", subject="person:1")
        with waiting.engine.database.transaction() as transaction:
            waiting.engine.keyring.destroy(transaction, "person:1")
        waiting.engine.parts.live.clear()
        waiting.advance(days=4)
        assert waiting.count(timer) == 0


def test_back_off_doubles_up_to_an_hour() -> None:
    assert [back_off(n).total_seconds() for n in (0, 1, 2, 8, 9, 99)] == [
        10, 20, 40, 2560, 3600, 3600,
    ]  # fmt: skip
