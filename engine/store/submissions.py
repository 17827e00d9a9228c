"""Submissions: every completed form whole, each correction as a next version, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

submission = sa.Table(
    "submission",
    metadata,
    sa.Column("task_id", sa.Text, sa.ForeignKey("user_task.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False, comment="the journal entry that made it"),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("form_hash", sa.Text, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False, comment="sealed"),
    sa.Column("unit", sa.Text, comment="where the form was made"),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.CheckConstraint("version >= 1", name="version"),
    sa.Index("ix_submission_instance_id", "instance_id"),
)

_C = submission.c
_INSERT = Statement(submission.insert())


@dataclass(frozen=True)
class SubmissionRow:
    """One version of a task's answers; `data` is sealed with the key of the case's owner."""

    task_id: str
    version: int
    instance_id: str
    seq: int
    form: str
    form_hash: str
    data: bytes
    unit: str | None
    made_by: str
    made_at: datetime


def insert(transaction: Transaction, row: SubmissionRow) -> None:
    """Store one version."""
    _INSERT.run(transaction, vars(row))


def latest(transaction: Transaction, task_id: str) -> SubmissionRow | None:
    """The newest version of a task's answers, or None when none was ever accepted."""
    statement = (
        sa.select(submission).where(_C.task_id == task_id).order_by(_C.version.desc()).limit(1)
    )
    row = transaction.execute(statement).one_or_none()
    return None if row is None else _row(row)


def all_of(transaction: Transaction, task_id: str) -> tuple[SubmissionRow, ...]:
    """Every version of a task's answers, newest first."""
    statement = sa.select(submission).where(_C.task_id == task_id).order_by(_C.version.desc())
    return tuple(_row(row) for row in transaction.execute(statement))


def answered_again(transaction: Transaction, row: SubmissionRow) -> bool:
    """Whether the same form was handed in anew in the case, by a later task: what the case goes on
    with are that one's answers, also where they are equal."""
    first = sa.select(_C.seq).where(_C.task_id == row.task_id, _C.version == 1).scalar_subquery()
    later = sa.exists().where(
        _C.instance_id == row.instance_id,
        _C.form == row.form,
        _C.version == 1,
        _C.seq > first,
    )
    return bool(transaction.execute(sa.select(later)).scalar_one())


def _row(row: sa.Row[Any]) -> SubmissionRow:
    return SubmissionRow(**row._mapping)
