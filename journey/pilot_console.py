"""The pilot on a terminal: a progress bar while it plays, then the office table."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.engine import Engine
from journey.journey import Journey
from journey.office_table_view import show
from journey.pilot import SHIPPED, Played, run_pilot


def play(
    engine: Engine,
    journey: Journey,
    console: Console,
    cases_path: Path = SHIPPED,
    language: str = "en",
) -> Played:
    """Play a pilot file and print the office table. Raises `PilotFailed`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("الاختبار الميداني" if language == "ar" else "Field test", total=None)
        played = run_pilot(
            engine,
            journey,
            cases_path,
            lambda done, steps: bar.update(task, completed=done, total=steps),
        )
    show(played.table, console, language)
    return played
