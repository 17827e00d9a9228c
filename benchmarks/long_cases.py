"""Whether a case that has come a long way, or has much open, costs more than a young one."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from app import Product
from benchmarks import models
from benchmarks.measuring import figure, percentile, span, traffic
from benchmarks.places import WORKER
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, at_most
from engine.records import Paging, Task

_AROUND = 20
"""So many steps up to step n are taken for it: one alone would tell of the disk's mood."""


@benchmark("long-cases", "The cost of step n, and of many open tasks")
def long_cases(bench: Bench) -> Sequence[Figure]:
    """One case that loops, and one with a hundred tasks open at the same time."""
    place = bench.places.installation(bench.system, {**models.loop(), **models.parallel()})
    product = place.open()
    marks = (20, 100, 1000) if not bench.quick else (20, 40, 60)
    cases = bench.full_or_quick(3, 1)
    kept: list[list[float]] = []
    for number in range(cases):
        bench.progress("a looping case", number, cases)
        kept.append(_loop(product, marks[-1], warm=True))
    bench.progress("a looping case, its state read again each time")
    read = _loop(product, marks[-1], warm=False)
    bench.progress("a hundred open tasks")
    opened, each, statements = _parallel(product, bench.full_or_quick(100, 10))
    product.engine.close()
    bench.places.drop(place)
    figures: list[Figure] = []
    for mark in marks:
        name = "step 10" if mark == _AROUND else f"step {mark:,}"
        figures.append(figure(name, [_at(case, mark) for case in kept], "ms"))
    last = f"step {marks[-1]:,}"
    ratios = [_at(case, marks[-1]) / _at(case, marks[0]) for case in kept]
    again = _at(read, marks[-1]) / _at(read, marks[0])
    return [
        *figures,
        figure(f"{last} to step 10", ratios, "times", at_most(1.2)),
        figure(f"{last}, state read again", [_at(read, marks[-1])], "ms"),
        figure(f"{last} to step 10, state read again", [again], "times", at_most(1.2)),
        figure("opening all parallel tasks at once", [opened], "ms", note="100 tasks"),
        figure("completing one of them", [statistics.median(each)], "ms", note="p50"),
        figure("completing one of them, p95", [percentile(each, 0.95)], "ms"),
        figure("statements to complete one of them", [statements], ""),
    ]


def _at(milliseconds: Sequence[float], step: int) -> float:
    """The median of the steps up to `step`."""
    return statistics.median(milliseconds[max(0, step - _AROUND) : step])


def _loop(product: Product, rounds: int, *, warm: bool) -> list[float]:
    """Milliseconds of each round of one case; `warm`: the case stays in memory between rounds."""
    engine = product.engine
    case = engine.cases.start(WORKER, models.LOOP)
    task: Task = engine.tasks.list(WORKER, instance=case.id).items[0]
    data = {**models.answers("round"), "stop": False}
    taken: list[float] = []
    for _ in range(rounds):
        if not warm:
            engine.parts.live.clear()
        with span() as one:
            done = engine.tasks.complete(WORKER, task.id, revision=task.revision, data=data)
        taken.append(one.wall * 1000)
        task = done.next_tasks[0]
    return taken


def _parallel(product: Product, count: int) -> tuple[float, list[float], float]:
    engine = product.engine
    places = [f"place {number}" for number in range(count)]
    with span() as opening:
        case = engine.cases.start(WORKER, models.PARALLEL, variables={"places": places})
    tasks = engine.tasks.list(WORKER, instance=case.id, paging=Paging(200)).items
    if len(tasks) != count:
        raise RuntimeError(f"{len(tasks)} tasks are open, not {count}.")
    taken: list[float] = []
    statements = 0
    for task in tasks:
        with span() as one, traffic() as seen:
            engine.tasks.complete(
                WORKER, task.id, revision=task.revision, data=models.answers("each")
            )
        taken.append(one.wall * 1000)
        statements = max(statements, len(seen.statements))
    return opening.wall * 1000, taken, statements
