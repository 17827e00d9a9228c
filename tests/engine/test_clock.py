"""The clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import ClockNotSetUp, SimulatedClock, SystemClock, today
from engine.errors import Invalid
from engine.store.database import Database
from tests.conftest import START
from tests.engine.undo import undone


def test_a_simulated_clock_stands_still_for_everybody(
    open_database: Callable[[], Database],
) -> None:
    here, there = SimulatedClock(open_database()), SimulatedClock(open_database())
    here.set_up(START)
    there.set_up(START + timedelta(days=9))  # a clock that runs is left alone
    assert here.now() == there.now() == START


def test_it_advances_forward_only(database: Database, clock: SimulatedClock) -> None:
    later = START + timedelta(days=21)
    with database.transaction() as tx:
        clock.advance(tx, later)
        assert clock.now(tx) == later
    assert clock.now() == later
    with database.transaction() as tx:
        clock.advance(tx, later)
    with pytest.raises(Invalid, match="only moves forward"), database.transaction() as tx:
        clock.advance(tx, START)
    with pytest.raises(Invalid, match="offset"), database.transaction() as tx:
        clock.advance(tx, datetime(2027, 1, 1))  # noqa: DTZ001  naive on purpose
    assert clock.now() == later


def test_an_advance_is_undone_with_its_transaction(
    database: Database, clock: SimulatedClock
) -> None:
    with undone(database) as tx:
        clock.advance(tx, START + timedelta(days=1))
    assert clock.now() == START


def test_without_a_first_moment_there_is_no_time(database: Database) -> None:
    with pytest.raises(ClockNotSetUp):
        SimulatedClock(database).now()


def test_the_system_clock_speaks_utc() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_today_is_the_local_date_in_jordan() -> None:
    assert today(datetime(2026, 1, 4, 20, 59, tzinfo=UTC)).isoformat() == "2026-01-04"
    assert today(datetime(2026, 1, 4, 21, 0, tzinfo=UTC)).isoformat() == "2026-01-05"
