"""The database's tables as Alembic migrations: `upgrade` brings any database to the newest."""

from __future__ import annotations

from migrations.commands import (
    current,
    head,
    load_tables,
    revise,
    revision_of,
    revisions,
    upgrade,
    upgrade_within,
)

__all__ = [
    "current",
    "head",
    "load_tables",
    "revise",
    "revision_of",
    "revisions",
    "upgrade",
    "upgrade_within",
]
