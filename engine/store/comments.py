"""What people noted about a case beside its forms: one sealed row a comment, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store.schema import Instant, metadata
from engine.store.transaction import Transaction

case_comment = sa.Table(
    "case_comment",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("text", sa.LargeBinary, nullable=False, comment="sealed"),
    sa.Index("ix_case_comment_instance_id_at_id", "instance_id", "at", "id"),
)


@dataclass(frozen=True)
class CommentRow:
    """One comment; `text` is sealed with the key of the case's owner."""

    id: str
    instance_id: str
    at: datetime
    author: str
    text: bytes


def insert(transaction: Transaction, row: CommentRow) -> None:
    """Store a comment."""
    transaction.execute(case_comment.insert(), vars(row))


def of_case(transaction: Transaction, instance_id: str) -> tuple[CommentRow, ...]:
    """The comments of a case, oldest first."""
    c = case_comment.c
    statement = (
        sa.select(case_comment).where(c.instance_id == instance_id).order_by(c.at, c.id)
    )  # fmt: skip
    return tuple(CommentRow(**row._mapping) for row in transaction.execute(statement))
