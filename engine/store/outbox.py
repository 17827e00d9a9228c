"""Calls to outside systems: written with the state that asks for them, sent after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

outgoing_call = sa.Table(
    "outgoing_call",
    metadata,
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False, comment="sealed headers, variables"),
    sa.Column("attempts_left", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Instant, nullable=False, comment="system time"),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Index("ix_outgoing_call_next_at", "next_at"),
)

_C = outgoing_call.c


@dataclass(frozen=True)
class CallRow:
    """One call that waits to be sent, or is being sent until `next_at`."""

    instance_id: str
    key: str
    element_id: str
    type: str
    content: bytes
    attempts_left: int
    attempts: int
    next_at: datetime
    requested_at: datetime


def insert(transaction: Transaction, rows: Sequence[CallRow]) -> None:
    """Store newly requested calls."""
    _INSERT.run_each(transaction, map(vars, rows))


_INSERT = Statement(outgoing_call.insert())
_DELETE = Statement(
    outgoing_call.delete().where(
        _C.instance_id == sa.bindparam("b_instance"), _C.key == sa.bindparam("b_key")
    )
)

_ANY_DUE = Statement(sa.select(_C.key).where(_C.next_at <= sa.bindparam("now")).limit(1))


def delete(transaction: Transaction, instance_id: str, keys: Sequence[str]) -> None:
    """Forget calls that were answered, given up or withdrawn."""
    _DELETE.run_each(transaction, [{"b_instance": instance_id, "b_key": key} for key in keys])


def claim(transaction: Transaction, system_now: datetime, lease_until: datetime) -> CallRow | None:
    """The call whose turn is first, kept from other dispatchers until `lease_until`.

    A process that dies while it sends leaves the call to be sent again after the lease.
    """
    statement = (
        sa.select(outgoing_call)
        .where(_C.next_at <= system_now)
        .order_by(_C.next_at, _C.instance_id, _C.key)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row: sa.Row[Any] | None = transaction.execute(statement).one_or_none()
    if row is None:
        return None
    call = CallRow(**row._mapping)
    claimed = replace(call, next_at=lease_until, attempts=call.attempts + 1)
    _store(transaction, claimed)
    return claimed


def any_due(transaction: Transaction, system_now: datetime) -> bool:
    """Whether a call waits to be sent now: a read that takes no lock."""
    return _ANY_DUE.first(transaction, {"now": system_now}) is not None


def find(transaction: Transaction, instance_id: str, key: str) -> CallRow | None:
    """The call, or None when it was answered or withdrawn."""
    statement = sa.select(outgoing_call).where(_C.instance_id == instance_id, _C.key == key)
    row = transaction.execute(statement).one_or_none()
    return None if row is None else CallRow(**row._mapping)


def put_off(transaction: Transaction, call: CallRow, until: datetime) -> None:
    """After a failure: not before `until` (system time), with one attempt less."""
    _store(transaction, replace(call, next_at=until, attempts_left=call.attempts_left - 1))


def _store(transaction: Transaction, call: CallRow) -> None:
    transaction.execute(
        outgoing_call.update()
        .where(_C.instance_id == call.instance_id, _C.key == call.key)
        .values(next_at=call.next_at, attempts=call.attempts, attempts_left=call.attempts_left)
    )
