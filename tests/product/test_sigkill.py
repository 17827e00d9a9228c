"""Killing the server in the middle of load: what was acknowledged stays, nothing happens twice."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import PostgresServer
from tests.product.server import Server

STEPS = 6
"""User tasks in a row that the process under load has."""
CASES = 12
WORKERS = 4


def diagram() -> bytes:
    """`STEPS` user tasks in a row, for case workers."""
    tasks = "".join(
        f'<bpmn:userTask id="step_{n}" name="Step {n}"><bpmn:extensionElements>'
        '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="case_worker"/>'
        "</bpmn:extensionElements></bpmn:userTask>"
        f'<bpmn:sequenceFlow id="flow_{n}" sourceRef="step_{n}" '
        f'targetRef="{f"step_{n + 1}" if n < STEPS else "end"}"/>'
        for n in range(1, STEPS + 1)
    )
    return (
        '<?xml version="1.0"?><bpmn:definitions id="row" targetNamespace="test" '
        'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
        '<bpmn:process id="row" name="صف" isExecutable="true"><bpmn:extensionElements>'
        '<zeebe:properties><zeebe:property name="starterGroups" value="case_worker"/>'
        "</zeebe:properties></bpmn:extensionElements>"
        '<bpmn:startEvent id="start"/>'
        '<bpmn:sequenceFlow id="flow_0" sourceRef="start" targetRef="step_1"/>'
        f'{tasks}<bpmn:endEvent id="end"/></bpmn:process></bpmn:definitions>'
    ).encode()


class Load:
    """Clients that complete task after task and remember what was acknowledged."""

    def __init__(self, server: Server, token: str, enough: int) -> None:
        self._server = server
        self._token = token
        self._enough = enough
        self._lock = threading.Lock()
        self.acknowledged: set[str] = set()
        self.reached = threading.Event()

    def work(self, cases: list[str]) -> None:
        """Finish these cases, one task after the other, until the server is gone."""
        try:
            for case in cases:
                while self._complete_next(case):
                    pass
        except (OSError, http.client.HTTPException):
            return  # the server was killed: what came before is what counts
        finally:
            self.reached.set()

    def _complete_next(self, case: str) -> bool:
        status, page = self._server.call("GET", f"/tasks?instance={case}", token=self._token)
        assert status == 200, page
        if not page["items"]:
            return False
        task = page["items"][0]
        # The same key after the crash: a completion that was lost on the way back is not repeated.
        status, answer = self._server.call(
            "POST",
            f"/tasks/{task['id']}/complete",
            {"revision": task["revision"], "data": {}},
            self._token,
            headers={"Idempotency-Key": f"complete-{task['id']}"},
        )
        assert status == 200, answer
        with self._lock:
            self.acknowledged.add(task["id"])
            if len(self.acknowledged) >= self._enough:
                self.reached.set()
        return True


def completions(server: Server, token: str, case: str) -> list[str]:
    """The elements whose completion the history of a case holds, in order."""
    status, page = server.call("GET", f"/instances/{case}/history?limit=200", token=token)
    assert status == 200, page
    entries: list[dict[str, Any]] = page["items"]
    return [entry["element_id"] for entry in entries if entry["kind"] == "complete"]


@pytest.fixture(params=["sqlite", "postgresql"])
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database that waits for the disk, as an installation's does."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rihla.db'}"
        return
    postgres = PostgresServer(settings=())
    try:
        postgres.start()
        yield postgres.url("postgres")
    finally:
        postgres.stop()


@pytest.fixture
def prepared(tmp_path: Path, durable_url: str) -> Server:
    """A server (not started) over a prepared data folder with the process under load."""
    server = Server(tmp_path, durable_url)
    server.run("demo")
    file = tmp_path / "row.bpmn"
    file.write_bytes(diagram())
    server.run("deploy", str(file))
    return server


def test_no_acknowledged_completion_is_lost_or_repeated(prepared: Server) -> None:
    with prepared as server:
        token = server.sign_in("case_worker.irbid")
        started = [
            server.call("POST", "/processes/row/instances", {"unit": "naf:irbid"}, token)
            for _ in range(CASES)
        ]
        assert all(status == 201 for status, _ in started), started
        cases = [answer["id"] for _, answer in started]

        load = Load(server, token, enough=CASES * STEPS // 3)
        threads = [
            threading.Thread(target=load.work, args=(cases[n::WORKERS],)) for n in range(WORKERS)
        ]
        for thread in threads:
            thread.start()
        load.reached.wait(60)
        server.kill()
        for thread in threads:
            thread.join(60)
        before_crash = set(load.acknowledged)
        assert CASES * STEPS > len(before_crash) > 0

        server.start()
        rest = Load(server, server.sign_in("case_worker.irbid"), enough=CASES * STEPS)
        rest.work(cases)

        auditor = server.sign_in("auditor.hq")
        in_order = [f"step_{n}" for n in range(1, STEPS + 1)]
        assert [completions(server, auditor, case) for case in cases] == [in_order] * CASES
        # What was acknowledged before the crash was not offered again after it.
        assert not before_crash & rest.acknowledged
        assert "0 broken" in server.run("verify")
