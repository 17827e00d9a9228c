"""Stopwatches: medians and percentiles, CPU of a tree of processes, statements and commits."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psutil  # type: ignore[import-untyped]  # the package ships no types
import sqlalchemy as sa
from sqlalchemy import event

from benchmarks.results import Figure, Target
from engine.store.transaction import Transaction


def percentile(values: Sequence[float], share: float) -> float:
    """The value below or at which `share` (0 to 1) of `values` lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def figure(
    name: str, runs: Sequence[float], unit: str, target: Target | None = None, note: str = ""
) -> Figure:
    """The median of repeated runs."""
    return Figure(name, statistics.median(runs), unit, target, tuple(runs), note)


def tree_cpu(pid: int) -> float:
    """CPU seconds (user and system) of a process, its children and those it has buried."""
    try:
        root = psutil.Process(pid)
        members = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0.0
    for member in members:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


@dataclass
class Span:
    """What a stretch of work took."""

    wall: float = 0.0
    """Seconds."""
    cpu: float = 0.0
    """CPU seconds of this process."""


@contextmanager
def span() -> Iterator[Span]:
    """Times what runs inside; read it afterwards."""
    taken = Span()
    wall, cpu = time.perf_counter(), time.process_time()
    yield taken
    taken.wall, taken.cpu = time.perf_counter() - wall, time.process_time() - cpu


@dataclass
class Traffic:
    """What went to the database; opening and ending a transaction is no statement."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def traffic() -> Iterator[Traffic]:
    """Counts the statements and commits of every database this process has open."""
    seen = Traffic()

    def said(statement: str, _given: Any, _many: bool) -> None:
        seen.statements.append(statement)

    def committed() -> None:
        seen.commits += 1

    with listening(said, committed):
        yield seen


@contextmanager
def listening(
    said: Callable[[str, Any, bool], None], committed: Callable[[], None]
) -> Iterator[None]:
    """Tells of every statement (its text, the driver's parameters, whether those are many) and
    every commit of this process, whether SQLAlchemy or the driver's own cursor runs it."""

    def executed(
        _connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool
    ) -> None:
        if not statement.startswith("BEGIN"):
            said(statement, given, many)

    def done(_connection: Any) -> None:
        committed()

    run, run_many = Transaction.run, Transaction.run_many

    def telling_run(self: Transaction, text: str, parameters: Any) -> Any:
        said(text, parameters, False)
        return run(self, text, parameters)

    def telling_run_many(self: Transaction, text: str, parameters: Sequence[Any]) -> Any:
        said(text, parameters, True)
        return run_many(self, text, parameters)

    event.listen(sa.Engine, "before_cursor_execute", executed)
    event.listen(sa.Engine, "commit", done)
    try:
        with (
            patch.object(Transaction, "run", telling_run),
            patch.object(Transaction, "run_many", telling_run_many),
        ):
            yield
    finally:
        event.remove(sa.Engine, "before_cursor_execute", executed)
        event.remove(sa.Engine, "commit", done)
