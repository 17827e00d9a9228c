"""Guessing passwords is slowed down; signing in correctly, however often, is not."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.credentials import Passwords
from engine.errors import NotSignedIn, TooManyAttempts, Unavailable
from engine.identity import Identity
from engine.sign_in_limit import WIDER, SignInLimit
from engine.store.database import Database
from engine.store.sign_in_attempts import SignInAttempts, sign_in_attempt
from tests.engine.reception import PASSWORD, SECRET, Reception

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


def guesses_tried(limit_of_a_process: Callable[[], SignInLimit]) -> int:
    """How many of eight guesses at the same moment were let through to the password."""
    tried: list[str] = []

    def guess() -> None:
        limit = limit_of_a_process()
        with suppress(NotSignedIn, TooManyAttempts), limit.attempt("omar", "10.0.0.1"):
            tried.append("omar")
            raise NotSignedIn

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(tried)


def test_parallel_guesses_gain_nothing(limit_of: LimitOf) -> None:
    assert guesses_tried(lambda: limit_of(3)) == 3


class Disk:
    """The disk of a database; `fill` leaves no room on it, `free` makes some again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._most = 2**31 - 2

    def fill(self) -> None:
        """From now on every row that needs room is refused, as the database system itself does."""
        if self._database.dialect == "sqlite":
            with self._database.reading() as tx:
                pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            self._limit(pages)
        else:
            self._tell(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
                "CREATE TRIGGER no_room BEFORE INSERT OR DELETE ON sign_in_attempt "
                "FOR EACH STATEMENT EXECUTE FUNCTION no_room()",
            )
        attempts = SignInAttempts(self._database, time.time)
        with suppress(Unavailable):
            for number in itertools.count():  # what is left in the pages that are there
                attempts.add(f"filler {number}", 1, 60)

    def free(self) -> None:
        """There is room again."""
        if self._database.dialect == "sqlite":
            self._limit(2**31 - 2)
        else:
            self._tell("DROP FUNCTION no_room() CASCADE")

    def _limit(self, pages: int) -> None:
        self._most = pages
        # SQLite keeps the limit for a connection: with fresh ones it holds for all.
        self._database.close()
        if not sa.event.contains(self._database.engine, "connect", self._on_connect):
            sa.event.listen(self._database.engine, "connect", self._on_connect)

    def _on_connect(self, dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.execute(f"PRAGMA max_page_count={self._most}")

    def _tell(self, *statements: str) -> None:
        with self._database.transaction() as tx:
            for statement in statements:
                tx.execute(sa.text(statement))


@pytest.fixture
def disk(database: Database) -> Disk:
    """The disk of the test's database."""
    return Disk(database)


def test_with_a_full_disk_one_still_signs_in(disk: Disk, reception: Reception) -> None:
    limit = SignInLimit(2, reception.database)
    disk.fill()
    for _ in range(5):
        with limit.attempt("worker.irbid", "10.0.0.1"):
            session = reception.identity.sign_in("worker.irbid", PASSWORD)
        assert reception.works(session.token)
    stronger = Identity(  # would write the password's hash anew
        reception.database, reception.journal, reception.clock, SECRET,
        passwords=Passwords(memory_kib=16, passes=1), system_now=lambda: reception.system_time,
    )  # fmt: skip
    assert stronger.sign_in("worker.irbid", PASSWORD).user.username == "worker.irbid"


def test_with_a_full_disk_guessing_is_slowed_down_all_the_same(
    disk: Disk, limit_of: LimitOf
) -> None:
    limit = limit_of(3)
    _fail(limit, "omar", "10.0.0.1")
    disk.fill()
    _fail(limit, "omar", "10.0.0.1")
    _fail(limit, "omar", "10.0.0.1")
    with pytest.raises(TooManyAttempts) as refused, limit.attempt("omar", "10.0.0.1"):
        pytest.fail("must not be tried: one attempt was stored, two are remembered")
    assert 1 <= refused.value.retry_after <= 60
    with limit.attempt("huda", "10.0.0.1"):
        pass
    disk.free()
    with pytest.raises(TooManyAttempts), limit.attempt("omar", "10.0.0.1"):
        pytest.fail("must not be tried: what is remembered counts on")


def test_with_a_full_disk_names_and_addresses_are_limited(disk: Disk, limit_of: LimitOf) -> None:
    limit = limit_of(1)
    disk.fill()
    for host in range(WIDER):
        _fail(limit, "omar", f"10.0.1.{host}")
    with pytest.raises(TooManyAttempts), limit.attempt("omar", "10.0.2.1"):
        pytest.fail("must not be tried")
    for number in range(WIDER):
        _fail(limit, f"user{number}", "10.0.0.1")
    with pytest.raises(TooManyAttempts), limit.attempt("another", "10.0.0.1"):
        pytest.fail("must not be tried")


def test_what_is_remembered_is_forgotten_after_a_minute(disk: Disk, database: Database) -> None:
    seconds = [time.time()]
    limit = SignInLimit(1, database, lambda: seconds[0])
    disk.fill()
    _fail(limit, "omar", "10.0.0.1")
    with pytest.raises(TooManyAttempts), limit.attempt("omar", "10.0.0.1"):
        pytest.fail("must not be tried")
    seconds[0] += 61
    _fail(limit, "omar", "10.0.0.1")


def test_a_database_that_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    absent = Database(f"sqlite:///{tmp_path / 'nowhere' / 'rihla.db'}")
    with pytest.raises(Unavailable), SignInLimit(5, absent).attempt("omar", "10.0.0.1"):
        pytest.fail("must not be tried")


def test_parallel_guesses_gain_nothing_with_a_full_disk(disk: Disk, limit_of: LimitOf) -> None:
    limit = limit_of(3)
    disk.fill()
    assert guesses_tried(lambda: limit) == 3
