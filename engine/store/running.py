"""What is looked at when running cases are verified: their ids, and rows that nobody else lists."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from engine.store.cases import active_element, process_instance
from engine.store.messages import SubscriptionRow, message_subscription
from engine.store.transaction import Transaction

_C = process_instance.c
_E = active_element.c


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


def listed_elements(tx: Transaction, instance_ids: Sequence[str]) -> dict[str, set[str]]:
    """Where the tokens of these cases stand, by the table that lists are filtered with.

    Its key begins with the element: each element's cases are looked up, never the whole table.
    """
    steps = sa.select(sa.func.min(_E.element_id).label("element_id")).cte(recursive=True)
    following = (
        sa.select(sa.func.min(_E.element_id))
        .where(_E.element_id > steps.c.element_id)
        .scalar_subquery()
    )
    every = steps.union_all(sa.select(following).where(steps.c.element_id.is_not(None)))
    statement = sa.select(_E.instance_id, _E.element_id).where(
        _E.element_id.in_(sa.select(every.c.element_id).where(every.c.element_id.is_not(None))),
        _E.instance_id.in_(instance_ids),
    )
    found: dict[str, set[str]] = {}
    for row in tx.execute(statement):
        found.setdefault(row.instance_id, set()).add(row.element_id)
    return found
