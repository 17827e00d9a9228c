"""What waits to be done, counted for those who watch the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.incidents import incident
from engine.store.messages import message
from engine.store.outbox import outgoing_call
from engine.store.schema import Instant
from engine.store.tasks import user_task
from engine.store.timers import timer
from engine.store.transaction import Transaction

COUNTED = 10_000
"""As far as a queue is counted: whoever sees so many knows enough, and a count stays cheap."""


@dataclass(frozen=True)
class Queue:
    """So many wait (at most `COUNTED` are counted), the first of them since `oldest`."""

    length: int
    oldest: datetime | None


def due_timers(transaction: Transaction, now: datetime, system_now: datetime) -> Queue:
    """Timers that should have fired by now; those put off after a failure are incidents."""
    column = timer.c
    return _queue(
        transaction,
        column.due_at,
        column.due_at <= now,
        sa.or_(column.retry_at.is_(None), column.retry_at <= system_now),
    )


def calls(transaction: Transaction) -> Queue:
    """Calls to outside systems that were not answered yet."""
    return _queue(transaction, outgoing_call.c.requested_at)


def pending_messages(transaction: Transaction) -> Queue:
    """Messages that were not brought to everybody who waits for them."""
    return _queue(transaction, message.c.published_at, message.c.state == "pending")


def open_incidents(transaction: Transaction) -> dict[str, int]:
    """How many are open, by origin: case, timer or message."""
    statement = (
        sa.select(incident.c.origin, sa.func.count().label("number"))
        .where(incident.c.resolved_at.is_(None))
        .group_by(incident.c.origin)
    )
    return {row.origin: row.number for row in transaction.execute(statement)}


def open_tasks(transaction: Transaction, now: datetime) -> tuple[int, int]:
    """How many user tasks are open, and how many of them are past their due time."""
    column = user_task.c
    late = sa.func.count(sa.case((column.due_at < now, 1))).label("late")
    statement = sa.select(sa.func.count().label("number"), late).where(column.state == "open")
    row = transaction.execute(statement).one()
    return row.number, row.late


def takes_writes(transaction: Transaction) -> bool:
    """Whether the database server lets this connection write: a stand-by does not."""
    if transaction.dialect != "postgresql":
        return True
    answer = transaction.execute(
        sa.select(
            sa.func.pg_is_in_recovery(), sa.func.current_setting("default_transaction_read_only")
        )
    ).one()
    return tuple(answer) == (False, "off")


def _queue(transaction: Transaction, since: sa.Column[Any], *conditions: Any) -> Queue:
    first = sa.select(since.label("since")).where(*conditions).order_by(since).limit(COUNTED)
    rows = first.subquery()
    oldest = sa.type_coerce(sa.func.min(rows.c.since), Instant).label("oldest")
    counted = sa.select(sa.func.count().label("length"), oldest).select_from(rows)
    row = transaction.execute(counted).one()
    return Queue(row.length, row.oldest)
