"""Links to one matter for partners without an account: who made them, and until when they hold.

Of the secret in a link only a hash is stored: the table opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.schema import Instant, metadata
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction

task_link = sa.Table(
    "task_link",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("task_id", sa.Text, sa.ForeignKey("user_task.id"), nullable=False),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), nullable=False),
    sa.Column("unit", sa.Text, nullable=False, comment="the partner's"),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("valid_until", Instant, nullable=False),
    sa.Column("revoked_by", sa.Text),
    sa.Column("revoked_at", Instant),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("(revoked_by IS NULL) = (revoked_at IS NULL)", name="revoked"),
    sa.Index("ix_task_link_instance_id_issued_at_id", "instance_id", "issued_at", "id"),
)

_C = task_link.c


@dataclass(frozen=True)
class TaskLink:
    """One link, without its secret."""

    id: str
    task_id: str
    """The task it was issued for; see `engine.links` for what else it covers."""
    instance_id: str
    unit: str
    """The partner's unit."""
    issued_by: str
    issued_at: datetime
    valid_until: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the link opens anything at the moment `now` of the cases' clock."""
        return self.revoked_at is None and now < self.valid_until


def insert(transaction: Transaction, link: TaskLink, secret_hash: bytes) -> None:
    """Store a new link."""
    transaction.execute(task_link.insert(), {**vars(link), "secret_hash": secret_hash})


def find(transaction: Transaction, link_id: str) -> tuple[TaskLink, bytes] | None:
    """A link and the hash of its secret, or None."""
    if not can_be_stored(link_id):
        return None
    row = transaction.execute(sa.select(task_link).where(_C.id == link_id)).one_or_none()
    return None if row is None else (_link(row), row.secret_hash)


def of_case(transaction: Transaction, instance_id: str) -> tuple[TaskLink, ...]:
    """The links of a case, oldest first."""
    statement = sa.select(task_link).where(_C.instance_id == instance_id)
    rows = transaction.execute(statement.order_by(_C.issued_at, _C.id))
    return tuple(_link(row) for row in rows)


def revoke(transaction: Transaction, link_id: str, by: str, at: datetime) -> None:
    """Note that a link opens nothing any more."""
    transaction.execute(
        task_link.update().where(_C.id == link_id).values(revoked_by=by, revoked_at=at)
    )


def _link(row: sa.Row[Any]) -> TaskLink:
    return TaskLink(
        **{name: value for name, value in row._mapping.items() if name != "secret_hash"}
    )
