"""The machine's clock jumps back: nothing fires twice, no chain breaks, work goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.engine import Engine
from engine.records import InstanceState
from engine.store.database import Database
from engine.store.transaction import Transaction
from tests.engine import diagrams as d
from tests.engine.conftest import WORKER, Desk, Recorder, SystemTime

WAIT = d.diagram(
    "wait",
    [
        d.start(),
        d.timer_catch("pause", "PT1H"),
        d.user_task("first"),
        d.timer_catch("again", "PT1H"),
        d.user_task("second"),
        d.end(),
        d.chain("start", "pause", "first", "again", "second", "end"),
    ],
    starters="case_worker",
)


class MachineClock:
    """The machine's clock of a test: the cases' time and the system's are the same."""

    def __init__(self) -> None:
        self.time = SystemTime()

    def now(self, tx: Transaction | None = None) -> datetime:
        return self.time()


@pytest.fixture
def machine(database: Database, keyring: object) -> tuple[Desk, SystemTime]:
    """An engine that runs on the machine's clock."""
    clock, recorder = MachineClock(), Recorder()
    engine = Engine(
        database, clock, keyring, secret_key=b"s" * 32, system_now=clock.time  # type: ignore[arg-type]
    )  # fmt: skip
    engine.take_part(recorder)
    desk = Desk(engine, recorder, clock.time)
    desk.deploy(wait__bpmn=WAIT)
    return desk, clock.time


def due_work(desk: Desk) -> None:
    while desk.engine.do_due_work():
        pass


def test_a_clock_that_jumps_back_repeats_and_breaks_nothing(
    machine: tuple[Desk, SystemTime],
) -> None:
    desk, time = machine
    case = desk.start("wait")
    time.move(hours=1)
    due_work(desk)
    time.move(hours=-5)
    due_work(desk)
    desk.complete(WORKER, "first")
    due_work(desk)
    assert desk.tasks(WORKER) == [], "the second timer is an hour from now, by the clock of now"
    time.move(hours=1)
    due_work(desk)
    desk.complete(WORKER, "second")
    assert desk.kinds(case.id) == ["start", "timer", "complete", "timer", "complete"]
    assert desk.engine.cases.get(WORKER, case.id).state is InstanceState.COMPLETED
    assert desk.snapshot(case.id) == desk.replayed(case.id)
    with desk.engine.database.reading() as transaction:
        report = desk.engine.journal.verify(transaction, f"case:{case.id}")
    assert report.ok


def test_a_timer_that_was_put_off_is_not_lost_when_the_clock_jumps_back(
    machine: tuple[Desk, SystemTime],
) -> None:
    desk, time = machine
    case = desk.start("wait")
    desk.recorder.fails = lambda outcome: outcome.command == "timer"
    time.move(hours=1)
    due_work(desk)
    desk.recorder.fails = lambda outcome: False
    time.move(hours=-1, minutes=-1)
    due_work(desk)
    assert desk.engine.cases.get(WORKER, case.id).state is InstanceState.INCIDENT
    time.move(hours=1, minutes=2)
    due_work(desk)
    assert desk.kinds(case.id)[-1] == "timer"
    assert desk.engine.cases.get(WORKER, case.id).state is InstanceState.ACTIVE


def test_who_is_signed_in_stays_signed_in(machine: tuple[Desk, SystemTime]) -> None:
    desk, time = machine
    from engine.records import SYSTEM, Role

    desk.engine.identity.users.create(
        SYSTEM, "worker.north", name="W", password="correct horse battery",
        roles=[Role.CASE_WORKER], units=["naf:north"],
    )  # fmt: skip
    session = desk.engine.identity.sign_in("worker.north", "correct horse battery")
    time.move(minutes=-10)
    assert desk.engine.identity.actor_for_token(session.token).username == "worker.north"


def test_lateness_is_never_negative(machine: tuple[Desk, SystemTime]) -> None:
    from engine.metering import Metering

    desk, time = machine
    desk.start("wait")
    metering = Metering(desk.engine.database, desk.engine.clock, time)
    time.move(hours=2)
    found = metering.backlog()
    assert (found.timers_due, found.timer_lateness) == (1, 3600.0)
    time.move(hours=-3)
    found = metering.backlog()
    assert (found.timers_due, found.timer_lateness) == (0, 0.0)
    assert datetime(2026, 1, 4, tzinfo=UTC) < time() < datetime(2026, 1, 5, tzinfo=UTC)
    assert timedelta(0) == timedelta(seconds=found.call_age + found.message_age)
