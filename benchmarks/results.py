"""Figures with their targets, kept as raw numbers and told as tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

BEGIN = "<!-- figures: begin (python -m benchmarks --write) -->"
END = "<!-- figures: end -->"


class Bound(StrEnum):
    """How a figure is held against its target."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    EXACTLY = "="


@dataclass(frozen=True)
class Target:
    """What a figure should be."""

    bound: Bound
    value: float

    def met(self, value: float) -> bool:
        """Whether `value` reaches the target."""
        if self.bound is Bound.AT_LEAST:
            return value >= self.value
        if self.bound is Bound.AT_MOST:
            return value <= self.value
        return value == self.value


def at_least(value: float) -> Target:
    """A target that more is better than."""
    return Target(Bound.AT_LEAST, value)


def at_most(value: float) -> Target:
    """A target that less is better than."""
    return Target(Bound.AT_MOST, value)


def exactly(value: float) -> Target:
    """A target that only one value reaches."""
    return Target(Bound.EXACTLY, value)


@dataclass(frozen=True)
class Figure:
    """One measured number; `runs` are the repeated measurements whose median it is."""

    name: str
    value: float
    unit: str
    target: Target | None = None
    runs: tuple[float, ...] = ()
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        return None if self.target is None else self.target.met(self.value)


@dataclass(frozen=True)
class Result:
    """What one benchmark found on one database system."""

    benchmark: str
    title: str
    system: str
    quick: bool
    at: str
    """When it was measured, ISO 8601 in UTC."""
    seconds: float
    machine: Mapping[str, str]
    load: float
    """The machine's load average before: what others did on it at the same time."""
    figures: tuple[Figure, ...] = field(default_factory=tuple)


def save(results: Sequence[Result], file: Path) -> None:
    """Write the raw numbers as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def load(file: Path) -> list[Result]:
    """Read what `save` wrote."""
    return [_result(values) for values in json.loads(file.read_text(encoding="utf-8"))]


def newest(folder: Path) -> list[Result]:
    """The newest full-size result of every benchmark and system below `folder`, by name."""
    found: dict[tuple[str, str], Result] = {}
    for file in sorted(folder.glob("*.json")):
        for result in load(file):
            key = (result.benchmark, result.system)
            if not result.quick and (key not in found or found[key].at < result.at):
                found[key] = result
    return [found[key] for key in sorted(found)]


def number(value: float) -> str:
    """A number as people read it: three digits that count."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def target_text(figure: Figure) -> str:
    """`≥ 500`, or nothing."""
    return "" if figure.target is None else f"{figure.target.bound} {number(figure.target.value)}"


def verdict(figure: Figure) -> str:
    """Whether the target is reached, in a word."""
    return {None: "", True: "reached", False: "missed"}[figure.met]


def markdown(results: Sequence[Result], order: Sequence[str]) -> str:
    """One section a benchmark, its figures of every system side by side in one table."""
    parts: list[str] = []
    machines = sorted({_machine(result.machine) for result in results})
    parts += [f"- {machine}" for machine in machines] + [""]
    for name in order:
        mine = [result for result in results if result.benchmark == name]
        if not mine:
            continue
        parts += [f"### {mine[0].title}", "", f"`python -m benchmarks {name}`", ""]
        parts += ["| Figure | System | Measured | Target | |", "|---|---|---:|---:|---|"]
        for result in mine:
            for figure in result.figures:
                measured = f"{number(figure.value)} {figure.unit}".strip()
                wanted = target_text(figure)
                words = " — ".join(filter(None, (verdict(figure), figure.note)))
                parts.append(
                    f"| {figure.name} | {result.system} | {measured} | {wanted} | {words} |"
                )
        measured_at = ", ".join(f"{r.system} {r.at[:10]} (load {r.load:.1f})" for r in mine)
        parts += ["", f"Measured: {measured_at}.", ""]
    return "\n".join(parts).rstrip() + "\n"


def renew(page: Path, text: str) -> None:
    """Put `text` between the markers of `page`. Raises `ValueError` when they are missing."""
    content = page.read_text(encoding="utf-8")
    before, begin, rest = content.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page.name} lacks the markers between which the figures stand.")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def _machine(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def _result(values: dict[str, Any]) -> Result:
    figures = tuple(_figure(one) for one in values.pop("figures"))
    return Result(**values, figures=figures)


def _figure(values: dict[str, Any]) -> Figure:
    target = values.pop("target")
    runs = tuple(values.pop("runs"))
    found = None if target is None else Target(Bound(target["bound"]), target["value"])
    return Figure(**values, target=found, runs=runs)
