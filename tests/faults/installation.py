"""A prepared installation for tests that break it: data folder, keys, accounts, and two
processes to put under load; copied for each test."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import migrations
from app import compose
from engine.records import SYSTEM, Role
from engine.source_files import SourceFile
from running import scheduler_command, server_command
from settings import load_settings
from tests.engine import diagrams as d
from tests.postgres import PostgresServer
from tests.product.server import PASSWORD, Process, Server

SOAK = bool(os.environ.get("RIHLA_SOAK"))
"""`make soak`: the same tests for longer."""

ROUNDS = 3

ROW = d.diagram(
    "row",
    [
        d.start(),
        d.user_task("first"),
        d.user_task("second"),
        d.end(),
        d.chain("start", "first", "second", "end"),
    ],
    starters="case_worker",
)
"""Two user tasks in a row."""

RELAY = d.diagram(
    "relay",
    [
        d.start(),
        *(d.user_task(f"step_{n}") for n in range(ROUNDS)),
        *(d.timer_catch(f"pause_{n}", "PT0.1S") for n in range(ROUNDS)),
        d.end(),
        d.chain(
            "start", *(part for n in range(ROUNDS) for part in (f"step_{n}", f"pause_{n}")), "end"
        ),
    ],
    starters="case_worker",
)
"""User task, timer, user task, timer …: work for servers and schedulers by turns."""

RELAY_ORDER = [
    "start",
    *(part for n in range(ROUNDS) for part in (f"complete step_{n}", f"timer pause_{n}")),
]
"""What the history of a finished relay holds."""


PEOPLE = {
    "case_worker.irbid": (Role.CASE_WORKER, "naf:irbid"),
    "auditor.hq": (Role.AUDITOR, "hq"),
}


@dataclass(frozen=True)
class Installation:
    """A data folder with its keys, and the URL of its database."""

    folder: Path
    url: str

    def server(self, **environment: str) -> Server:
        """A web server over it, not started."""
        return Server(self.folder, self.url, argv=server_command(), **environment)

    def scheduler(self) -> Process:
        """A scheduler over it, not started."""
        often = {"RIHLA_SCHEDULER_INTERVAL_SECONDS": "0.1"}
        return Process(self.folder, self.url, scheduler_command(), **often)


def prepare(folder: Path, url: str) -> None:
    """Fill an empty folder and database with two people and the processes above: less than the
    demonstration data, and there in a moment."""
    settings = load_settings({"RIHLA_DATA_DIR": str(folder), "RIHLA_DATABASE_URL": url})
    migrations.upgrade(url)
    product = compose(settings)
    engine = product.engine
    with engine.database.transaction() as transaction:
        engine.keyring.check(transaction)
        product.journey.units.load_shipped(transaction, date(2019, 1, 1))
    for username, (role, unit) in PEOPLE.items():
        engine.identity.users.create(
            SYSTEM, username, name=username, password=PASSWORD, roles=[role], units=[unit],
            must_change_password=False,
        )  # fmt: skip
    sources = [SourceFile("row.bpmn", ROW), SourceFile("relay.bpmn", RELAY)]
    engine.deployments.deploy(SYSTEM, sources, "test")
    engine.close()


def copied(template: Path, folder: Path, url: str) -> Installation:
    """The same keys (and the embedded database) in another folder."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return Installation(folder, url)


def start_case(server: Server, token: str, process: str) -> str:
    """A new case's id."""
    path = f"/processes/{process}/instances"
    status, answer = server.call("POST", path, {"unit": "naf:irbid"}, token)
    assert status == 201, (answer, server.faults)
    return str(answer["id"])


def open_tasks(server: Server, token: str, case: str) -> list[dict[str, Any]]:
    """The open tasks of a case."""
    status, page = server.call("GET", f"/tasks?instance={case}", token=token)
    assert status == 200, page
    found: list[dict[str, Any]] = page["items"]
    return found


def complete(server: Server, token: str, task: dict[str, Any], **headers: str) -> tuple[int, Any]:
    """Complete a task without answers."""
    body = {"revision": task["revision"], "data": {}}
    return server.call("POST", f"/tasks/{task['id']}/complete", body, token, headers=headers)


def history(server: Server, token: str, case: str) -> list[str]:
    """Kind and element of each entry of a case's journal, in order."""
    status, page = server.call("GET", f"/instances/{case}/history?limit=200", token=token)
    assert status == 200, page
    return [" ".join(filter(None, (e["kind"], e["element_id"]))) for e in page["items"]]


class MortalPostgres(PostgresServer):
    """A durable server that can be killed and comes back with its data."""

    def __init__(self) -> None:
        super().__init__(settings=())

    def crash(self) -> None:
        """Gone at once, as after a power cut."""
        self._run("pg_ctl", "-w", "-D", self._data, "-m", "immediate", "stop")

    def come_back(self) -> None:
        """On the same port, recovered."""
        options = f"-h 127.0.0.1 -p {self.port} -k ''"
        log = self._folder / "log"
        self._run(
            "pg_ctl", "-w", "-t", "60", "-D", self._data, "-l", log, "-o", options, "start"
        )  # fmt: skip
