"""The benchmarks by name, and what each of them is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from benchmarks.places import Places
from benchmarks.results import Figure

System = Literal["sqlite", "postgresql"]
SYSTEMS: tuple[System, ...] = ("sqlite", "postgresql")


class Progress(Protocol):
    """Is told how far a benchmark is."""

    def __call__(self, what: str, done: int = 0, of: int = 0) -> None:
        """`done` of `of` steps of `what` are done; 0 of 0 when nobody can tell."""


@dataclass(frozen=True)
class Bench:
    """What a benchmark is given."""

    system: System
    places: Places
    progress: Progress
    quick: bool = False
    profile: bool = False
    size: int | None = None
    """Replaces the benchmark's own size: open tasks, clients, timers."""

    @property
    def sqlite(self) -> bool:
        """Whether it is SQLite's turn."""
        return self.system == "sqlite"

    def full_or_quick(self, full: int, quick: int) -> int:
        """A number for the real thing and a small one to see that everything works."""
        return quick if self.quick else full

    def sized(self, full: int, quick: int) -> int:
        """As `full_or_quick`, unless a size was asked for."""
        return self.size if self.size is not None else self.full_or_quick(full, quick)


Run = Callable[[Bench], Sequence[Figure]]


@dataclass(frozen=True)
class Benchmark:
    """One benchmark; its name is what the command line calls it by."""

    name: str
    title: str
    run: Run
    systems: tuple[System, ...] = SYSTEMS
    long: bool = False
    """Takes hours: runs only when it is named."""


REGISTRY: dict[str, Benchmark] = {}
"""Name → benchmark, in the order in which they were registered."""


def benchmark(
    name: str, title: str, *, systems: tuple[System, ...] = SYSTEMS, long: bool = False
) -> Callable[[Run], Run]:
    """Register the decorated function as a benchmark."""

    def register(run: Run) -> Run:
        REGISTRY[name] = Benchmark(name, title, run, systems, long)
        return run

    return register
