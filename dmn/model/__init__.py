"""DMN files: decisions, decision tables, boxed expressions, item definitions and imports."""

from __future__ import annotations

from .definitions import Decision, DecisionResult, DecisionService, Definitions
from .reading import read_definitions, read_leniently

__all__ = [
    "Decision",
    "DecisionResult",
    "DecisionService",
    "Definitions",
    "read_definitions",
    "read_leniently",
]
