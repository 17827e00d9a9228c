"""What is looked at when running cases are verified: their ids, and rows that nobody else lists."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.cases import active_element, process_instance
from engine.store.database import Transaction
from engine.store.messages import SubscriptionRow, message_subscription

_C = process_instance.c


def page(tx: Transaction, after: str, limit: int) -> list[str]:
    """Ids of the next cases that have not ended; `after` is the last one seen."""
    statement = sa.select(_C.id).where(_C.ended_at.is_(None)).order_by(_C.id).limit(limit)
    if after:
        statement = statement.where(_C.id > after)
    return list(tx.execute(statement).scalars())


def subscriptions(tx: Transaction, instance_id: str) -> tuple[SubscriptionRow, ...]:
    """The messages that a case waits for."""
    statement = sa.select(message_subscription).where(
        message_subscription.c.instance_id == instance_id
    )
    return tuple(SubscriptionRow(**row._mapping) for row in tx.execute(statement))


def listed_elements(tx: Transaction, instance_id: str) -> set[str]:
    """Where the tokens of a case stand, by the table that lists are filtered with."""
    statement = sa.select(active_element.c.element_id).where(
        active_element.c.instance_id == instance_id
    )
    return set(tx.execute(statement).scalars())
