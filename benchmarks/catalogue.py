"""Every benchmark, in the order in which they run."""

from __future__ import annotations

from importlib import import_module

from benchmarks.registry import REGISTRY

_MODULES = (
    "five_tasks_http",
    "five_tasks_verbs",
    "journeys",
    "long_cases",
    "lists",
    "timers",
    "processes",
    "year",
)

for _module in _MODULES:
    import_module(f"benchmarks.{_module}")

NAMES = tuple(REGISTRY)
