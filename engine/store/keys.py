"""Rows of `data_key`: one wrapped encryption key per owner of personal data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

data_key = sa.Table(
    "data_key",
    metadata,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=True),  # null: destroyed, for ever
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("destroyed_at", Instant, nullable=True),
    sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed"),
)


_FIND = Statement(sa.select(data_key.c.wrapped).where(data_key.c.owner == sa.bindparam("owner")))


_ADD = Statement(
    sqlite=sqlite.insert(data_key).on_conflict_do_nothing(),
    postgresql=postgresql.insert(data_key).on_conflict_do_nothing(),
)


@dataclass(frozen=True)
class StoredKey:
    """One owner's key as stored; `wrapped` is None once it was destroyed."""

    owner: str
    wrapped: bytes | None


def find(tx: Transaction, owner: str) -> StoredKey | None:
    """The key row of `owner`, or None when nothing was ever sealed for it."""
    row = _FIND.first(tx, {"owner": owner})
    return None if row is None else StoredKey(owner, row["wrapped"])


def find_many(tx: Transaction, owners: Collection[str]) -> list[StoredKey]:
    """The key rows of these owners."""
    statement = sa.select(data_key.c.owner, data_key.c.wrapped)
    rows = tx.execute(statement.where(data_key.c.owner.in_(sorted(set(owners)))))
    return [StoredKey(row.owner, row.wrapped) for row in rows]


def add(tx: Transaction, owner: str, wrapped: bytes) -> StoredKey:
    """Store a first key for `owner`; when another transaction was first, answers with its key."""
    # Key management is a matter of the machine, not of the case: system time.
    row = {"owner": owner, "wrapped": wrapped, "created_at": datetime.now(UTC)}
    if _ADD.count(tx, {**row, "destroyed_at": None}) == 1:
        return StoredKey(owner, wrapped)
    stored = find(tx, owner)
    if stored is None:
        raise LookupError(f"the key of {owner} vanished while it was being made")
    return stored


def destroy(tx: Transaction, owner: str) -> None:
    """Overwrite the wrapped key. An owner without a key gets a destroyed row, so that nothing
    can be sealed for it later."""
    now = datetime.now(UTC)
    changed = tx.execute(
        sa.update(data_key)
        .where(data_key.c.owner == owner, data_key.c.wrapped.is_not(None))
        .values(wrapped=None, destroyed_at=now)
    )
    if changed.rowcount == 0 and find(tx, owner) is None:
        tx.execute(
            sa.insert(data_key).values(owner=owner, wrapped=None, created_at=now, destroyed_at=now)
        )
