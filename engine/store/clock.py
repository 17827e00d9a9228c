"""The one row of the simulated clock, which every process reads."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

clock = sa.Table(
    "clock",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("now", Instant, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)


_NOW = Statement(sa.select(clock.c.now))
_TARGET = sa.bindparam("target", type_=Instant)
_ADVANCE = Statement(
    sa.update(clock).where(clock.c.id == 1, clock.c.now <= _TARGET).values(now=_TARGET)
)


def now(tx: Transaction) -> datetime | None:
    """The simulated moment, or None before the clock was set up."""
    row = _NOW.first(tx, {})
    moment: datetime | None = None if row is None else row["now"]
    return moment


def set_up(tx: Transaction, start: datetime) -> None:
    """Make the row with `start`; a row that is there already stays as it is."""
    insert = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
    tx.execute(insert(clock).values(id=1, now=start).on_conflict_do_nothing())


def advance(tx: Transaction, target: datetime) -> bool:
    """Move the row forward to `target`; False when it stands later than that or is missing."""
    return _ADVANCE.count(tx, {"target": target}) == 1
