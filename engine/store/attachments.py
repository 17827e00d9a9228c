"""Documents of cases: what they are in one table, their sealed contents in another, so that a list
never reads the contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.schema import Instant, metadata
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction

attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), nullable=False),
    sa.Column("task_id", sa.Text, sa.ForeignKey("user_task.id")),
    sa.Column("at", Instant, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False, comment="bytes"),
    sa.Column("about", sa.LargeBinary, nullable=False, comment="sealed: name, note, hash"),
    sa.CheckConstraint("size > 0", name="size"),
    sa.Index("ix_attachment_instance_id_at_id", "instance_id", "at", "id"),
)

attachment_content = sa.Table(
    "attachment_content",
    metadata,
    sa.Column("attachment_id", sa.Text, sa.ForeignKey("attachment.id"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False, comment="sealed"),
)

_C = attachment.c


@dataclass(frozen=True)
class AttachmentRow:
    """One document; `about` is sealed with the key of the case's owner."""

    id: str
    instance_id: str
    task_id: str | None
    at: datetime
    author: str
    media_type: str
    size: int
    about: bytes


def insert(transaction: Transaction, row: AttachmentRow, content: bytes) -> None:
    """Store a document with its sealed content."""
    transaction.execute(attachment.insert(), vars(row))
    transaction.execute(attachment_content.insert(), {"attachment_id": row.id, "content": content})


def delete(transaction: Transaction, attachment_id: str) -> None:
    """Remove a document and its content for good. Raises `LookupError` when it is not there."""
    content = attachment_content.c.attachment_id == attachment_id
    transaction.execute(attachment_content.delete().where(content))
    if transaction.execute(attachment.delete().where(_C.id == attachment_id)).rowcount != 1:
        raise LookupError(f"There is no document {attachment_id}.")


def count(transaction: Transaction, instance_id: str) -> int:
    """How many documents a case has."""
    statement = sa.select(sa.func.count()).where(_C.instance_id == instance_id)
    return int(transaction.execute(statement).scalar_one())


def of_case(
    transaction: Transaction, instance_id: str, task_id: str | None = None
) -> tuple[AttachmentRow, ...]:
    """The documents of a case, or of one of its tasks, oldest first."""
    statement = sa.select(attachment).where(_C.instance_id == instance_id)
    if task_id is not None:
        statement = statement.where(_C.task_id == task_id)
    return tuple(_row(row) for row in transaction.execute(statement.order_by(_C.at, _C.id)))


def find(transaction: Transaction, attachment_id: str) -> AttachmentRow | None:
    """One document, or None."""
    if not can_be_stored(attachment_id):
        return None
    row = transaction.execute(sa.select(attachment).where(_C.id == attachment_id)).one_or_none()
    return None if row is None else _row(row)


def content_of(transaction: Transaction, attachment_id: str) -> bytes:
    """The sealed content of a document that is there."""
    c = attachment_content.c
    content: bytes = transaction.execute(
        sa.select(c.content).where(c.attachment_id == attachment_id)
    ).scalar_one()
    return content


def _row(row: sa.Row[Any]) -> AttachmentRow:
    return AttachmentRow(**row._mapping)
