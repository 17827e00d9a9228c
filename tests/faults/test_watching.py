"""What those who watch an installation are told: queues, lateness, readiness, the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
import structlog
from werkzeug.test import Client

import migrations
from api import configure_logging, health
from api.gauges import Gauges
from app import serve_application
from engine.clock import SystemClock
from engine.errors import Unavailable
from engine.metering import Metering
from engine.store.database import Database
from engine.store.patience import LIMITS, impatient
from settings import load_settings
from tests.conftest import START
from tests.engine import diagrams as d
from tests.engine.conftest import WORKER, Desk

BUSY = d.diagram(
    "busy",
    [
        d.start(),
        d.user_task("t", due="P1D"),
        d.service_task("call", "sms"),
        d.end(),
        d.boundary_timer("late", "t", "P2D"),
        d.end("given_up"),
        d.chain("start", "t", "call", "end"),
        d.chain("late", "given_up"),
    ],
    starters="case_worker",
)


class Mute:
    """An outside system that is never asked here."""

    type = "sms"

    def call(self, request: object) -> dict[str, object]:
        raise AssertionError("not asked")


def test_queues_and_lateness_are_counted(desk: Desk, tmp_path: Path) -> None:
    desk.engine.add_connector(Mute())
    desk.deploy(busy__bpmn=BUSY)
    metering = Metering(desk.engine.database, desk.engine.clock, desk.system_time)
    assert metering.backlog().tasks_open == 0
    first = desk.start("busy")
    for _ in range(2):
        desk.start("busy")
    desk.complete(WORKER, "t", instance=first.id)
    with desk.engine.database.transaction() as transaction:
        desk.engine.clock.advance(transaction, START + timedelta(days=2, minutes=1))  # type: ignore[attr-defined]
    found = metering.backlog()
    assert (found.timers_due, found.timer_lateness) == (2, 60.0)
    assert (found.calls_waiting, found.call_age) == (
        1,
        timedelta(days=2, minutes=1).total_seconds(),
    )
    assert (found.messages_pending, found.message_age) == (0, 0.0)
    assert found.tasks_open == 0, "counted once a minute"
    desk.system_time.move(minutes=1)
    found = metering.backlog()
    assert (found.tasks_open, found.tasks_overdue) == (2, 2)
    desk.recorder.fails = lambda outcome: outcome.command == "timer"
    while desk.engine.timers.fire_due():
        pass
    found = metering.backlog()
    assert (found.timers_due, dict(found.incidents)) == (0, {"timer": 2}), "put off, and told"
    text = Gauges(metering, tmp_path).text()
    assert 'rihla_incidents_open{origin="timer"} 2.0' in text
    assert 'rihla_incidents_open{origin="case"} 0.0' in text
    assert "rihla_database_up 1.0" in text
    assert first.id not in text


def test_a_database_that_takes_no_writes_is_not_ready(database_url: str) -> None:
    wanted = Metering(Database(database_url), SystemClock())
    assert wanted.why_not_writing() is None
    if database_url.startswith("postgresql"):
        stand_by = Database(database_url + "?options=-c%20default_transaction_read_only%3Don")
        assert "read-only" in str(Metering(stand_by, SystemClock()).why_not_writing())
        stand_by.close()


def test_too_little_room_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIHLA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("RIHLA_DATABASE_URL", raising=False)
    migrations.upgrade(load_settings().database_url)
    client = Client(serve_application())
    assert client.get("/health/ready").status_code == 200
    room = SimpleNamespace(free=health.ROOM - 1)
    monkeypatch.setattr("api.health.shutil.disk_usage", lambda _folder: room)
    refused = client.get("/health/ready")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "63 ميغابايت" in json.loads(refused.text)["errors"]["disk"][0]


def test_a_serving_process_waits_for_postgresql_only_so_long(database_url: str) -> None:
    limited = impatient(database_url)
    if database_url.startswith("sqlite"):
        assert limited == database_url
        return
    database = Database(limited)
    with database.reading() as tx:
        shown = {
            name: tx.execute(sa.select(sa.func.current_setting(name))).scalar_one()
            for name in LIMITS
        }
    assert shown == {
        "statement_timeout": "1min",
        "lock_timeout": "15s",
        "idle_in_transaction_session_timeout": "1min",
    }
    database.close()
    own = impatient(database_url + "?options=-c%20statement_timeout%3D50")
    database = Database(own)
    with pytest.raises(Unavailable), database.reading() as tx:
        tx.execute(sa.select(sa.func.pg_sleep(20)))
    database.close()


@pytest.fixture
def plain_log() -> Iterator[None]:
    """Whatever a test sets up is undone."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.mark.usefixtures("plain_log")
def test_whoever_writes_the_log_writes_json_with_the_request_and_without_texts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("info")
    with structlog.contextvars.bound_contextvars(request_id="abcd-1234"):
        logging.getLogger("engine.timers").error("A timer of case %s cannot fire", "c1")
        try:
            raise ValueError("the phone number of Salma is 0791234567")
        except ValueError:
            logging.getLogger("gunicorn.error").exception("Error handling %s", "/persons?q=Salma")
        structlog.get_logger("api").info("request", route="/x")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["request_id"] for line in lines] == ["abcd-1234"] * 3
    engine, server, api = lines
    assert (engine["event"], engine["level"]) == ("A timer of case c1 cannot fire", "error")
    assert (server["event"], server["error"]) == ("Error handling %s", "ValueError")
    assert server["frames"][0].startswith("tests/faults/test_watching.py:")
    assert api["route"] == "/x"
    assert "Salma" not in json.dumps(lines)


@pytest.mark.usefixtures("plain_log")
def test_a_log_that_cannot_be_written_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    configure_logging("info")

    class Full:
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("sys.stderr", Full())
    structlog.get_logger("api").info("request")
    logging.getLogger("engine").error("fault")
