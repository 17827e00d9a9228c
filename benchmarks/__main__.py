"""`python -m benchmarks`: run some or all, show the figures beside their targets, keep them."""

from __future__ import annotations

import os
import platform
import signal
import sqlite3
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click
import psutil  # type: ignore[import-untyped]  # the package ships no types
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks import catalogue, results
from benchmarks.places import Places
from benchmarks.registry import REGISTRY, SYSTEMS, Bench, Benchmark, System
from benchmarks.results import Result
from settings import ROOT

FOLDER = ROOT / "var" / "benchmarks"
PAGE = ROOT / "docs" / "benchmarks.md"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--database", type=click.Choice([*SYSTEMS, "both"]), default="both")
@click.option("--quick", is_flag=True, help="Small numbers: to see that everything works.")
@click.option("--size", type=click.IntRange(1), help="Open tasks, timers or clients instead.")
@click.option("--profile", is_flag=True, help="Where the time goes (five-tasks-verbs).")
@click.option("--list", "listed", is_flag=True, help="Tell the names and stop.")
@click.option(
    "--write", is_flag=True, help="Renew docs/benchmarks.md; without names nothing is run."
)
def main(  # noqa: PLR0917  one for each option of the command line
    names: tuple[str, ...],
    database: str,
    quick: bool,
    size: int | None,
    profile: bool,
    listed: bool,
    write: bool,
) -> None:
    """Run the benchmarks NAMES; without a name all but those that take hours."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    unknown = sorted(set(names) - set(catalogue.NAMES))
    if unknown:
        known = ", ".join(catalogue.NAMES)
        raise click.ClickException(f"There is no {', '.join(unknown)}. Choose from: {known}")
    if listed:
        for name in catalogue.NAMES:
            when = " (only when named)" if REGISTRY[name].long else ""
            console.print(f"{name:<18} {REGISTRY[name].title}{when}")
        return
    if names or not write:
        systems = SYSTEMS if database == "both" else (cast(System, database),)
        usual = tuple(name for name in catalogue.NAMES if not REGISTRY[name].long)
        found = run_all(console, names or usual, systems, quick=quick, size=size, profile=profile)
        missed = sum(figure.met is False for result in found for figure in result.figures)
        console.print(f"{missed} target(s) missed" if missed else "Every target reached.")
    if write:
        text = results.markdown(results.newest(FOLDER), catalogue.NAMES)
        results.renew(PAGE, text)
        console.print(f"Renewed {PAGE.relative_to(ROOT)}.")


def run_all(
    console: Console,
    names: Sequence[str],
    systems: Sequence[System],
    *,
    quick: bool,
    size: int | None,
    profile: bool,
) -> list[Result]:
    """Run benchmarks one after the other; each result is kept as soon as it is there."""
    # Asked to end, it still stops the servers that it started.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    began = datetime.now(UTC)
    file = FOLDER / f"{began:%Y-%m-%dT%H%M%S}.json"
    found: list[Result] = []
    with Places() as places:
        for name in names:
            for system in [s for s in systems if s in REGISTRY[name].systems]:
                result = _run(
                    console, REGISTRY[name], places, system, quick=quick, size=size, profile=profile
                )
                found.append(result)
                console.print(table(result))
                results.save(found, file)
    console.print(f"Raw numbers: {file.relative_to(ROOT)}")
    return found


def _run(
    console: Console,
    benchmark: Benchmark,
    places: Places,
    system: System,
    *,
    quick: bool,
    size: int | None,
    profile: bool,
) -> Result:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(f"{benchmark.name}, {system}", total=None)

        def progress(what: str, done: int = 0, of: int = 0) -> None:
            text = f"{benchmark.name}, {system}: {what}"
            bars.update(bar, description=text, completed=done, total=of or None)

        load = os.getloadavg()[0]
        began, at = time.perf_counter(), datetime.now(UTC)
        figures = benchmark.run(Bench(system, places, progress, quick, profile, size))
    return Result(
        benchmark=benchmark.name,
        title=benchmark.title,
        system=system,
        quick=quick or size is not None,
        at=at.isoformat(timespec="seconds"),
        seconds=time.perf_counter() - began,
        machine=machine(places, system),
        load=load,
        figures=tuple(figures),
    )


def table(result: Result) -> Table:
    """The figures of one result, each beside its target."""
    words = [result.title, result.system]
    words += ["quick: no measure of anything"] if result.quick else []
    words += [f"others keep the machine busy: load {result.load:.1f}"] if result.load > 1 else []
    drawn = Table(title=" · ".join(words), title_justify="left")
    drawn.add_column("Figure")
    drawn.add_column("Measured", justify="right")
    drawn.add_column("Target", justify="right")
    drawn.add_column("")
    drawn.add_column("Runs")
    colours = {None: "", True: "[green]reached", False: "[red]missed"}
    for figure in result.figures:
        drawn.add_row(
            figure.name,
            f"{results.number(figure.value)} {figure.unit}",
            results.target_text(figure),
            colours[figure.met],
            " ".join(results.number(run) for run in figure.runs) if len(figure.runs) > 1 else "",
        )
    return drawn


def machine(places: Places, system: System) -> dict[str, str]:
    """What the figures were measured on."""
    facts = {
        "processor": _processor(),
        "cores": str(psutil.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "Python": platform.python_version(),
    }
    if system == "sqlite":
        return {**facts, "SQLite": f"{sqlite3.sqlite_version} (WAL, synchronous FULL)"}
    return {**facts, "PostgreSQL": f"{places.postgres_version()} (fsync on)"}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


if __name__ == "__main__":
    sys.exit(main())
