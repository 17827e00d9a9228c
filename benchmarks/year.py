"""A national year in simulated time, ending with the reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app import Product
from benchmarks.clients import START, Cohorts, Walk
from benchmarks.measuring import percentile, span
from benchmarks.places import COORDINATOR
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, exactly
from engine.clock import today
from journey.pilot import read_cases
from settings import ROOT

CLIENTS = 58_000
_YEAR = timedelta(days=365)
_WEEKS = 46
"""A cohort's own six weeks fit into the rest of the year."""


@benchmark("year", "A national year in simulated time", long=True)
def year(bench: Bench) -> Sequence[Figure]:
    """As many clients as asked for (`--size`), in the field test's proportions."""
    lines = read_cases()
    wanted = bench.sized(CLIENTS, 12)
    lines = lines if wanted >= len(lines) else lines[:: len(lines) // wanted][:wanted]
    cohorts = Cohorts(lines, max(1, round(wanted / len(lines))), _WEEKS)
    place = bench.places.installation(bench.system, clock_start=START)
    before = place.size()
    product = place.open()
    walk = Walk(product)
    end = START + _YEAR
    with span() as whole:
        walk.through(cohorts, lambda done, of: bench.progress("clients", done, of), until=end)
    first, last = today(START), today(end)
    bench.progress("reports")
    reports = _reports(product, first, last)
    product.engine.close()
    taken = place.size() - before
    bench.places.drop(place)
    if walk.failed:
        file = ROOT / "var" / "benchmarks" / f"year-refused-{bench.system}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(walk.failed), encoding="utf-8")
    steps = [seconds * 1000 for seconds in walk.taken]
    tenth = len(steps) // 10
    late = percentile(steps[-tenth:], 0.5) / percentile(steps[:tenth], 0.5)
    return [
        Figure("clients", cohorts.persons, ""),
        Figure("steps (people opened, forms completed)", len(steps), ""),
        Figure("steps refused", len(walk.failed), "", exactly(0)),
        Figure("the year takes", whole.wall, "s"),
        Figure("steps, deadlines on the way included", len(steps) / whole.wall, "/s"),
        Figure("CPU per step, deadlines included", whole.cpu / len(steps) * 1000, "ms"),
        Figure("a step alone, p50", percentile(steps, 0.5), "ms"),
        Figure("a step alone, p95", percentile(steps, 0.95), "ms"),
        Figure("a step, the last tenth to the first", late, "times", note="medians"),
        Figure("a client takes", taken / cohorts.persons, "B", note="with its indexes"),
        Figure("all reports of the year", sum(reports.values()), "s"),
        Figure(f"the slowest report ({max(reports, key=lambda key: reports[key])})",
               max(reports.values()), "s"),
    ]  # fmt: skip


def _reports(product: Product, first: date, last: date) -> dict[str, float]:
    """Seconds of each report that headquarters may see."""
    reports = product.journey.reports
    made: dict[str, float] = {}
    with span() as taken:
        reports.office_table(COORDINATOR, first, last)
    made["office table"] = taken.wall
    for summary in reports.catalogue(COORDINATOR):
        with span() as taken:
            reports.make(COORDINATOR, summary.key, first, last)
        made[summary.key] = taken.wall
    return made
