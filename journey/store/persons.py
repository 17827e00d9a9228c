"""People: sealed personal data, a keyed hash to find the national id, hashed name tokens.

No column of these tables holds a name, a number or an address in clear: `sealed` is encrypted
under the person's own key, `national_id_hash` and `token` are keyed hashes. Destroying the key
and deleting the tokens leaves a row that says only that somebody was once here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.errors import AlreadyExists
from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction
from engine.wording import Text
from journey.store import reading

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("unit", sa.String(80), nullable=False, index=True),
    sa.Column("national_id_hash", sa.LargeBinary(32), unique=True),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(120), nullable=False),
    sa.Column("identity_changed_at", Instant, nullable=False),
    sa.Column("erased_at", Instant),
    sa.CheckConstraint("(erased_at is null) = (sealed is not null)", name="erased_is_empty"),
)

person_token = sa.Table(
    "person_token",
    metadata,
    sa.Column("token", sa.LargeBinary(16), primary_key=True),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("person.id"), primary_key=True, index=True),
    sa.Column("unit", sa.String(80)),
    sa.Index("ix_person_token_token_unit_person_id", "token", "unit", "person_id"),
)
"""One row per prefix (two letters and more) of each word of a person's names, hashed; the person's
unit beside it, so that a branch passes by nobody else's people."""

_COUNTED = 1000
"""Tokens are weighed against each other by so many rows; more are simply many."""


@contextmanager
def _unique() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise AlreadyExists(
            Text(
                "هذا الرقم الوطني مسجل من قبل؛ استخدم الاستعلام لمعرفة أين.",
                "A person with this national id is registered already. "
                "Use the lookup to find where.",
            )
        ) from error


def insert(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Add a person. Raises `AlreadyExists` when the national id is registered."""
    with _unique():
        tx.execute(person.insert(), dict(row))


_FIND = Statement(sa.select(person).where(person.c.id == sa.bindparam("id")))


def find(tx: Transaction, person_id: str) -> Mapping[str, Any] | None:
    """The row of a person, erased ones included."""
    return _FIND.first(tx, {"id": person_id})


def find_many(tx: Transaction, ids: Collection[str]) -> list[reading.Row]:
    """Rows of these people who are not erased, in the order of their ids."""
    query = sa.select(person).where(person.c.id.in_(ids), person.c.erased_at.is_(None))
    return reading.every(tx, query.order_by(person.c.id))


def by_national_id(tx: Transaction, digest: bytes) -> Mapping[str, Any] | None:
    """The person whose national id has this keyed hash."""
    query = sa.select(person).where(person.c.national_id_hash == digest)
    return reading.first(tx, query)


def update(tx: Transaction, person_id: str, version: int, values: Mapping[str, Any]) -> bool:
    """Write the next version; False when `version` is no longer the stored one.

    Raises `AlreadyExists` when the national id is another person's.
    """
    with _unique():
        done = tx.execute(
            person.update()
            .where(person.c.id == person_id, person.c.version == version)
            .values(version=version + 1, **values)
        )
    return done.rowcount == 1


_MOVE = tuple(
    Statement(
        table.update()
        .where(key == sa.bindparam("b_person"), table.c.unit != sa.bindparam("b_unit"))
        .values(unit=sa.bindparam("b_unit"))
    )
    for table, key in ((person, person.c.id), (person_token, person_token.c.person_id))
)


def move(tx: Transaction, person_id: str, unit: str) -> None:
    """Set the branch that serves the person now."""
    for statement in _MOVE:
        statement.run(tx, {"b_person": person_id, "b_unit": unit})


_FORGET_TOKENS = Statement(
    person_token.delete().where(person_token.c.person_id == sa.bindparam("person_id"))
)
_ADD_TOKEN = Statement(person_token.insert())


def replace_tokens(tx: Transaction, person_id: str, tokens: Iterable[bytes]) -> None:
    """Set the name tokens of a person."""
    _FORGET_TOKENS.run(tx, {"person_id": person_id})
    unit = tx.execute(sa.select(person.c.unit).where(person.c.id == person_id)).scalar_one()
    rows = [{"token": token, "person_id": person_id, "unit": unit} for token in sorted(set(tokens))]
    _ADD_TOKEN.run_each(tx, rows)


def with_tokens(
    tx: Transaction, tokens: Collection[bytes], units: Collection[str] | None, limit: int
) -> list[str]:
    """Ids of people having every one of `tokens`, in `units` (None: anywhere), oldest first.

    Ids grow with time. Each unit's people are read in their order by the rarest token, and looked
    up by the others: two lists of thousands are never joined.
    """
    rarest, *others = tokens
    if others:
        rarest, *others = sorted(tokens, key=lambda token: _number(tx, token, units))
    one = person_token.c
    query = sa.select(one.person_id).where(one.token == rarest)
    for token in others:
        also = person_token.alias().c
        query = query.where(sa.exists().where(also.token == token, also.person_id == one.person_id))
    query = query.order_by(one.person_id).limit(limit)
    if units is None:
        return reading.column(tx, query)
    found: list[str] = []
    for unit in units:
        found += reading.column(tx, query.where(one.unit == unit))
    return sorted(found)[:limit]


def _number(tx: Transaction, token: bytes, units: Collection[str] | None) -> int:
    """How many people have the token, counted up to `_COUNTED`."""
    having = sa.select(person_token.c.person_id).where(person_token.c.token == token)
    if units is not None:
        having = having.where(person_token.c.unit.in_(units))
    return int(
        tx.execute(
            sa.select(sa.func.count()).select_from(having.limit(_COUNTED).subquery())
        ).scalar_one()
    )


def erase(tx: Transaction, person_id: str, at: datetime) -> None:
    """Empty the row of a person; the id stays so that records pointing to it stay whole."""
    tx.execute(person_token.delete().where(person_token.c.person_id == person_id))
    tx.execute(
        person.update()
        .where(person.c.id == person_id)
        .values(national_id_hash=None, sealed=None, erased_at=at)
    )
