"""The five-task process through the verbs, without HTTP, beside the floor under it."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app import Product
from benchmarks import models
from benchmarks.floor import bare_commit_ms, in_memory_step_ms
from benchmarks.measuring import figure, percentile, span, traffic
from benchmarks.places import WORKER
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, at_least, exactly
from engine.records import Task
from settings import ROOT

_STEPS = len(models.STEPS)
_SHOWN = 45
"""Lines of a profile."""


@dataclass
class Runs:
    """The repeated measurements."""

    starts: list[float] = field(default_factory=list)
    completions: list[float] = field(default_factory=list)
    median_ms: list[float] = field(default_factory=list)
    high_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)


@benchmark("five-tasks-verbs", "Five user tasks through the verbs")
def five_tasks_verbs(bench: Bench) -> Sequence[Figure]:
    """One caller in this process; each case is completed before the next one is touched."""
    place = bench.places.installation(bench.system, models.five_tasks())
    product = place.open()
    rounds, count = bench.full_or_quick(3, 1), bench.full_or_quick(500, 20)
    started(product, max(10, count // 10), whole=True)
    runs = Runs()
    for number in range(rounds):
        bench.progress("verbs", number, rounds)
        _measure(product, count, runs)
    if bench.profile:
        _profile(bench, product, count)
    bench.progress("counting statements")
    statements, commits = _counted(product)
    bench.progress("the floor")
    in_memory = [in_memory_step_ms(product, count) for _ in range(rounds)]
    product.engine.close()
    bare = bare_commit_ms(bench, place, count)
    bench.places.drop(place)
    return [
        figure("completions", runs.completions, "/s", at_least(1200 if bench.sqlite else 700)),
        figure("completion, p50", runs.median_ms, "ms"),
        figure("completion, p95", runs.high_ms, "ms"),
        figure("CPU per completion", runs.cpu_ms, "ms"),
        figure("statements per completion", [statements], "", note="the most of five"),
        figure("commits per completion", [commits], "", exactly(1)),
        figure("completions, state read again each time", runs.cold, "/s"),
        figure("starts", runs.starts, "/s"),
        figure("floor: the step in memory", in_memory, "ms", note="no database, nothing saved"),
        figure("floor: a bare commit of the same rows", bare, "ms", note="the driver alone"),
    ]


def started(product: Product, count: int, *, whole: bool = False) -> list[Task]:
    """Start cases; the first task of each. With `whole` they are completed as well."""
    engine = product.engine
    found: list[Task] = []
    for _ in range(count):
        case = engine.cases.start(WORKER, models.FIVE)
        task = engine.tasks.list(WORKER, instance=case.id).items[0]
        found.append(task)
        if whole:
            complete(product, task, lambda _seconds: None)
    return found


def complete(product: Product, task: Task, took: Callable[[float], None]) -> None:
    """Complete the five tasks of one case; `took` is told the seconds of each."""
    for number in models.STEPS:
        with span() as taken:
            done = product.engine.tasks.complete(
                WORKER, task.id, revision=task.revision, data=models.answers(number)
            )
        took(taken.wall)
        task = next(iter(done.next_tasks), task)


def _measure(product: Product, count: int, runs: Runs) -> None:
    with span() as starting:
        for _ in range(count):
            product.engine.cases.start(WORKER, models.FIVE)
    runs.starts.append(count / starting.wall)
    tasks = started(product, count)
    taken: list[float] = []
    with span() as completing:
        for task in tasks:
            complete(product, task, taken.append)
    runs.completions.append(count * _STEPS / completing.wall)
    runs.cpu_ms.append(completing.cpu / (count * _STEPS) * 1000)
    runs.median_ms.append(percentile(taken, 0.5) * 1000)
    runs.high_ms.append(percentile(taken, 0.95) * 1000)
    tasks = started(product, count // 2)
    cold: list[float] = []
    for task in tasks:
        _complete_cold(product, task, cold)
    runs.cold.append(len(cold) / sum(cold))


def _complete_cold(product: Product, task: Task, taken: list[float]) -> None:
    for number in models.STEPS:
        product.engine.parts.live.clear()  # as if another process had made the last step
        with span() as one:
            done = product.engine.tasks.complete(
                WORKER, task.id, revision=task.revision, data=models.answers(number)
            )
        taken.append(one.wall)
        task = next(iter(done.next_tasks), task)


def _counted(product: Product) -> tuple[float, float]:
    counts: list[int] = []
    commits: list[int] = []
    (task,) = started(product, 1)
    for number in models.STEPS:
        with traffic() as seen:
            done = product.engine.tasks.complete(
                WORKER, task.id, revision=task.revision, data=models.answers(number)
            )
        counts.append(len(seen.statements))
        commits.append(seen.commits)
        task = next(iter(done.next_tasks), task)
    return max(counts), max(commits)


def _profile(bench: Bench, product: Product, count: int) -> None:
    tasks = started(product, count)
    recorder = cProfile.Profile()
    recorder.enable()
    for task in tasks:
        complete(product, task, lambda _seconds: None)
    recorder.disable()
    file = ROOT / "var" / "benchmarks" / f"five-tasks-verbs-{bench.system}.prof"
    file.parent.mkdir(parents=True, exist_ok=True)
    recorder.dump_stats(file)
    for order in ("cumulative", "tottime"):
        pstats.Stats(recorder).strip_dirs().sort_stats(order).print_stats(_SHOWN)
