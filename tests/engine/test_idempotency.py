"""First answers, kept for those who ask twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.errors import KeyReused
from engine.store import idempotency
from engine.store.database import Database
from tests.conftest import START
from tests.engine.undo import undone

SCOPE = "case_worker.irbid POST /tasks/1/complete"


def test_the_first_answer_comes_again(database: Database) -> None:
    with database.transaction() as tx:
        assert idempotency.find(tx, SCOPE, "k", "h") is None
        idempotency.remember(tx, SCOPE, "k", "h", {"id": "1", "name": "مهمة"}, START)
    with database.transaction() as tx:
        assert idempotency.find(tx, SCOPE, "k", "h") == {"id": "1", "name": "مهمة"}
        assert idempotency.find(tx, "another scope", "k", "h") is None
        assert idempotency.find(tx, SCOPE, "another key", "h") is None


def test_another_body_is_refused(database: Database) -> None:
    with database.transaction() as tx:
        idempotency.remember(tx, SCOPE, "k", "h", {}, START)
    with pytest.raises(KeyReused), database.transaction() as tx:
        idempotency.find(tx, SCOPE, "k", "other")


def test_a_failed_command_leaves_nothing(database: Database) -> None:
    with undone(database) as tx:
        idempotency.remember(tx, SCOPE, "k", "h", {}, START)
    with database.transaction() as tx:
        assert idempotency.find(tx, SCOPE, "k", "h") is None


def test_answers_are_kept_for_thirty_days(database: Database) -> None:
    with database.transaction() as tx:
        idempotency.remember(tx, SCOPE, "old", "h", 1, START)
    with database.transaction() as tx:
        idempotency.remember(tx, SCOPE, "new", "h", 2, START + timedelta(days=30))
        assert idempotency.find(tx, SCOPE, "old", "h") == 1
    with database.transaction() as tx:
        moment = START + timedelta(days=30, microseconds=1)
        idempotency.remember(tx, SCOPE, "newest", "h", 3, moment)
        assert idempotency.find(tx, SCOPE, "old", "h") is None
        assert idempotency.find(tx, SCOPE, "new", "h") == 2


def test_the_same_request_twice_at_once_runs_once(
    open_database: Callable[[], Database],
) -> None:
    database = open_database()
    answers: list[int] = []
    runs: list[int] = []
    barrier = threading.Barrier(4)

    def request(number: int) -> None:
        barrier.wait()
        with database.transaction() as tx:
            answer = idempotency.find(tx, SCOPE, "k", "h")
            if answer is None:
                runs.append(number)
                answer = number
                idempotency.remember(tx, SCOPE, "k", "h", answer, START)
            answers.append(answer)

    threads = [threading.Thread(target=request, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert answers == runs * 4
