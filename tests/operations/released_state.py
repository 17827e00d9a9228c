"""Makes the backup of one released state: `python -m tests.operations.released_state [REVISION]`.

Run it when a release is made: the backup of the newest tables goes into `states/`, and every later
migration is tried on it. The cases in it stand at tasks, timers, messages and an incident, one has
ended and one is of somebody who was erased.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import migrations
from engine.clock import SimulatedClock
from engine.crypto import Keyring
from engine.store.database import Database
from operations import back_up
from tests.engine.conftest import (
    ANSWERS,
    CONNECTOR,
    FORMS,
    HEAD,
    INTAKE,
    OFFICER,
    WORKER,
    Desk,
    Recorder,
    SystemTime,
    engine_on,
)
from tests.engine.test_verify import WAITING

STATES = Path(__file__).parent / "states"
KEY = Keyring(bytes(range(32)))
START = datetime(2026, 1, 4, 7, 0, tzinfo=UTC)


def fill(desk: Desk, erased: str = "p2") -> None:
    """Something in every table of the engine that a case fills; `erased` is who gets erased."""
    desk.deploy(waiting__bpmn=WAITING, intake__bpmn=INTAKE, **FORMS)
    desk.start("waiting", variables={"number": "n1"}, business_key="first")
    desk.start("waiting", variables={"number": "n2"}, subject="p1")
    case = desk.start("intake", subject="p1", unit="naf:north")
    desk.complete(WORKER, "ask", ANSWERS)
    desk.complete(OFFICER, "partner", {"reply": "yes"})
    desk.engine.comments.add(WORKER, case.id, "ملاحظة")
    desk.engine.attachments.add(
        WORKER, case.id, filename="letter.pdf", content=b"%PDF-1.4\n%%EOF\n"
    )  # fmt: skip
    desk.engine.messages.publish(CONNECTOR, "paid", "n1", {"amount": 1})
    desk.engine.do_due_work()
    ended = desk.start("intake", subject=erased, unit="naf:north")
    desk.engine.cases.cancel(HEAD, ended.id, "moved away")
    with desk.engine.database.transaction() as tx:
        desk.engine.keyring.destroy(tx, erased)
    desk.advance(hours=1)


def main() -> None:
    """Make the state of the revision named on the command line, else of the newest."""
    revision = sys.argv[1] if len(sys.argv) > 1 else str(migrations.head())
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/rihla.db"
        migrations.upgrade(url, revision)
        database = Database(url)
        clock = SimulatedClock(database)
        clock.set_up(START)
        desk = Desk(engine_on(database, KEY, SystemTime()), Recorder(), SystemTime())
        fill(desk)
        back_up(database, KEY, STATES / revision, now=START)
        database.close()
    print(f"Written: {STATES / revision}")


if __name__ == "__main__":
    main()
