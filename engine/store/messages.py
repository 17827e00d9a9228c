"""Messages on their way, who waits for them, and to whom each one was delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

message_subscription = sa.Table(
    "message_subscription",
    metadata,
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("definition", sa.Text, nullable=False, comment="key of the process that waits"),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Index("ix_message_subscription_message_correlation_key", "message", "correlation_key"),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text, comment="null: for message start events only"),
    sa.Column("payload", sa.LargeBinary, nullable=False, comment="sealed"),
    sa.Column("owner", sa.Text, nullable=False, comment="whose data key seals the payload"),
    sa.Column("sender", sa.Text, sa.ForeignKey("process_instance.id"), comment="sending case"),
    sa.Column("unit", sa.Text, comment="of an outside sender, for cases that it starts"),
    sa.Column("published_by", sa.Text, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retry_at", Instant, comment="system time before which it is not tried again"),
    sa.CheckConstraint("state IN ('pending', 'waiting', 'done')", name="state"),
    sa.Index("ix_message_state_id", "state", "id"),
    sa.Index("ix_message_name_correlation_key", "name", "correlation_key"),
)

message_delivery = sa.Table(
    "message_delivery",
    metadata,
    sa.Column("message_id", sa.Text, sa.ForeignKey("message.id"), primary_key=True),
    sa.Column("definition", sa.Text, primary_key=True, comment="once per definition"),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), nullable=False),
    sa.Column("delivered_at", Instant, nullable=False),
)

_S = message_subscription.c
_M = message.c
_D = message_delivery.c


@dataclass(frozen=True)
class SubscriptionRow:
    """One place of one case that waits for a message."""

    instance_id: str
    key: str
    element_id: str
    definition: str
    message: str
    correlation_key: str
    opened_at: datetime


@dataclass(frozen=True)
class MessageRow:
    """One published message; `payload` is sealed with the key of `owner`."""

    id: str
    name: str
    correlation_key: str | None
    payload: bytes
    owner: str
    sender: str | None
    unit: str | None
    published_by: str
    published_at: datetime
    expires_at: datetime
    state: str
    """`pending`: to be delivered to whoever waits; `waiting`: was delivered to those, and waits
    its time to live for others; `done`."""
    attempts: int = 0
    retry_at: datetime | None = None


def subscribe(transaction: Transaction, rows: Sequence[SubscriptionRow]) -> None:
    """Store newly opened subscriptions."""
    _SUBSCRIBE.run_each(transaction, map(vars, rows))


_SUBSCRIBE = Statement(message_subscription.insert())
_UNSUBSCRIBE = Statement(
    message_subscription.delete().where(
        _S.instance_id == sa.bindparam("b_instance"), _S.key == sa.bindparam("b_key")
    )
)


def unsubscribe(transaction: Transaction, instance_id: str, keys: Sequence[str]) -> None:
    """Forget subscriptions that were served or closed."""
    _UNSUBSCRIBE.run_each(transaction, [{"b_instance": instance_id, "b_key": key} for key in keys])


def subscription(transaction: Transaction, instance_id: str, key: str) -> SubscriptionRow | None:
    """The subscription if it is still open."""
    statement = sa.select(message_subscription).where(_S.instance_id == instance_id, _S.key == key)
    row = transaction.execute(statement).one_or_none()
    return None if row is None else SubscriptionRow(**row._mapping)


def receivers(
    transaction: Transaction, message_id: str, name: str, correlation_key: str
) -> tuple[SubscriptionRow, ...]:
    """Who gets the message now: for each definition that did not get it yet, the subscription
    that waits longest."""
    served = sa.select(_D.definition).where(_D.message_id == message_id)
    statement = (
        sa.select(message_subscription)
        .where(_S.message == name, _S.correlation_key == correlation_key)
        .where(_S.definition.not_in(served))
        .order_by(_S.opened_at, _S.instance_id, _S.key)
    )
    first: dict[str, SubscriptionRow] = {}
    for row in transaction.execute(statement):
        first.setdefault(row.definition, SubscriptionRow(**row._mapping))
    return tuple(first.values())


def insert(transaction: Transaction, rows: Sequence[MessageRow]) -> None:
    """Store published messages."""
    if rows:
        transaction.execute(message.insert(), [vars(row) for row in rows])


def find(transaction: Transaction, message_id: str) -> MessageRow | None:
    """The message, or None."""
    row = transaction.execute(sa.select(message).where(_M.id == message_id)).one_or_none()
    return None if row is None else MessageRow(**row._mapping)


def mark(
    transaction: Transaction,
    row: MessageRow,
    state: str,
    *,
    retry_at: datetime | None = None,
    failed: bool = False,
) -> None:
    """Say where a message stands; `failed` counts an attempt that did not end well."""
    transaction.execute(
        message.update()
        .where(_M.id == row.id)
        .values(
            state=state,
            retry_at=retry_at,
            attempts=row.attempts + int(failed),
            payload=b"" if state == "done" else row.payload,
        )
    )


def delivered(transaction: Transaction, message_id: str, definition: str) -> bool:
    """Whether a definition got the message already."""
    statement = sa.select(_D.message_id).where(
        _D.message_id == message_id, _D.definition == definition
    )
    return transaction.execute(statement).first() is not None


def record_delivery(
    transaction: Transaction, message_id: str, definition: str, instance_id: str, at: datetime
) -> None:
    """Note a delivery; the primary key allows one per definition."""
    transaction.execute(
        message_delivery.insert(),
        {
            "message_id": message_id,
            "definition": definition,
            "instance_id": instance_id,
            "delivered_at": at,
        },
    )


def deliveries(transaction: Transaction, message_id: str) -> tuple[str, ...]:
    """Ids of the cases that got the message, in the order they got it."""
    statement = (
        sa.select(_D.instance_id)
        .where(_D.message_id == message_id)
        .order_by(_D.delivered_at, _D.instance_id)
    )
    return tuple(dict.fromkeys(transaction.execute(statement).scalars()))


_NOW = sa.bindparam("now", type_=Instant)
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_WAITING = sa.and_(_M.state == "waiting", _M.expires_at > _NOW)
_NOT_PUT_OFF = sa.or_(
    _M.retry_at.is_(None), _M.retry_at <= sa.bindparam("system_now", type_=Instant)
)
_PENDING = Statement(
    sa.select(_M.id).where(_M.state == "pending", _NOT_PUT_OFF).order_by(_M.id).limit(_AT_MOST)
)
_AWAITED = Statement(
    sa.select(_M.id)
    .join(
        message_subscription,
        sa.and_(_S.message == _M.name, _S.correlation_key == _M.correlation_key),
    )
    .where(_WAITING, _NOT_PUT_OFF)
    .where(
        ~sa.exists(
            sa.select(_D.message_id).where(_D.message_id == _M.id, _D.definition == _S.definition)
        )
    )
    .distinct()
    .order_by(_M.id)
    .limit(_AT_MOST)
)
_WAITING_FOR = Statement(
    sa.select(_M.id).where(
        _WAITING,
        _M.name == sa.bindparam("name"),
        _M.correlation_key == sa.bindparam("correlation_key"),
    )
)
_ANY_EXPIRED = Statement(
    sa.select(_M.id).where(_M.state == "waiting", _M.expires_at <= _NOW).limit(1)
)


def pending(transaction: Transaction, system_now: datetime, limit: int) -> tuple[str, ...]:
    """Ids of messages to deliver now, oldest first."""
    found = _PENDING.rows(transaction, {"system_now": system_now, "at_most": limit})
    return tuple(row["id"] for row in found)


def awaited(
    transaction: Transaction, now: datetime, system_now: datetime, limit: int
) -> tuple[str, ...]:
    """Ids of waiting messages that somebody began to wait for after they were published."""
    given = {"now": now, "system_now": system_now, "at_most": limit}
    return tuple(row["id"] for row in _AWAITED.rows(transaction, given))


def waiting_for(
    transaction: Transaction, names: Sequence[tuple[str, str]], now: datetime
) -> tuple[str, ...]:
    """Ids of waiting messages with one of these (name, correlation key), oldest first."""
    found: set[str] = set()
    for name, key in dict.fromkeys(names):
        given = {"name": name, "correlation_key": key, "now": now}
        found.update(row["id"] for row in _WAITING_FOR.rows(transaction, given))
    return tuple(sorted(found))


def expire(transaction: Transaction, now: datetime) -> int:
    """Close waiting messages whose time to live is over and drop what they carried."""
    over = sa.and_(_M.state == "waiting", _M.expires_at <= now)
    changed = transaction.execute(message.update().where(over).values(state="done", payload=b""))
    return changed.rowcount


def any_expired(transaction: Transaction, now: datetime) -> bool:
    """Whether a waiting message's time to live is over: a read that takes no lock."""
    return _ANY_EXPIRED.first(transaction, {"now": now}) is not None


def lock(transaction: Transaction, message_id: str) -> MessageRow | None:
    """The message, held until the transaction ends."""
    statement = sa.select(message).where(_M.id == message_id).with_for_update()
    row: sa.Row[Any] | None = transaction.execute(statement).one_or_none()
    return None if row is None else MessageRow(**row._mapping)
