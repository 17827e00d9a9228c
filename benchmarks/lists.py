"""Lists over a country's worth of rows: the first page, a page far down, filters, search."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import migrations
from app import Product
from benchmarks import models, nation
from benchmarks.five_tasks_verbs import complete, started
from benchmarks.measuring import percentile, span
from benchmarks.places import COORDINATOR, UNIT, WORKER, Installation
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, at_most
from engine.records import InstanceState, Page, Paging
from settings import ROOT

_PAGE = 50
_FAR = 1000
_STRIDE = 200
"""The longest page: the way to page 1,000 is walked with these."""
Look = Callable[[], object]


@benchmark("lists", "Lists at a million open tasks")
def lists(bench: Bench) -> Sequence[Figure]:
    """Read by a case worker of one of twelve branches, and by headquarters."""
    count = bench.sized(1_000_000, 20_000)
    place = _filled(bench, count)
    product = place.open()
    bench.progress("walking to a page far down")
    tasks, tasks_at = _far_cursor(lambda paging: product.engine.tasks.list(WORKER, paging=paging))
    cases, cases_at = _far_cursor(
        lambda paging: product.engine.cases.list(COORDINATOR, paging=paging)
    )
    looks = _looks(product, tasks, cases)
    repeats = bench.full_or_quick(60, 10)
    figures = [
        Figure("open tasks", count, ""),
        Figure("journal entries", count * nation.ENTRIES, ""),
    ]
    for number, (name, look) in enumerate(looks.items()):
        bench.progress(name, number, len(looks))
        taken = _timed(look, repeats)
        figures.append(
            Figure(f"{name}, p95", percentile(taken, 0.95), "ms", at_most(15), tuple(taken))
        )
    product.engine.close()
    if not bench.sqlite:
        bench.places.drop(place)
    by_name = {figure.name: percentile(figure.runs, 0.5) for figure in figures[2:]}
    for kind, page in (("tasks", tasks_at), ("cases", cases_at)):
        ratio = by_name[f"{kind}, far page, p95"] / by_name[f"{kind}, first page, p95"]
        name = f"{kind}, page {page:,} to the first page"
        figures.append(Figure(name, ratio, "times", at_most(1.2), note="medians"))
    return [_bare(figure) for figure in figures]


def _bare(figure: Figure) -> Figure:
    """The figure without its single looks, which are no runs of their own."""
    return Figure(figure.name, figure.value, figure.unit, figure.target, (), figure.note)


def _looks(product: Product, tasks: str | None, cases: str | None) -> dict[str, Look]:
    """What people look at, by name."""
    engine = product.engine
    page = Paging(_PAGE)

    def of_tasks(**asked: Any) -> Look:
        return lambda: engine.tasks.list(WORKER, **{"paging": page, **asked})

    def of_cases(who: Any, **asked: Any) -> Look:
        return lambda: engine.cases.list(who, **{"paging": page, **asked})

    first, last = nation.names_of(nation.person_id(0))
    real = started(product, 1)[0]
    complete(product, real, lambda _seconds: None)
    return {
        "tasks, first page": of_tasks(),
        "tasks, far page": of_tasks(paging=Paging(_PAGE, tasks)),
        "tasks, newest last": of_tasks(sort="created"),
        "tasks, by priority": of_tasks(sort="priority"),
        "tasks, one's own": of_tasks(mine=True),
        "tasks, a colleague's": of_tasks(assignee="worker.7"),
        "tasks, nobody's": of_tasks(unassigned=True),
        "tasks, overdue": of_tasks(overdue=True),
        "tasks of one element": of_tasks(process=models.FIVE, element="step_3"),
        "tasks of one case": of_tasks(instance=nation.case_id(0)),
        "tasks, by business key": of_tasks(business_key="J-0000000"),
        "tasks, search by a person's name": of_tasks(q=f"{first} {last}"),
        "tasks, search by a first name": of_tasks(q=first),
        "tasks, search by the task's name": of_tasks(q="step_4"),
        "tasks, search that finds nothing": of_tasks(q="zzzz"),
        "counts of tasks": lambda: engine.tasks.counts(WORKER),
        "persons found by a first name": lambda: _found(product, first),
        "cases, first page": of_cases(COORDINATOR),
        "cases, far page": of_cases(COORDINATOR, paging=Paging(_PAGE, cases)),
        "cases of one branch": of_cases(WORKER, unit=UNIT),
        "cases at one element": of_cases(COORDINATOR, element="step_3"),
        "cases of one branch at one element": of_cases(WORKER, element="step_3"),
        "cases, by business key": of_cases(COORDINATOR, business_key="J-0000000"),
        "cases, completed": of_cases(COORDINATOR, state=InstanceState.COMPLETED),
        "history of a case": lambda: engine.history.entries(WORKER, real.instance_id),
    }


def _found(product: Product, text: str) -> frozenset[str]:
    with product.engine.database.reading() as transaction:
        return product.journey.persons.find(transaction, WORKER, text)


def _timed(look: Look, repeats: int) -> list[float]:
    look()
    taken: list[float] = []
    for _ in range(repeats):
        with span() as one:
            look()
        taken.append(one.wall * 1000)
    return taken


def _far_cursor(read: Callable[[Paging], Page[Any]]) -> tuple[str | None, int]:
    """The cursor of page 1,000, or of the last full page of a shorter list, and its number."""
    cursor: str | None = None
    passed = 0
    while passed < _PAGE * (_FAR - 1):
        stride = min(_STRIDE, _PAGE * (_FAR - 1) - passed)
        following = read(Paging(stride, cursor)).next_cursor
        if following is None:
            break
        cursor, passed = following, passed + stride
    return cursor, passed // _PAGE + 1


def _filled(bench: Bench, count: int) -> Installation:
    """An installation with so many tasks; on SQLite the one of an earlier run, if it is right."""
    folder = ROOT / "var" / "benchmarks" / f"lists-{count}"
    stamp = folder / "filled-by"
    wanted = f"{migrations.head()} {_fingerprint()}"
    if bench.sqlite and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return bench.places.kept(folder)
    bench.progress(f"filling {count:,} tasks")
    place = bench.places.installation(bench.system, models.five_tasks())
    nation.fill(place, count)
    if not bench.sqlite:
        return place
    kept = bench.places.keep(place, folder)
    stamp.write_text(wanted, encoding="ascii")
    return kept


def _fingerprint() -> str:
    """Of what made the rows: other code makes other rows."""
    source = Path(nation.__file__).read_bytes()
    return hashlib.sha256(source).hexdigest()[:16]
