"""Fixtures of the verbs' tests: an engine on each database, people, and what is deployed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bpmn import Snapshot
from engine.calendar import feel_functions
from engine.clock import SimulatedClock
from engine.credentials import Passwords
from engine.crypto import Keyring
from engine.engine import Engine
from engine.history import view_of
from engine.journal import Journal
from engine.ports import Outcome
from engine.records import SYSTEM, Actor, Instance, Paging, Role, Task
from engine.source_files import SourceFile
from engine.store.database import Database
from engine.store.transaction import Transaction
from tests.engine import diagrams as d
from tests.engine.reception import Reception
from tests.engine.shop import Shop, shop_on

WORKER = Actor("worker.north", frozenset({Role.CASE_WORKER}), frozenset({"naf:north"}), "W", "en")
COLLEAGUE = Actor("colleague.north", frozenset({Role.CASE_WORKER}), frozenset({"naf:north"}))
HEAD = Actor("head.north", frozenset({Role.BRANCH_HEAD}), frozenset({"naf:north"}))
STRANGER = Actor("worker.south", frozenset({Role.CASE_WORKER}), frozenset({"naf:south"}))
OFFICER = Actor("officer.north", frozenset({Role.MOL_OFFICER}), frozenset({"mol:north"}))
COORDINATOR = Actor("coordinator.hq", frozenset({Role.HQ_COORDINATOR}), frozenset({"hq"}))
OWNER = Actor("owner.hq", frozenset({Role.PROCESS_OWNER}), frozenset({"hq"}))
AUDITOR = Actor("auditor.hq", frozenset({Role.AUDITOR}), frozenset({"hq"}))
ADMIN = Actor("admin.hq", frozenset({Role.ADMIN}), frozenset({"hq"}))
CONNECTOR = Actor("gateway", frozenset({Role.CONNECTOR}), frozenset({"hq"}))


class SystemTime:
    """The machine's time of a test; it stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 4, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Recorder:
    """A participant that remembers what it was told, and fails when it is asked to."""

    outcomes: list[Outcome] = field(default_factory=list)
    fails: Callable[[Outcome], bool] = lambda _outcome: False

    def apply(self, transaction: Transaction, outcome: Outcome) -> None:
        if self.fails(outcome):
            raise RuntimeError("this participant cannot")
        self.outcomes.append(outcome)


@dataclass
class Desk:
    """An engine with what the tests need around it."""

    engine: Engine
    recorder: Recorder
    system_time: SystemTime

    def deploy(self, **files: bytes) -> None:
        """`name__bpmn=content` becomes the file `name.bpmn`."""
        sources = [SourceFile(name.replace("__", "."), data) for name, data in files.items()]
        self.engine.deployments.deploy(SYSTEM, sources)

    def start(self, process: str, actor: Actor = WORKER, **more: Any) -> Instance:
        return self.engine.cases.start(actor, process, **more)

    def tasks(self, actor: Actor, **filters: Any) -> list[Task]:
        return list(self.engine.tasks.list(actor, **filters).items)

    def task(self, actor: Actor, element: str, **filters: Any) -> Task:
        found = self.tasks(actor, element=element, **filters)
        assert len(found) == 1, found
        return found[0]

    def complete(
        self, actor: Actor, element: str, data: dict[str, Any] | None = None, **filters: Any
    ) -> Task:
        task = self.task(actor, element, **filters)
        done = self.engine.tasks.complete(
            actor, task.id, revision=task.revision, data=data or {}, language="en"
        )
        return done.task

    def advance(self, **span: float) -> datetime:
        return self.engine.advance.advance(ADMIN, delta=timedelta(**span))

    def snapshot(self, instance_id: str) -> Snapshot:
        with (
            self.engine.database.reading() as transaction,
            self.engine.commands.look(transaction, SYSTEM, instance_id) as case,
        ):
            self.engine.parts.live.forget(instance_id)  # what is stored, not what is remembered
            return case.live.snapshot()

    def replayed(self, instance_id: str) -> Snapshot:
        with self.engine.database.reading() as transaction:
            entries = self.engine.journal.read(transaction, f"case:{instance_id}")
        return view_of(entries).snapshot()

    def kinds(self, instance_id: str) -> list[str]:
        page = self.engine.history.entries(AUDITOR, instance_id, Paging(200))
        return [entry.kind for entry in page.items]

    def count(self, table: Any) -> int:
        import sqlalchemy as sa

        with self.engine.database.reading() as transaction:
            return int(
                transaction.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            )

    def values(self, statement: Any) -> list[Any]:
        with self.engine.database.reading() as transaction:
            return list(transaction.execute(statement).scalars())


def engine_on(database: Database, keyring: Keyring, system_time: SystemTime) -> Engine:
    """An engine as another process would make it on the same database."""
    return Engine(
        database,
        SimulatedClock(database),
        keyring,
        secret_key=b"s" * 32,
        functions=feel_functions(),
        system_now=system_time,
    )


@pytest.fixture
def system_time() -> SystemTime:
    return SystemTime()


@pytest.fixture
def desk(
    database: Database, clock: SimulatedClock, keyring: Keyring, system_time: SystemTime
) -> Desk:
    """An engine on a fresh database, with a recording participant."""
    engine = engine_on(database, keyring, system_time)
    recorder = Recorder()
    engine.take_part(recorder)
    return Desk(engine, recorder, system_time)


@pytest.fixture
def another_desk(
    open_database: Callable[[], Database], keyring: Keyring, system_time: SystemTime
) -> Callable[[], Desk]:
    """Opens the same installation once more, as another process would."""

    def another() -> Desk:
        engine = engine_on(open_database(), keyring, system_time)
        recorder = Recorder()
        engine.take_part(recorder)
        return Desk(engine, recorder, system_time)

    return another


INTAKE = d.diagram(
    "intake",
    [
        d.start(),
        d.user_task("ask", form="answers"),
        d.gateway("parallel", "split"),
        d.user_task("review", form="review", due="P3D"),
        d.user_task("partner", "mol_officer", unit='="mol:north"', form="partner"),
        d.gateway("parallel", "join"),
        d.script("sum", "=age + 1", "next_age"),
        d.user_task("confirm", "branch_head"),
        d.end(),
        d.chain("start", "ask", "split", "review", "join", "sum", "confirm", "end"),
        d.chain("split", "partner", "join"),
    ],
    variables="person",
)
"""ask → (review ∥ partner at the Ministry's office) → sum → confirm by the branch head."""

FORMS = {
    "answers__form": d.form(
        "answers", d.text_field("name", required=True), d.number_field("age", required=True)
    ),
    "review__form": d.form("review", d.number_field("age"), d.text_field("note")),
    "partner__form": d.form("partner", d.text_field("reply", required=True)),
}

ANSWERS = {"name": "ليلى", "age": 30}


@pytest.fixture
def intake(desk: Desk) -> Desk:
    """`desk` with the process `intake` deployed."""
    desk.deploy(intake__bpmn=INTAKE, **FORMS)
    return desk


@pytest.fixture
def reception(
    database: Database, journal: Journal, clock: SimulatedClock, passwords: Passwords
) -> Reception:
    made = Reception(database, journal, clock, passwords)
    made.add("worker.irbid", Role.CASE_WORKER, "naf:irbid")
    return made


@pytest.fixture
def shop(database: Database, journal: Journal, clock: SimulatedClock) -> Shop:
    return shop_on(database, journal, clock)
