"""The same task submitted by several clients at once, over two server processes."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.faults.installation import (
    SOAK,
    Installation,
    complete,
    history,
    open_tasks,
    start_case,
)
from tests.product.server import Server

SUBMITS = {2: 34, 4: 33, 8: 33} if SOAK else {2: 6, 4: 6, 8: 6}
"""Clients → how many tasks they submit at the same moment: a hundred in all in `make soak`."""


def submit_together(
    servers: list[Server], token: str, task: dict[str, Any], clients: int
) -> list[int]:
    """The statuses that `clients` got, half of them from each server."""
    together = threading.Barrier(clients)
    statuses: list[int] = []

    def submit(number: int) -> None:
        together.wait()
        statuses.append(complete(servers[number % len(servers)], token, task)[0])

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_double_submits_damage_no_case(installation: Installation) -> None:
    with installation.server() as one, installation.server() as two:
        token = one.sign_in("case_worker.irbid")
        cases = []
        for clients, tasks in SUBMITS.items():
            for _ in range(tasks):
                case = start_case(one, token, "row")
                [task] = open_tasks(one, token, case)
                statuses = submit_together([one, two], token, task, clients)
                wanted = [200] + [409] * (clients - 1)
                assert sorted(statuses) == wanted, one.faults + two.faults
                cases.append(case)
        auditor = one.sign_in("auditor.hq")
        for case in cases:
            [task] = open_tasks(two, token, case)
            assert complete(two, token, task)[0] == 200
            assert history(one, auditor, case) == ["start", "complete first", "complete second"]
            status, told = one.call("GET", f"/instances/{case}", token=token)
            assert (status, told["state"]) == (200, "completed")
        one.run("verify")


@pytest.mark.parametrize("clients", [8])
def test_one_key_from_many_is_one_completion(on_postgres: Installation, clients: int) -> None:
    with on_postgres.server() as server:
        token = server.sign_in("case_worker.irbid")
        case = start_case(server, token, "row")
        [task] = open_tasks(server, token, case)
        answers: list[tuple[int, Any]] = []

        def submit() -> None:
            answers.append(complete(server, token, task, **{"Idempotency-Key": "once"}))

        threads = [threading.Thread(target=submit) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [status for status, _ in answers] == [200] * clients
        assert all(answer == answers[0][1] for _, answer in answers)
        auditor = server.sign_in("auditor.hq")
        assert history(server, auditor, case) == ["start", "complete first"]
