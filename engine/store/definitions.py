"""Rows of deployments: contents by hash, versions of processes, decisions and forms, and pins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

PROCESS, DECISION, FORM = "process", "decision", "form"

deployment = sa.Table(
    "deployment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("deployed_by", sa.Text, nullable=False),
    sa.Column("deployed_at", Instant, nullable=False),
)

resource = sa.Table(
    "resource",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

definition = sa.Table(
    "definition",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.ForeignKey("resource.sha256"), nullable=False, index=True),
    sa.Column("starter_groups", sa.Text, nullable=False),  # JSON list; processes only
    sa.Column("deployment_id", sa.ForeignKey("deployment.id"), nullable=False, index=True),
    sa.Column("deployed_at", Instant, nullable=False),
    sa.UniqueConstraint("kind", "key", "number", name="uq_definition_number"),
    sa.CheckConstraint("kind IN ('process', 'decision', 'form')", name="kind"),
    sa.CheckConstraint("number >= 1", name="number"),
)

# What a process version uses, its called processes' needs included: exact versions for ever.
pin = sa.Table(
    "pin",
    metadata,
    sa.Column("process_id", sa.ForeignKey("definition.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("definition_id", sa.ForeignKey("definition.id"), nullable=False, index=True),
)

message_start = sa.Table(
    "message_start",
    metadata,
    sa.Column("process_id", sa.ForeignKey("definition.id"), primary_key=True),
    sa.Column("message", sa.Text, primary_key=True, index=True),
)


@dataclass(frozen=True)
class Stored:
    """One version of a process, decision or form."""

    id: int
    kind: str
    key: str
    number: int
    name: str
    file: str
    sha256: str
    starter_groups: tuple[str, ...]
    deployment_id: int
    deployed_at: datetime


@dataclass(frozen=True)
class New:
    """A version to be stored; its number is the next of its key."""

    kind: str
    key: str
    name: str
    file: str
    sha256: str
    starter_groups: tuple[str, ...] = ()
    start_messages: tuple[str, ...] = ()


_newest = (
    sa.select(definition.c.kind, definition.c.key, sa.func.max(definition.c.number).label("n"))
    .group_by(definition.c.kind, definition.c.key)
    .subquery()
)
_is_newest = sa.and_(
    definition.c.kind == _newest.c.kind,
    definition.c.key == _newest.c.key,
    definition.c.number == _newest.c.n,
)


_OF_KEY = sa.select(definition).where(
    definition.c.kind == sa.bindparam("kind"), definition.c.key == sa.bindparam("key")
)
_FIND = Statement(_OF_KEY.where(definition.c.number == sa.bindparam("number")))
_FIND_NEWEST = Statement(_OF_KEY.order_by(definition.c.number.desc()).limit(1))


def newest_id(tx: Transaction) -> int:
    """The highest id of any version: changes with every deployment."""
    return tx.execute(sa.select(sa.func.max(definition.c.id))).scalar_one() or 0


def newest(tx: Transaction, kind: str | None = None) -> list[Stored]:
    """The newest version of everything, or of everything of one kind, by key."""
    statement = sa.select(definition).join(_newest, _is_newest).order_by(definition.c.key)
    if kind is not None:
        statement = statement.where(definition.c.kind == kind)
    return [_stored(row._mapping) for row in tx.execute(statement)]


def find(tx: Transaction, kind: str, key: str, number: int | None = None) -> Stored | None:
    """One version, the newest when `number` is None."""
    if number is None:
        row = _FIND_NEWEST.first(tx, {"kind": kind, "key": key})
    else:
        row = _FIND.first(tx, {"kind": kind, "key": key, "number": number})
    return None if row is None else _stored(row)


def by_id(tx: Transaction, id_: int) -> Stored | None:
    """One version by its id."""
    row = tx.execute(sa.select(definition).where(definition.c.id == id_)).first()
    return None if row is None else _stored(row._mapping)


def versions(tx: Transaction, kind: str, key: str) -> list[Stored]:
    """Every version of one key, newest first."""
    statement = (
        sa.select(definition)
        .where(definition.c.kind == kind, definition.c.key == key)
        .order_by(definition.c.number.desc())
    )
    return [_stored(row._mapping) for row in tx.execute(statement)]


def notes(tx: Transaction, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Id of a version → who deployed it, and the note of that deployment."""
    statement = (
        sa.select(definition.c.id, deployment.c.deployed_by, deployment.c.note)
        .join(deployment, deployment.c.id == definition.c.deployment_id)
        .where(definition.c.id.in_(ids))
    )
    return {row.id: (row.deployed_by, row.note) for row in tx.execute(statement)}


def content(tx: Transaction, sha256: str) -> bytes | None:
    """The bytes with this hash."""
    found: bytes | None = tx.execute(
        sa.select(resource.c.content).where(resource.c.sha256 == sha256)
    ).scalar_one_or_none()
    return found


def file_of(tx: Transaction, sha256: str) -> str | None:
    """A file name under which the content was deployed."""
    statement = sa.select(definition.c.file).where(definition.c.sha256 == sha256).limit(1)
    name: str | None = tx.execute(statement).scalar_one_or_none()
    return name


def pins(tx: Transaction, process_id: int) -> list[Stored]:
    """The exact versions that a process version uses."""
    statement = (
        sa.select(definition)
        .join(pin, pin.c.definition_id == definition.c.id)
        .where(pin.c.process_id == process_id)
    )
    return [_stored(row._mapping) for row in tx.execute(statement)]


def started_by(tx: Transaction, message: str) -> list[Stored]:
    """The newest process versions that have a start event for `message`, by key."""
    statement = (
        sa.select(definition)
        .join(_newest, _is_newest)
        .join(message_start, message_start.c.process_id == definition.c.id)
        .where(message_start.c.message == message)
        .order_by(definition.c.key)
    )
    return [_stored(row._mapping) for row in tx.execute(statement)]


def add_deployment(tx: Transaction, note: str, deployed_by: str, at: datetime) -> int:
    """A new deployment's id."""
    statement = (
        sa.insert(deployment)
        .values(note=note, deployed_by=deployed_by, deployed_at=at)
        .returning(deployment.c.id)
    )
    id_: int = tx.execute(statement).scalar_one()
    return id_


def add_contents(tx: Transaction, contents: Mapping[str, bytes]) -> None:
    """Store contents by hash; those that are there already stay."""
    insert = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
    rows = [{"sha256": sha256, "content": content} for sha256, content in contents.items()]
    if rows:
        tx.execute(insert(resource).on_conflict_do_nothing(), rows)


def add_versions(
    tx: Transaction, deployment_id: int, at: datetime, new: Sequence[New]
) -> list[Stored]:
    """Store versions, each with the next number of its key."""
    stored: list[Stored] = []
    for one in new:
        last = find(tx, one.kind, one.key)
        statement = (
            sa.insert(definition)
            .values(
                kind=one.kind,
                key=one.key,
                number=last.number + 1 if last else 1,
                name=one.name,
                file=one.file,
                sha256=one.sha256,
                starter_groups=msgspec.json.encode(one.starter_groups).decode(),
                deployment_id=deployment_id,
                deployed_at=at,
            )
            .returning(*definition.c)
        )
        version = _stored(tx.execute(statement).one()._mapping)
        messages = [{"process_id": version.id, "message": m} for m in one.start_messages]
        if messages:
            tx.execute(sa.insert(message_start), messages)
        stored.append(version)
    return stored


def add_pins(tx: Transaction, process_id: int, pinned: Iterable[Stored]) -> None:
    """Tie a process version to exact versions."""
    rows = [
        {"process_id": process_id, "kind": p.kind, "key": p.key, "definition_id": p.id}
        for p in pinned
    ]
    if rows:
        tx.execute(sa.insert(pin), rows)


def _stored(row: Mapping[Any, Any]) -> Stored:
    groups = tuple(msgspec.json.decode(row["starter_groups"]))
    return Stored(**{**row, "starter_groups": groups})
