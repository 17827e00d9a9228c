"""The full client journey: persons, forms, rules, deadlines, journal and typed tables."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.clients import START, Cohorts, Walk
from benchmarks.measuring import percentile, span
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, exactly
from journey.pilot import read_cases


@benchmark("journeys", "The full client journey")
def journeys(bench: Bench) -> Sequence[Figure]:
    """The field test's persons, step by step, on the simulated clock."""
    lines = read_cases()[-bench.full_or_quick(156, 6) :]
    place = bench.places.installation(bench.system, clock_start=START)
    before = place.size()
    product = place.open()
    walk = Walk(product)
    with span() as whole:
        walk.through(Cohorts(lines, 1, 1), lambda done, of: bench.progress("persons", done, of))
    product.engine.close()
    bytes_each = (place.size() - before) / len(lines)
    bench.places.drop(place)
    counted = _counted(bench)
    steps = [seconds * 1000 for seconds in walk.taken]
    return [
        Figure("persons", len(lines), ""),
        Figure("steps (people opened, forms completed)", len(steps), ""),
        Figure("steps refused", len(walk.failed), "", exactly(0)),
        Figure("steps, deadlines on the way included", len(steps) / whole.wall, "/s"),
        Figure("CPU per step, deadlines included", whole.cpu / len(steps) * 1000, "ms"),
        Figure("a step alone, p50", percentile(steps, 0.5), "ms"),
        Figure("a step alone, p95", percentile(steps, 0.95), "ms"),
        Figure(
            "statements per step", statistics.median(counted.statements), "",
            note="median; to find the task in its list included",
        ),
        Figure("statements per step, most", max(counted.statements), ""),
        Figure("commits per step", statistics.median(counted.commits), "", note="median"),
        Figure("a person's journey takes", bytes_each, "B", note="with its indexes"),
    ]  # fmt: skip


def _counted(bench: Bench) -> Walk:
    """A few people more, their statements counted."""
    place = bench.places.installation(bench.system, clock_start=START)
    product = place.open()
    walk = Walk(product, counting=True)
    walk.through(
        Cohorts(read_cases()[-6:], 1, 1), lambda done, of: bench.progress("counting", done, of)
    )
    product.engine.close()
    bench.places.drop(place)
    return walk
