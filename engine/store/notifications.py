"""Rows of reminders, and of who has read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.records import Page, Paging, Role, TaskState
from engine.store.paging import Keyset
from engine.store.schema import Instant, metadata
from engine.store.tasks import user_task
from engine.store.transaction import Transaction

notification = sa.Table(
    "notification",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("username", sa.Text, nullable=True),
    sa.Column("role", sa.Text, nullable=True),
    sa.Column("unit", sa.Text, nullable=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("instance_id", sa.Text, nullable=True),
    sa.Column("task_id", sa.Text, nullable=True),
    sa.Column("text_ar", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.CheckConstraint(
        "(username IS NULL) = (role IS NOT NULL) AND (role IS NULL) = (unit IS NULL)",
        name="addressee",
    ),
    sa.Index("ix_notification_user", "username", "at", "id"),
    sa.Index("ix_notification_group", "unit", "role", "at", "id"),
)

notification_read = sa.Table(
    "notification_read",
    metadata,
    sa.Column("notification_id", sa.ForeignKey("notification.id"), primary_key=True),
    sa.Column("username", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
)

_NEWEST_FIRST = Keyset("notifications", [notification.c.at, notification.c.id], descending=True)


@dataclass(frozen=True)
class Notification:
    """One reminder, addressed to one user or to a role in a unit."""

    id: str
    at: datetime
    username: str | None
    role: str | None
    unit: str | None
    kind: str
    instance_id: str | None
    task_id: str | None
    text_ar: str
    text_en: str
    read_at: datetime | None = None
    settled: bool = False
    """The task it is about has been done or taken away since: nobody has to act on it any more."""


@dataclass(frozen=True)
class Reader:
    """Whose reminders: the user's own, and those of each role in each unit."""

    username: str
    roles: frozenset[Role]
    units: frozenset[str]


def add(tx: Transaction, rows: Iterable[Notification]) -> None:
    """Store new reminders."""
    columns = [column.name for column in notification.columns]
    values = [{name: getattr(row, name) for name in columns} for row in rows]
    if values:
        tx.execute(sa.insert(notification), values)


def page(tx: Transaction, reader: Reader, paging: Paging, *, unread: bool) -> Page[Notification]:
    """The reader's reminders, newest first; `unread`: those that still ask for something."""
    statement = _unread(reader) if unread else _visible(reader)
    found = tx.execute(_NEWEST_FIRST.apply(statement, paging)).all()
    rows, cursor = _NEWEST_FIRST.split(found, paging)
    return Page(tuple(Notification(**row._mapping) for row in rows), cursor)


def unread(tx: Transaction, reader: Reader) -> int:
    """How many of the reader's reminders still ask to be read."""
    mine = _unread(reader).subquery()
    return int(tx.execute(sa.select(sa.func.count()).select_from(mine)).scalar_one())


def find(tx: Transaction, reader: Reader, id_: str) -> Notification | None:
    """One reminder, if it is the reader's."""
    row = tx.execute(_visible(reader).where(notification.c.id == id_)).first()
    return None if row is None else Notification(**row._mapping)


def mark_read(tx: Transaction, id_: str, username: str, at: datetime) -> None:
    """Note that the user has read the reminder."""
    tx.execute(sa.insert(notification_read).values(notification_id=id_, username=username, at=at))


def mark_all_read(tx: Transaction, reader: Reader, at: datetime) -> int:
    """Note that the reader has read every reminder; how many were unread."""
    mine = _visible(reader).where(_NOT_READ).subquery()
    ids = tx.execute(sa.select(mine.c.id)).scalars().all()
    rows = [{"notification_id": id_, "username": reader.username, "at": at} for id_ in ids]
    if rows:
        tx.execute(sa.insert(notification_read), rows)
    return len(rows)


_NOT_READ = notification_read.c.at.is_(None)
_SETTLED = sa.func.coalesce(user_task.c.state != TaskState.OPEN, False)


def _unread(reader: Reader) -> sa.Select[tuple[object, ...]]:
    return _visible(reader).where(_NOT_READ, ~_SETTLED)


def _visible(reader: Reader) -> sa.Select[tuple[object, ...]]:
    read = sa.and_(
        notification_read.c.notification_id == notification.c.id,
        notification_read.c.username == reader.username,
    )
    return (
        sa.select(
            *notification.c, notification_read.c.at.label("read_at"), _SETTLED.label("settled")
        )
        .select_from(
            notification.outerjoin(notification_read, read).outerjoin(
                user_task, user_task.c.id == notification.c.task_id
            )
        )
        .where(
            sa.or_(
                notification.c.username == reader.username,
                sa.and_(
                    notification.c.unit.in_(sorted(reader.units)),
                    notification.c.role.in_(sorted(reader.roles)),
                ),
            )
        )
    )
