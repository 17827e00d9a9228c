"""Timers: one row for each due time that a case waits for, written with the state that waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.cases import process_instance
from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

timer = sa.Table(
    "timer",
    metadata,
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("repeats", sa.Integer, comment="rounds left; null: for ever or just this once"),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("retry_at", Instant, comment="system time before which it is not tried again"),
    # All three: thousands of deadlines fall on the same midnight.
    sa.Index("ix_timer_due_at_instance_id_key", "due_at", "instance_id", "key"),
)

_C = timer.c


@dataclass(frozen=True)
class TimerRow:
    """One waiting timer."""

    instance_id: str
    key: str
    element_id: str
    due_at: datetime
    repeats: int | None
    failures: int = 0
    retry_at: datetime | None = None


def insert(transaction: Transaction, rows: Sequence[TimerRow]) -> None:
    """Store newly set timers."""
    _INSERT.run_each(transaction, map(vars, rows))


_INSERT = Statement(timer.insert())
_ONE = (_C.instance_id == sa.bindparam("b_instance"), _C.key == sa.bindparam("b_key"))
_FIND = Statement(sa.select(timer).where(*_ONE))
_DELETE = Statement(timer.delete().where(*_ONE))


def delete(transaction: Transaction, instance_id: str, keys: Sequence[str]) -> None:
    """Forget timers that fired or were cleared."""
    _DELETE.run_each(transaction, [{"b_instance": instance_id, "b_key": key} for key in keys])


def due(columns: sa.Select[Any]) -> sa.Select[Any]:
    """Columns of timers, among others, of those that are due: parameters `now`, `system_now` and
    `at_most`; soonest due first."""
    return (
        columns.where(_C.due_at <= sa.bindparam("now"))
        .where(sa.or_(_C.retry_at.is_(None), _C.retry_at <= sa.bindparam("system_now")))
        .order_by(_C.due_at, _C.instance_id, _C.key)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
    )


_DUE = due(sa.select(timer))
_DUE_CASE = _DUE.join(process_instance, process_instance.c.id == _C.instance_id)
_NEXT = Statement(_DUE)
# The case is locked, never the timer: every command locks its case before it touches the case's
# timers, and two orders of locking would end in a deadlock.
_CLAIM = Statement(_DUE_CASE.with_for_update(of=process_instance))
_CLAIM_FREE = Statement(_DUE_CASE.with_for_update(of=process_instance, skip_locked=True))


def claim_due(
    transaction: Transaction, now: datetime, system_now: datetime, *, wait: bool = False
) -> TimerRow | None:
    """The timer that is due first, its case held until the transaction ends so that no other
    scheduler fires it too; None when none is due.

    On PostgreSQL cases that others hold are passed over, unless `wait` says to wait for them.
    """
    values = {"now": now, "system_now": system_now, "at_most": 1}
    while True:
        row = (_CLAIM if wait else _CLAIM_FREE).first(transaction, values)
        if row is None:
            return None
        # The lock may have been waited for: what was due then may have fired meanwhile.
        claimed = find(transaction, row["instance_id"], row["key"])
        if claimed == TimerRow(**row):
            return claimed


def next_due(transaction: Transaction, now: datetime, system_now: datetime) -> TimerRow | None:
    """The timer that is due first: a read that takes no lock."""
    row = _NEXT.first(transaction, {"now": now, "system_now": system_now, "at_most": 1})
    return None if row is None else TimerRow(**row)


def find(transaction: Transaction, instance_id: str, key: str) -> TimerRow | None:
    """The waiting timer, or None when it fired or was cleared."""
    row = _FIND.first(transaction, {"b_instance": instance_id, "b_key": key})
    return None if row is None else TimerRow(**row)


def of_case(transaction: Transaction, instance_id: str) -> tuple[TimerRow, ...]:
    """Everything that a case waits for, soonest due first."""
    statement = sa.select(timer).where(_C.instance_id == instance_id)
    return tuple(_row(row) for row in transaction.execute(statement.order_by(_C.due_at, _C.key)))


def of_cases(transaction: Transaction, instance_ids: Sequence[str]) -> tuple[TimerRow, ...]:
    """Everything that these cases wait for, in no order."""
    statement = sa.select(timer).where(_C.instance_id.in_(instance_ids))
    return tuple(_row(row) for row in transaction.execute(statement))


def put_off(transaction: Transaction, row: TimerRow, retry_at: datetime | None) -> None:
    """After a failure: not before `retry_at` (system time). None: at once, by hand."""
    failures = row.failures + 1 if retry_at is not None else row.failures
    transaction.execute(
        timer.update()
        .where(_C.instance_id == row.instance_id, _C.key == row.key)
        .values(failures=failures, retry_at=retry_at)
    )


def _row(row: sa.Row[Any]) -> TimerRow:
    return TimerRow(**row._mapping)
