"""The database goes away and comes back under the same processes; the disk is full for a while."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Unavailable
from tests.engine.conftest import WORKER, Desk
from tests.engine.test_timers import WAIT
from tests.faults.installation import (
    Installation,
    MortalPostgres,
    complete,
    history,
    open_tasks,
    start_case,
)
from tests.product.server import Server


def eventually(ready: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether other processes bring it about in time."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)  # there is nothing to wait on: the processes are not ours
    return True


def assert_told_to_come_back(server: Server, token: str, task: dict[str, Any]) -> None:
    """Every kind of request is refused with 503 and Retry-After, in words, and changes nothing."""
    asked = [
        ("GET", "/api/v1/tasks", None, "application/problem+json"),
        (
            "POST",
            f"/api/v1/tasks/{task['id']}/complete",
            {"revision": task["revision"], "data": {}},
            "application/problem+json",
        ),
        ("GET", "/health/ready", None, "application/problem+json"),
        ("GET", "/tasks", None, "text/html; charset=utf-8"),
    ]
    for method, path, body, kind in asked:
        cookie = {"Cookie": f"rihla_session={token}"}
        status, told, raw = server.request(method, path, body, token, headers=cookie)
        assert (status, told["Content-Type"]) == (503, kind), (path, raw)
        assert int(told["Retry-After"]) > 0, path
        assert b"Traceback" not in raw
    assert server.call("GET", "/health/live", prefix="")[0] == 200
    status, _, raw = server.request("GET", "/metrics")
    assert (status, b"rihla_database_up 0.0" in raw) == (200, True)


def test_the_same_processes_work_again_when_the_database_is_back(
    on_postgres: Installation, durable_postgres: MortalPostgres
) -> None:
    with on_postgres.server() as server, on_postgres.scheduler() as scheduler:
        token = server.sign_in("case_worker.irbid")
        case = start_case(server, token, "relay")
        [task] = open_tasks(server, token, case)
        assert complete(server, token, task)[0] == 200
        assert eventually(lambda: bool(open_tasks(server, token, case))), scheduler.log
        [task] = open_tasks(server, token, case)
        durable_postgres.crash()
        try:
            assert_told_to_come_back(server, token, task)
        finally:
            durable_postgres.come_back()
        pid = scheduler.pid
        assert complete(server, token, task)[0] == 200
        assert eventually(lambda: bool(open_tasks(server, token, case))), scheduler.log
        assert scheduler.running
        assert scheduler.pid == pid
        assert server.call("GET", "/health/ready", prefix="")[0] == 200
        assert "Traceback" not in server.log + scheduler.log
        assert case not in server.log, "the log names no case"


def workers_of(server: Server) -> list[int]:
    """The process ids of the server's workers."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def test_a_full_disk_refuses_writing_and_nothing_else(on_sqlite: Installation) -> None:
    with on_sqlite.server() as server:
        token = server.sign_in("case_worker.irbid")
        case = start_case(server, token, "row")
        [task] = open_tasks(server, token, case)
        before = {}
        for pid in workers_of(server):
            before[pid] = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, before[pid][1]))
        status, told, raw = server.request(
            "POST",
            f"/api/v1/tasks/{task['id']}/complete",
            {"revision": task["revision"], "data": {}},
            token,
        )
        assert status == 503, raw
        assert int(told["Retry-After"]) > 0
        assert open_tasks(server, token, case) == [task], "what is there can be read"
        colleague = server.sign_in("case_worker.irbid")
        assert open_tasks(server, colleague, case) == [task], "who comes now can read it too"
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        assert complete(server, token, task)[0] == 200
        auditor = server.sign_in("auditor.hq")
        assert history(server, auditor, case) == ["start", "complete first"]
        server.run("verify")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_finds_no_room_is_undone_whole(desk: Desk) -> None:
    desk.deploy(wait__bpmn=WAIT)
    case = desk.start("wait")
    # What PostgreSQL itself says when a table cannot grow.
    tell(
        desk,
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER no_room BEFORE INSERT ON submission "
        "FOR EACH ROW EXECUTE FUNCTION no_room()",
        "CREATE TRIGGER no_room BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION no_room()",
    )
    with pytest.raises(Unavailable):
        desk.start("wait")
    with pytest.raises(Unavailable):
        desk.advance(days=3)
    tell(desk, "DROP FUNCTION no_room() CASCADE")
    desk.advance(days=3)
    assert [one.id for one in desk.engine.cases.list(WORKER).items] == [case.id]
    assert desk.kinds(case.id) == ["start", "timer"]
    assert desk.snapshot(case.id) == desk.replayed(case.id)


def tell(desk: Desk, *statements: str) -> None:
    """Administer the test's database."""
    with desk.engine.database.transaction() as transaction:
        for statement in statements:
            transaction.connection.exec_driver_sql(statement)
