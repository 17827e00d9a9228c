"""Many waiting timers: what a look costs when none is due, how late and how fast they fire."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from benchmarks import models, waiting
from benchmarks.measuring import figure, percentile, span, traffic
from benchmarks.places import Installation
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, at_least, at_most
from benchmarks.serving import Scheduling
from engine.store.cases import process_instance

_BATCH = 100
"""As much as a scheduler asks for at a time."""
_SHARE = 1000
"""So many overdue timers make one measurement of the rate."""
_PER_SECOND = 25
_START_UP = timedelta(seconds=8)
"""A scheduler process has its imports behind it by then."""


@benchmark("timers", "Waiting timers")
def timers(bench: Bench) -> Sequence[Figure]:
    """A hundred thousand timers, and a scheduler that was away for a while."""
    crowd = bench.sized(100_000, 5_000)
    overdue = bench.full_or_quick(10_000, 1000)
    place = bench.places.installation(bench.system, models.waiting())
    bench.progress("a crowd of waiting timers")
    waiting.crowd(place, crowd)
    product = place.open()
    bench.progress("polling")
    idle, statements = _idle(place, bench.full_or_quick(300, 50))
    bench.progress("a scheduler comes back")
    past = datetime.now(UTC) - timedelta(hours=1)
    waiting.wait_until(product, [past + timedelta(seconds=n) / 10 for n in range(overdue)])
    place.settle()
    rates: list[float] = []
    with span() as whole:
        for done in range(0, overdue, _SHARE):
            bench.progress("catching up", done, overdue)
            fired = 0
            with span() as taken:
                while fired < _SHARE and (more := product.engine.do_due_work(_BATCH)):
                    fired += more
            rates.append(fired / taken.wall)
    if waiting.still_waiting(product.engine.database, datetime.now(UTC)):
        raise RuntimeError("Not every overdue timer fired.")
    bench.progress("lateness")
    late = _lateness(place, bench.full_or_quick(20, 4))
    product.engine.close()
    bench.places.drop(place)
    return [
        Figure("timers waiting", crowd, ""),
        Figure("a poll with none due, p50", percentile(idle, 0.5), "ms", at_most(2)),
        Figure("a poll with none due, p95", percentile(idle, 0.95), "ms"),
        Figure("statements of a poll with none due", statements, ""),
        figure("timers fired", rates, "/s", at_least(1500)),
        Figure(f"catching up {overdue:,} overdue timers", whole.wall, "s"),
        Figure("lateness p50", percentile(late, 0.5), "s"),
        Figure("lateness p99", percentile(late, 0.99), "s", at_most(1), note="one scheduler"),
    ]


def _idle(place: Installation, count: int) -> tuple[list[float], int]:
    """Milliseconds of each poll that finds nothing, and its statements."""
    product = place.open()
    product.engine.do_due_work(_BATCH)
    taken: list[float] = []
    for _ in range(count):
        with span() as one:
            done = product.engine.do_due_work(_BATCH)
        if done:
            raise RuntimeError("A timer was due.")
        taken.append(one.wall * 1000)
    with traffic() as seen:
        product.engine.do_due_work(_BATCH)
    product.engine.close()
    return taken, len(seen.statements)


def _lateness(place: Installation, seconds: int) -> list[float]:
    """Seconds between due and fired, with one scheduler process and some timers a second."""
    product = place.open()
    began = datetime.now(UTC)
    first = began + _START_UP
    # A prime number of microseconds apart: no timer keeps pace with the scheduler's interval.
    gap = timedelta(microseconds=1_000_003 // _PER_SECOND)
    moments = [first + gap * number for number in range(seconds * _PER_SECOND)]
    with Scheduling(place):
        waiting.wait_until(product, moments)
        if datetime.now(UTC) > first:
            raise RuntimeError("The first timers were due before all of them were set.")
        deadline = time.monotonic() + seconds + 60
        while waiting.still_waiting(product.engine.database, moments[-1]):
            if time.monotonic() > deadline:
                raise RuntimeError("The scheduler did not fire everything.")
            time.sleep(0.5)
    c = process_instance.c
    statement = sa.select(c.started_at, c.ended_at).where(c.started_at >= began)
    with product.engine.database.reading() as transaction:
        rows = transaction.execute(statement.order_by(c.started_at)).all()
    product.engine.close()
    fired = sorted(row.ended_at for row in rows)
    return [(at - due).total_seconds() for due, at in zip(moments, fired, strict=True)]
