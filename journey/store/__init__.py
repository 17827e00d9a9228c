"""The journey's own tables and the statements over them; nothing else in `journey` says SQL."""

from __future__ import annotations

from journey.store import cycles, office_table, persons, projections, registry, units

__all__ = ["cycles", "office_table", "persons", "projections", "registry", "units"]
