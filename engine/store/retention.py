"""Which owners of personal data have only cases whose time is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store.cases import process_instance
from engine.store.keys import data_key
from engine.store.transaction import Transaction

_C = process_instance.c


@dataclass(frozen=True)
class Expired:
    """An owner of whom nothing needs to be kept any longer."""

    owner: str
    subject: str | None
    """The person, when it is one; None for a case that is about nobody."""
    cases: int
    last_ended_at: datetime
    processes: tuple[str, ...]
    """Keys of the processes that the cases ran, sorted."""


def expired(
    tx: Transaction,
    ended_before: Mapping[str, datetime],
    *,
    after: str = "",
    limit: int = 100,
    owner: str | None = None,
) -> list[Expired]:
    """Owners whose cases have all ended, each before its process's moment in `ended_before`, and
    whose key is there still; by owner, beginning after `after`. A case of a process without a
    moment is kept, and everything of its owner with it. With `owner`, only that one."""
    if not ended_before:
        return []
    over = sa.or_(
        *(
            sa.and_(_C.process_key == key, _C.ended_at <= moment)
            for key, moment in sorted(ended_before.items())
        )
    )
    kept = sa.func.sum(sa.case((over, 0), else_=1))
    statement = (
        sa.select(
            _C.owner,
            sa.func.max(_C.subject).label("subject"),
            sa.func.count().label("cases"),
            sa.func.max(_C.ended_at).label("last_ended_at"),
        )
        .join(data_key, data_key.c.owner == _C.owner)
        .where(data_key.c.wrapped.is_not(None), _C.owner > after)
        .group_by(_C.owner)
        .having(kept == 0)
        .order_by(_C.owner)
        .limit(limit)
    )
    if owner is not None:
        statement = statement.where(_C.owner == owner)
    rows = tx.execute(statement).all()
    ran = _processes(tx, [row.owner for row in rows])
    return [
        Expired(row.owner, row.subject, row.cases, row.last_ended_at, ran[row.owner])
        for row in rows
    ]


def _processes(tx: Transaction, owners: list[str]) -> dict[str, tuple[str, ...]]:
    statement = sa.select(_C.owner, _C.process_key).where(_C.owner.in_(owners)).distinct()
    ran: dict[str, list[str]] = {}
    for row in tx.execute(statement.order_by(_C.owner, _C.process_key)):
        ran.setdefault(row.owner, []).append(row.process_key)
    return {owner: tuple(keys) for owner, keys in ran.items()}


def cases_of(tx: Transaction, owner: str) -> tuple[str, ...]:
    """Ids of an owner's cases, sorted."""
    statement = sa.select(_C.id).where(_C.owner == owner).order_by(_C.id)
    return tuple(tx.execute(statement).scalars())
