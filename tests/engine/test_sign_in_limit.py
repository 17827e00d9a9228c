"""Guessing passwords is slowed down; signing in correctly, however often, is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
import sqlalchemy as sa

from engine.errors import NotSignedIn, TooManyAttempts
from engine.sign_in_limit import WIDER, SignInLimit
from engine.store.database import Database
from engine.store.sign_in_attempts import sign_in_attempt

LimitOf = Callable[[int], SignInLimit]


@pytest.fixture
def limit_of(database: Database) -> LimitOf:
    """A limit as one server process has it; every call is another process over one database."""
    return lambda per_minute: SignInLimit(per_minute, database)


def _fail(limit: SignInLimit, username: str, address: str) -> None:
    with pytest.raises(NotSignedIn), limit.attempt(username, address):
        raise NotSignedIn


def test_the_right_password_may_be_used_as_often_as_one_likes(limit_of: LimitOf) -> None:
    limit = limit_of(2)
    for _ in range(100):
        with limit.attempt("omar", "10.0.0.1"):
            pass


def test_wrong_passwords_stop_the_name_at_that_address_only(limit_of: LimitOf) -> None:
    limit = limit_of(2)
    _fail(limit, "omar", "10.0.0.1")
    _fail(limit, "Omar", "10.0.0.1")
    with pytest.raises(TooManyAttempts) as refused, limit.attempt("omar", "10.0.0.1"):
        pytest.fail("must not be tried")
    assert 1 <= refused.value.retry_after <= 60
    with limit.attempt("omar", "10.0.0.2"):
        pass
    with limit.attempt("huda", "10.0.0.1"):
        pass


def test_one_name_from_many_addresses_is_stopped(limit_of: LimitOf) -> None:
    limit = limit_of(1)
    for host in range(WIDER):
        _fail(limit, "omar", f"10.0.1.{host}")
    with pytest.raises(TooManyAttempts), limit.attempt("omar", "10.0.2.1"):
        pytest.fail("must not be tried")


def test_many_names_from_one_address_are_stopped(limit_of: LimitOf) -> None:
    limit = limit_of(1)
    for number in range(WIDER):
        _fail(limit, f"user{number}", "10.0.0.1")
    with pytest.raises(TooManyAttempts), limit.attempt("another", "10.0.0.1"):
        pytest.fail("must not be tried")


def test_server_processes_count_together(limit_of: LimitOf) -> None:
    here, there = limit_of(2), limit_of(2)
    _fail(here, "omar", "10.0.0.1")
    _fail(there, "omar", "10.0.0.1")
    for limit in (here, there):
        with pytest.raises(TooManyAttempts), limit.attempt("omar", "10.0.0.1"):
            pytest.fail("must not be tried")


def test_a_minute_later_it_may_be_tried_again(
    database: Database,
) -> None:
    seconds = [1_000_000.0]
    limit = SignInLimit(1, database, lambda: seconds[0])
    _fail(limit, "omar", "10.0.0.1")
    seconds[0] += 61
    _fail(limit, "omar", "10.0.0.1")
    seconds[0] += 3700
    _fail(limit, "huda", "10.0.0.9")
    with database.reading() as tx:
        kept = tx.execute(sa.select(sign_in_attempt.c.at)).scalars().all()
    assert len(kept) == 3, "what is older than an hour is forgotten"


def test_parallel_guesses_gain_nothing(limit_of: LimitOf) -> None:
    tried: list[str] = []

    def guess() -> None:
        with suppress(NotSignedIn, TooManyAttempts), limit_of(3).attempt("omar", "10.0.0.1"):
            tried.append("omar")
            raise NotSignedIn

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == 3
