"""Rows of users, of who stands in for whom, and of tokens that were signed out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.records import Page, Paging, Role
from engine.store.paging import Keyset
from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

app_user = sa.Table(
    "app_user",
    metadata,
    sa.Column("username", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("must_change_password", sa.Boolean, nullable=False),
    # Tokens carry the generation they were made in; raising it ends every session.
    sa.Column("generation", sa.Integer, nullable=False),
    # Raised with every change of what an Actor is made of.
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.CheckConstraint("language IN ('ar', 'en')", name="language"),
)

user_role = sa.Table(
    "user_role",
    metadata,
    sa.Column("username", sa.ForeignKey("app_user.username"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

user_unit = sa.Table(
    "user_unit",
    metadata,
    sa.Column("username", sa.ForeignKey("app_user.username"), primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True, index=True),
)

substitute = sa.Table(
    "substitute",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.ForeignKey("app_user.username"), nullable=False, index=True),
    sa.Column("substitute", sa.ForeignKey("app_user.username"), nullable=False, index=True),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=False),  # the last day
    sa.CheckConstraint("valid_from <= valid_to", name="dates"),
    sa.CheckConstraint("username <> substitute", name="another"),
)

signed_out = sa.Table(
    "signed_out",
    metadata,
    sa.Column("token_id", sa.Text, primary_key=True),
    sa.Column("expires_at", Instant, nullable=False, index=True),
)

_BY_NAME = Keyset("users", [app_user.c.username])


@dataclass(frozen=True)
class User:
    """One account. `username` never changes and is never given to another person."""

    username: str
    name: str
    roles: frozenset[Role]
    units: frozenset[str]
    language: str
    active: bool
    must_change_password: bool
    created_at: datetime


@dataclass(frozen=True)
class Substitution:
    """`substitute` does the work of `username` from `valid_from` to `valid_to`, both included."""

    id: int
    username: str
    substitute: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class SessionState:
    """What decides whether a token still counts."""

    active: bool
    generation: int
    revision: int
    signed_out: bool


_SESSION = Statement(
    sa.select(
        app_user.c.active,
        app_user.c.generation,
        app_user.c.revision,
        sa.exists().where(signed_out.c.token_id == sa.bindparam("token_id")).label("signed_out"),
    ).where(app_user.c.username == sa.bindparam("username"))
)


def session_state(tx: Transaction, username: str, token_id: str) -> SessionState | None:
    """The state behind a token in one indexed SELECT; None when there is no such user."""
    row = _SESSION.first(tx, {"username": username, "token_id": token_id})
    return None if row is None else SessionState(**row)


def password(tx: Transaction, username: str) -> tuple[str, bool, int] | None:
    """Hash, whether active, and token generation of one user."""
    row = tx.execute(
        sa.select(app_user.c.password_hash, app_user.c.active, app_user.c.generation).where(
            app_user.c.username == username
        )
    ).first()
    return None if row is None else (row.password_hash, row.active, row.generation)


def find(tx: Transaction, username: str) -> User | None:
    """One user, active or retired."""
    found = tx.execute(sa.select(app_user).where(app_user.c.username == username)).all()
    users = _users(tx, found)
    return users[0] if users else None


def names(tx: Transaction, usernames: Iterable[str]) -> dict[str, str]:
    """The names of these users, retired ones included, by username."""
    wanted = sorted(set(usernames))
    statement = sa.select(app_user.c.username, app_user.c.name)
    rows = tx.execute(statement.where(app_user.c.username.in_(wanted)))
    return {row.username: row.name for row in rows}


def page(tx: Transaction, paging: Paging, units: Iterable[str] | None = None) -> Page[User]:
    """Users by username; with `units` only those who belong to one of them."""
    statement = sa.select(app_user)
    if units is not None:
        members = sa.select(user_unit.c.username).where(user_unit.c.unit.in_(sorted(units)))
        statement = statement.where(app_user.c.username.in_(members))
    rows, cursor = _BY_NAME.split(tx.execute(_BY_NAME.apply(statement, paging)).all(), paging)
    return Page(tuple(_users(tx, rows)), cursor)


def of_units(tx: Transaction, units: Iterable[str]) -> list[User]:
    """Everybody who belongs to one of `units`, by username, retired users included."""
    members = sa.select(user_unit.c.username).where(user_unit.c.unit.in_(sorted(units)))
    return _chosen(tx, app_user.c.username.in_(members))


def with_roles(tx: Transaction, roles: Iterable[Role]) -> list[User]:
    """Everybody who has one of `roles`, by username, retired users included."""
    held = [role.value for role in sorted(roles)]
    people = sa.select(user_role.c.username).where(user_role.c.role.in_(held))
    return _chosen(tx, app_user.c.username.in_(people))


def standing_in(tx: Transaction, usernames: Iterable[str], day: date) -> list[User]:
    """Everybody who stands in for one of these users on `day`."""
    people = sa.select(substitute.c.substitute).where(
        substitute.c.username.in_(sorted(usernames)),
        substitute.c.valid_from <= day,
        substitute.c.valid_to >= day,
    )
    return _chosen(tx, app_user.c.username.in_(people))


def with_role(tx: Transaction, role: Role, unit: str | None = None) -> tuple[str, ...]:
    """Usernames of active users with `role` (in `unit`), in order."""
    statement = (
        sa.select(app_user.c.username)
        .join(user_role, user_role.c.username == app_user.c.username)
        .where(app_user.c.active, user_role.c.role == role.value)
        .order_by(app_user.c.username)
    )
    if unit is not None:
        statement = statement.join(user_unit, user_unit.c.username == app_user.c.username).where(
            user_unit.c.unit == unit
        )
    return tuple(tx.execute(statement).scalars())


def add(tx: Transaction, user: User, password_hash: str) -> None:
    """Store a new user."""
    tx.execute(
        sa.insert(app_user).values(
            username=user.username,
            name=user.name,
            password_hash=password_hash,
            language=user.language,
            active=user.active,
            must_change_password=user.must_change_password,
            generation=1,
            revision=1,
            created_at=user.created_at,
        )
    )
    set_roles(tx, user.username, user.roles)
    set_units(tx, user.username, user.units)


def change(
    tx: Transaction, username: str, values: Mapping[str, Any], *, end_sessions: bool
) -> None:
    """Change columns of a user; `end_sessions` makes every token of the user worthless."""
    tx.execute(
        sa.update(app_user)
        .where(app_user.c.username == username)
        .values(
            **values,
            revision=app_user.c.revision + 1,
            generation=app_user.c.generation + (1 if end_sessions else 0),
        )
    )


def rehash(tx: Transaction, username: str, old: str, new: str) -> None:
    """Replace a password's hash by a stronger one, unless it was changed meanwhile."""
    tx.execute(
        sa.update(app_user)
        .where(app_user.c.username == username, app_user.c.password_hash == old)
        .values(password_hash=new)
    )


def set_roles(tx: Transaction, username: str, roles: Iterable[Role]) -> None:
    """Replace the user's roles."""
    tx.execute(sa.delete(user_role).where(user_role.c.username == username))
    rows = [{"username": username, "role": role.value} for role in sorted(roles)]
    if rows:
        tx.execute(sa.insert(user_role), rows)


def set_units(tx: Transaction, username: str, units: Iterable[str]) -> None:
    """Replace the user's units."""
    tx.execute(sa.delete(user_unit).where(user_unit.c.username == username))
    rows = [{"username": username, "unit": unit} for unit in sorted(units)]
    if rows:
        tx.execute(sa.insert(user_unit), rows)


def add_substitution(tx: Transaction, values: Mapping[str, Any]) -> Substitution:
    """Store who stands in for whom."""
    row = tx.execute(sa.insert(substitute).values(**values).returning(*substitute.c)).one()
    return Substitution(**row._mapping)


def substitution(tx: Transaction, id_: int) -> Substitution | None:
    """One substitution."""
    row = tx.execute(sa.select(substitute).where(substitute.c.id == id_)).first()
    return None if row is None else Substitution(**row._mapping)


def remove_substitution(tx: Transaction, id_: int) -> None:
    """Forget a substitution; that it was there stays in the journal."""
    tx.execute(sa.delete(substitute).where(substitute.c.id == id_))


def substitutions(
    tx: Transaction, *, username: str | None = None, stands_in: str | None = None
) -> tuple[Substitution, ...]:
    """The substitutions of an absent user, or of somebody who stands in."""
    statement = sa.select(substitute).order_by(substitute.c.valid_from, substitute.c.id)
    if username is not None:
        statement = statement.where(substitute.c.username == username)
    if stands_in is not None:
        statement = statement.where(substitute.c.substitute == stands_in)
    return tuple(Substitution(**row._mapping) for row in tx.execute(statement))


def substitutions_of_unit(tx: Transaction, unit: str) -> tuple[Substitution, ...]:
    """The substitutions of everybody who belongs to `unit`, by their first day."""
    members = sa.select(user_unit.c.username).where(user_unit.c.unit == unit)
    statement = sa.select(substitute).where(substitute.c.username.in_(members))
    rows = tx.execute(statement.order_by(substitute.c.valid_from, substitute.c.id))
    return tuple(Substitution(**row._mapping) for row in rows)


def sign_out(tx: Transaction, token_id: str, expires_at: datetime, now: datetime) -> None:
    """Remember a token as ended until it would have expired; forget those that have."""
    tx.execute(sa.delete(signed_out).where(signed_out.c.expires_at < now))
    known = tx.execute(sa.select(signed_out).where(signed_out.c.token_id == token_id)).first()
    if known is None:
        tx.execute(sa.insert(signed_out).values(token_id=token_id, expires_at=expires_at))


def _chosen(tx: Transaction, condition: sa.ColumnElement[bool]) -> list[User]:
    statement = sa.select(app_user).where(condition).order_by(app_user.c.username)
    return _users(tx, tx.execute(statement).all())


def _users(tx: Transaction, rows: Sequence[sa.Row[Any]]) -> list[User]:
    names = [row.username for row in rows]
    roles: dict[str, set[Role]] = {name: set() for name in names}
    units: dict[str, set[str]] = {name: set() for name in names}
    for held in tx.execute(sa.select(user_role).where(user_role.c.username.in_(names))):
        roles[held.username].add(Role(held.role))
    for place in tx.execute(sa.select(user_unit).where(user_unit.c.username.in_(names))):
        units[place.username].add(place.unit)
    return [
        User(
            username=row.username,
            name=row.name,
            roles=frozenset(roles[row.username]),
            units=frozenset(units[row.username]),
            language=row.language,
            active=row.active,
            must_change_password=row.must_change_password,
            created_at=row.created_at,
        )
        for row in rows
    ]
