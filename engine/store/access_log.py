"""Rows of the access log (append-only): who read whose personal data, when, through what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.records import Page, Paging
from engine.store.paging import Keyset
from engine.store.schema import Instant, append_only, metadata
from engine.store.transaction import Transaction

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite numbers only INTEGER keys

access_log = append_only(
    sa.Table(
        "access_log",
        metadata,
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.Text, nullable=False, index=True),
        sa.Column("subject", sa.Text, nullable=False, index=True),
        sa.Column("through", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
    )
)

_NEWEST_FIRST = Keyset("access_log", [access_log.c.id], descending=True)


@dataclass(frozen=True)
class Access:
    """One reading of personal data."""

    id: int
    at: datetime
    actor: str
    subject: str
    """The subject (person) of the data, or `case:<id>` for a case without one."""
    through: str
    """The verb and the thing: `task_form <task id>`."""
    purpose: str


def add(
    tx: Transaction,
    *,
    at: datetime,
    actor: str,
    subjects: Iterable[str],
    through: str,
    purpose: str,
) -> None:
    """Append one line for each subject, in one statement."""
    rows = [
        {"at": at, "actor": actor, "subject": subject, "through": through, "purpose": purpose}
        for subject in subjects
    ]
    if rows:
        tx.execute(sa.insert(access_log), rows)


def page(
    tx: Transaction, paging: Paging, *, actor: str | None = None, subject: str | None = None
) -> Page[Access]:
    """Lines, newest first, of one reader or about one subject."""
    statement = sa.select(access_log)
    if actor is not None:
        statement = statement.where(access_log.c.actor == actor)
    if subject is not None:
        statement = statement.where(access_log.c.subject == subject)
    found = tx.execute(_NEWEST_FIRST.apply(statement, paging)).all()
    rows, cursor = _NEWEST_FIRST.split(found, paging)
    return Page(tuple(Access(**row._mapping) for row in rows), cursor)
