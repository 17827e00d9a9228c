"""Verification of what the engine stores: every fault is named, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.crypto import Keyring
from engine.store.cases import active_element, process_instance
from engine.store.database import Database
from engine.store.incidents import incident
from engine.store.journal import journal
from engine.store.keys import data_key
from engine.store.messages import message_subscription
from engine.store.submissions import submission
from engine.store.tasks import user_task
from engine.store.timers import timer
from engine.verify import chain_fault, verify_chains
from engine.verify_cases import row_faults, state_faults
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ANSWERS,
    CONNECTOR,
    FORMS,
    HEAD,
    INTAKE,
    OFFICER,
    WORKER,
    Desk,
)
from tests.engine.test_seals import drop_triggers

WAITING = d.diagram(
    "waiting",
    [
        d.start(),
        d.gateway("parallel", "split"),
        d.user_task("t"),
        d.boundary_timer("remind", "t", "R/PT30M", shape="timeCycle", interrupting=False),
        d.timer_catch("pause", "P3D"),
        d.message_catch("wait", "paid", {"amount": "=amount"}),
        d.script("fails", "=number / 0", "never"),
        d.gateway("parallel", "join"),
        d.end(),
        d.end("reminded"),
        d.chain("start", "split", "t", "join", "end"),
        d.chain("split", "pause", "join"),
        d.chain("split", "wait", "fails", "join"),
        d.chain("remind", "reminded"),
    ],
    variables="number",
    messages={"paid": "=number"},
)
"""Waits at once for a person, two timers and a message; an incident can be had."""


def faults(desk: Desk) -> list[str]:
    """What is wrong, all in all."""
    chains = (chain_fault(report) for report in verify_chains(desk.engine.database))
    rows = row_faults(desk.engine.database)
    states = state_faults(desk.engine.commands)
    return [str(f) for f in (*chains, *rows, *states) if f is not None]


def change(database: Database, *statements: Any) -> None:
    """What somebody with the database's password could do, foreign keys left out."""
    with database.engine.connect() as connection:
        raw: Any = connection.connection.cursor()
        loose = {
            "sqlite": "PRAGMA foreign_keys=OFF",
            "postgresql": "SET session_replication_role = replica",
        }
        tight = {
            "sqlite": "PRAGMA foreign_keys=ON",
            "postgresql": "SET session_replication_role = DEFAULT",
        }
        raw.execute(loose[database.dialect])
        connection.connection.commit()
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        raw.execute(tight[database.dialect])
        connection.connection.commit()


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    desk.deploy(waiting__bpmn=WAITING, intake__bpmn=INTAKE, **FORMS)
    return desk


def test_what_ran_as_it_should_has_no_fault(waiting: Desk) -> None:
    first = waiting.start("waiting", variables={"number": "n1"})
    waiting.start("waiting", variables={"number": "n2"})
    case = waiting.start("intake", subject="p1", unit="naf:north")
    waiting.complete(WORKER, "ask", ANSWERS)
    waiting.complete(OFFICER, "partner", {"reply": "yes"})
    waiting.advance(days=4)
    waiting.engine.cases.cancel(HEAD, first.id, "gone away")
    assert faults(waiting) == []
    assert waiting.snapshot(case.id).open_tasks


def test_rows_that_do_not_fit_the_state_are_named(waiting: Desk) -> None:
    case = waiting.start("waiting", variables={"number": "n1"})
    database = waiting.engine.database
    snapshot = waiting.snapshot(case.id)
    where = f"case:{case.id}"
    (task_key,) = snapshot.open_tasks
    pause = next(t for t in snapshot.timers if t.element_id == "pause")
    (subscription,) = snapshot.subscriptions

    change(database, sa.update(user_task).values(state="cancelled"))
    assert faults(waiting) == [
        f"{where}: the state waits for the task {task_key}, but there is no such row"
    ]
    change(database, sa.update(user_task).values(state="open"))

    later = pause.due + timedelta(days=30)
    change(database, sa.update(timer).where(timer.c.key == pause.key).values(due_at=later))
    assert faults(waiting) == [
        f"{where}: the timer {pause.key} ({later.isoformat()}) has a row, "
        "but the state does not know it so",
        f"{where}: the state waits for the timer {pause.key} ({pause.due.isoformat()}), "
        "but there is no such row",
    ]
    change(database, sa.update(timer).where(timer.c.key == pause.key).values(due_at=pause.due))

    change(database, sa.update(message_subscription).values(correlation_key="n2"))
    found = faults(waiting)
    assert len(found) == 2
    assert f"the message {subscription.key} (paid n2) has a row" in found[0]
    change(database, sa.update(message_subscription).values(correlation_key="n1"))

    change(database, sa.delete(active_element).where(active_element.c.element_id == "pause"))
    assert faults(waiting) == [
        f"{where}: the state waits for the listed element pause, but there is no such row"
    ]


def test_an_incident_without_a_row_is_named(waiting: Desk) -> None:
    case = waiting.start("waiting", variables={"number": "n1"})
    waiting.engine.messages.publish(CONNECTOR, "paid", correlation_key="n1", payload={"amount": 1})
    waiting.engine.do_due_work()
    (stuck,) = waiting.snapshot(case.id).incidents
    assert faults(waiting) == []
    change(waiting.engine.database, sa.delete(incident))
    assert faults(waiting) == [
        f"case:{case.id}: the state waits for the incident {stuck.key}, but there is no such row"
    ]


def test_a_state_that_was_changed_or_lost_its_key_is_named(waiting: Desk) -> None:
    case = waiting.start("waiting", variables={"number": "n1"}, subject="p1")
    database, keyring = waiting.engine.database, waiting.engine.keyring
    other = waiting.start("waiting", variables={"number": "n2"})
    states = waiting.values(
        sa.select(process_instance.c.state).where(process_instance.c.id == other.id)
    )
    change(
        database,
        sa.update(process_instance).where(process_instance.c.id == case.id).values(state=states[0]),
    )
    (fault,) = faults(waiting)
    assert fault.startswith(f"case:{case.id}: the state cannot be read")
    with database.transaction() as tx:
        keyring.destroy(tx, "p1")
    assert faults(waiting) == [f"case:{case.id}: the case runs, but its key was destroyed"]


def test_rows_that_point_to_nothing_are_named(waiting: Desk) -> None:
    case = waiting.start("intake", subject="p1", unit="naf:north")
    done = waiting.complete(WORKER, "ask", ANSWERS)
    database = waiting.engine.database
    change(database, sa.update(submission).values(seq=99))
    assert any("submission" in f and "nothing in journal" in f for f in faults(waiting))
    change(database, sa.update(submission).values(seq=2))
    assert faults(waiting) == []
    change(database, sa.delete(user_task).where(user_task.c.id == done.id))
    assert faults(waiting) == [
        f"table submission: the row {done.id} 1 points with task_id to nothing in user_task"
    ]
    change(database, sa.delete(data_key).where(data_key.c.owner == "p1"))
    found = faults(waiting)
    assert any("process_instance" in f and "data_key" in f for f in found)
    assert any(f.startswith("table journal: ") for f in found)
    assert any(f.startswith(f"case:{case.id}: the state cannot be read") for f in found)


def test_what_waits_in_an_ended_case_is_named(waiting: Desk) -> None:
    case = waiting.start("waiting", variables={"number": "n1"})
    change(
        waiting.engine.database,
        sa.text("UPDATE process_instance SET status = 'completed', ended_at = started_at"),
    )
    found = faults(waiting)
    assert len(found) == 4
    assert all(case.id in f and "waits in a case that has ended" in f for f in found)
    assert {f.split(":")[0] for f in found} == {
        "table user_task",
        "table timer",
        "table message_subscription",
    }


def test_a_case_that_is_gone_leaves_a_chain_that_nothing_knows(waiting: Desk) -> None:
    case = waiting.start("waiting", variables={"number": "n1"})
    tables = (user_task, timer, message_subscription, active_element, process_instance)
    change(waiting.engine.database, *(sa.delete(table) for table in tables))
    assert faults(waiting) == [f"case:{case.id} entry 1: the chain is broken here"]
    (report,) = verify_chains(waiting.engine.database, stream=f"case:{case.id}")
    assert not report.ok


def test_one_stream_is_verified_by_itself(waiting: Desk) -> None:
    good = waiting.start("waiting", variables={"number": "n1"})
    bad = waiting.start("waiting", variables={"number": "n2"})
    database = waiting.engine.database
    drop_triggers(database, "journal")
    change(
        database,
        sa.update(journal).where(journal.c.stream == f"case:{bad.id}").values(actor="nobody"),
    )
    (report,) = verify_chains(database, stream=f"case:{good.id}")
    assert report.ok
    (report,) = verify_chains(database, stream=f"case:{bad.id}")
    assert report.first_bad == 1
    assert [str(f) for f in map(chain_fault, verify_chains(database)) if f] == [
        f"case:{bad.id} entry 1: the chain is broken here"
    ]
    assert list(state_faults(waiting.engine.commands, good.id)) == []


def test_more_cases_than_a_page_holds(waiting: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.verify.PAGE", 2)
    monkeypatch.setattr("engine.verify_cases.PAGE", 2)
    cases = {waiting.start("waiting", variables={"number": f"n{n}"}).id for n in range(5)}
    streams = {report.stream for report in verify_chains(waiting.engine.database)}
    assert streams == {f"case:{case}" for case in cases} | {"admin"}
    change(waiting.engine.database, sa.update(user_task).values(state="cancelled"))
    assert len(faults(waiting)) == 5


def test_chains_need_no_key(database: Database, waiting: Desk) -> None:
    waiting.start("waiting", variables={"number": "n1"}, subject="p1")
    with database.transaction() as tx:
        Keyring(bytes(32)).destroy(tx, "p1")
    assert all(report.ok for report in verify_chains(database))
