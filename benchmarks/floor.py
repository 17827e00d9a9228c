"""What cannot be undercut: the step in memory, and the same rows written by the driver alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app import Product
from benchmarks import models
from benchmarks.measuring import listening, span
from benchmarks.places import WORKER, Installation
from benchmarks.registry import Bench
from bpmn import LiveCase
from engine.open_case import CaseServices
from engine.store.database import Database

_STEPS = len(models.STEPS)
_WRITES = ("INSERT", "UPDATE", "DELETE")
Written = tuple[str, Any, bool]
"""A statement, its parameters, and whether those are many."""


def in_memory_step_ms(product: Product, count: int) -> float:
    """Milliseconds of completing one task of the process where nothing is stored."""
    engine = product.engine
    with engine.database.reading() as transaction:
        version = engine.definitions.version(transaction, models.FIVE)
        executable = engine.definitions.executable(transaction, version.id)
        now = datetime.now(UTC)
        deciders = engine.definitions.deciders(transaction, version.id, now)
    services = CaseServices(now, {"case": {"id": "floor", "unit": "hq"}}, deciders)
    cases = [LiveCase.start(executable, {}, services)[0] for _ in range(count)]
    answers = [models.answers(number) for number in models.STEPS]
    with span() as taken:
        for case in cases:
            for data in answers:
                case.complete_task(case.snapshot().open_tasks[0], data, services)
    return taken.wall / (count * _STEPS) * 1000


def bare_commit_ms(bench: Bench, place: Installation, count: int) -> list[float]:
    """Milliseconds of writing and committing one completion's rows, and nothing else.

    What the verbs write is recorded, then written again by the driver to a copy of the database
    as it was before, one commit each.
    """
    copies = [bench.places.copy(place) for _ in range(bench.full_or_quick(3, 1))]
    product = place.open()
    with recorded() as commits:
        for _ in range(count):
            _one_case(product)
    product.engine.close()
    runs: list[float] = []
    for copy in copies:
        runs.append(_replayed(copy, commits))
        bench.places.drop(copy)
    return runs


@dataclass
class Commits:
    """What each transaction wrote, in order; a case's start, then its five completions."""

    all: list[list[Written]] = field(default_factory=list)
    open: list[Written] = field(default_factory=list)


@contextmanager
def recorded() -> Iterator[Commits]:
    """Records what this process writes, commit by commit."""
    commits = Commits()

    def said(statement: str, given: Any, many: bool) -> None:
        if statement.lstrip().startswith(_WRITES):
            commits.open.append((statement, given, many))

    def committed() -> None:
        commits.all.append(commits.open)
        commits.open = []

    with listening(said, committed):
        yield commits


def _one_case(product: Product) -> None:
    engine = product.engine
    case = engine.cases.start(WORKER, models.FIVE)
    task = engine.tasks.list(WORKER, instance=case.id).items[0]
    for number in models.STEPS:
        done = engine.tasks.complete(
            WORKER, task.id, revision=task.revision, data=models.answers(number)
        )
        task = next(iter(done.next_tasks), task)


def _replayed(copy: Installation, commits: Commits) -> float:
    database = Database(copy.settings.database_url)
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    sqlite = database.dialect == "sqlite"
    wall = 0.0
    completions = 0
    for written in commits.all:
        start = any("INTO process_instance" in statement for statement, *_ in written)
        with span() as taken:
            if sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            for statement, given, many in written:
                if many:
                    cursor.executemany(statement, given)
                else:
                    cursor.execute(statement, given)
            raw.commit()
        if not start:
            wall += taken.wall
            completions += 1
    cursor.close()
    raw.close()
    database.close()
    _require_same(copy, completions)
    return wall / completions * 1000


def _require_same(copy: Installation, completions: int) -> None:
    """The copy must hold what was written, or nothing was measured."""
    engine = sa.create_engine(copy.settings.database_url)
    with engine.connect() as connection:
        statement = sa.text(
            "SELECT count(*) FROM user_task WHERE process_key = :key AND state = 'completed'"
        )
        found = connection.execute(statement, {"key": models.FIVE}).scalar_one()
    engine.dispose()
    if found < completions:
        raise RuntimeError(f"{found} completions were written again, not {completions}.")
