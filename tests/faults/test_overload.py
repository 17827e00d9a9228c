"""More requests than can be handled: quick refusals, no pile, and work goes on afterwards. A stop
in the middle finishes what was begun."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.faults.installation import Installation, start_case
from tests.faults.test_database_away import eventually
from tests.product.server import Server

AT_WORK, WAITING, MORE = 1, 4, 15
START = "/api/v1/processes/row/instances"


@contextmanager
def held(installation: Installation) -> Iterator[None]:
    """Somebody else writes to the database all the while."""
    other = sqlite3.connect(installation.folder / "rihla.db", isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


class Rush:
    """Clients that all ask for the same at once."""

    def __init__(self, server: Server, token: str, clients: int) -> None:
        self._server = server
        self._token = token
        self.answers: list[tuple[int, Any, bytes]] = []
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def _ask(self) -> None:
        body = {"unit": "naf:irbid"}
        self.answers.append(self._server.request("POST", START, body, self._token))

    def over(self) -> list[int]:
        """Every status, when all have their answer."""
        for thread in self._threads:
            thread.join()
        return sorted(status for status, _, _ in self.answers)


@pytest.fixture
def narrow(on_sqlite: Installation) -> Iterator[Server]:
    """A server that handles one request at a time."""
    with on_sqlite.server(RIHLA_SERVER_THREADS=str(AT_WORK)) as server:
        yield server


def test_a_rush_is_refused_at_once_and_leaves_no_pile(
    narrow: Server, on_sqlite: Installation
) -> None:
    token = narrow.sign_in("case_worker.irbid")
    with held(on_sqlite):
        rush = Rush(narrow, token, AT_WORK + WAITING + MORE)
        assert eventually(lambda: len(rush.answers) == MORE), rush.answers
        for status, told, raw in rush.answers:
            assert (status, told["Content-Type"]) == (503, "application/problem+json")
            assert int(told["Retry-After"]) > 0
            assert json.loads(raw)["request_id"] == told["X-Request-Id"]
        status, told, raw = narrow.request("GET", "/", headers={"Accept-Language": "ar"})
        assert (status, told["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert 'dir="rtl"' in raw.decode()
        assert narrow.call("GET", "/health/live", prefix="")[0] == 200, "who watches is answered"
        metrics = narrow.request("GET", "/metrics")[2].decode()
        assert f"rihla_http_waiting {WAITING}.0" in metrics
        assert f"rihla_http_at_work {AT_WORK}.0" in metrics
        assert f'rihla_http_refused_total{{reason="busy"}} {MORE + 1}.0' in metrics
    assert rush.over() == [201] * (AT_WORK + WAITING) + [503] * MORE
    assert start_case(narrow, token, "row")
    status, page = narrow.call("GET", "/instances?process=row", token=token)
    assert (status, len(page["items"])) == (200, AT_WORK + WAITING + 1)


def test_a_stop_finishes_what_was_begun(narrow: Server, on_sqlite: Installation) -> None:
    token = narrow.sign_in("case_worker.irbid")
    with held(on_sqlite):
        rush = Rush(narrow, token, AT_WORK + WAITING)
        assert eventually(
            lambda: (
                f"rihla_http_waiting {WAITING}.0" in narrow.request("GET", "/metrics")[2].decode()
            )
        )
        narrow.terminate()
    assert rush.over() == [201] * (AT_WORK + WAITING)
    assert narrow.wait(60) == 0
    narrow.start()
    status, page = narrow.call("GET", "/instances?process=row", token=token)
    assert (status, len(page["items"])) == (200, AT_WORK + WAITING)
