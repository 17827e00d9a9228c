"""The stopwatches themselves: a wrong one would praise or blame the wrong thing."""

from __future__ import annotations

import hashlib
import os

import pytest
import sqlalchemy as sa

from benchmarks.measuring import figure, percentile, span, traffic, tree_cpu
from benchmarks.results import Target, at_least, at_most, exactly
from engine.store.database import Database


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1), (0.5, 5), (0.95, 10), (0.9, 9), (1.0, 10), (0.01, 1)]
)
def test_a_percentile_is_one_of_the_values_by_nearest_rank(share: float, value: float) -> None:
    assert percentile([10, 3, 1, 2, 4, 5, 6, 8, 7, 9], share) == value


def test_a_figure_is_the_median_of_its_runs() -> None:
    made = figure("completions", [300, 100, 900], "/s", at_least(300))
    assert (made.value, made.runs, made.met) == (300, (300, 100, 900), True)


@pytest.mark.parametrize(
    ("target", "good", "bad"),
    [(at_least(5), 5, 4.99), (at_most(5), 5, 5.01), (exactly(1), 1, 2)],
)
def test_a_target_is_reached_on_its_own_side(target: Target, good: float, bad: float) -> None:
    assert target.met(good)
    assert not target.met(bad)


def test_statements_and_commits_are_counted_but_not_begin_and_end(database: Database) -> None:
    with traffic() as seen:
        with database.transaction() as transaction:
            transaction.execute(sa.text("SELECT 1"))
            transaction.execute(sa.text("SELECT 2"))
        with database.reading() as transaction:
            transaction.execute(sa.text("SELECT 3"))
    with database.transaction() as transaction:
        transaction.execute(sa.text("SELECT 4"))
    assert seen.statements == ["SELECT 1", "SELECT 2", "SELECT 3"]
    assert seen.commits == 1


def test_what_is_rolled_back_is_no_commit(database: Database) -> None:
    with traffic() as seen, database.engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        connection.rollback()
    assert len(seen.statements) == 1
    assert seen.commits == 0


def test_work_is_counted_as_this_process_own_cpu() -> None:
    before = tree_cpu(os.getpid())
    with span() as taken:
        hashlib.pbkdf2_hmac("sha256", b"some", b"work", 200_000)
    assert taken.cpu > 0
    assert taken.wall > 0
    # The system counts in hundredths of a second.
    assert tree_cpu(os.getpid()) - before == pytest.approx(taken.cpu, abs=0.03)


def test_a_process_that_is_gone_took_nothing() -> None:
    assert tree_cpu(2**22 + 1) == 0
