"""User tasks: one row each from the moment they open; closed ones stay to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bpmn.view import key_order
from engine.records import Task, TaskState
from engine.store.schema import Instant, metadata, microseconds
from engine.store.statement import Statement
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction

LAST = (1 << 63) - 1
"""The sort key of a task without a due time: behind every task that has one."""

_OPEN, _HELD = "state = 'open'", "assignee IS NOT NULL"


def _index(name: str, *columns: str, where: str = _OPEN) -> sa.Index:
    """An index of some of the tasks only: it costs nothing for all the others."""
    condition = sa.text(where)
    return sa.Index(
        f"ix_user_task_{name}", *columns, sqlite_where=condition, postgresql_where=condition
    )


user_task = sa.Table(
    "user_task",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), nullable=False),
    sa.Column("key", sa.Text, nullable=False, comment="the task's key inside its case"),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("version_number", sa.Integer, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("form", sa.Text),
    sa.Column("form_hash", sa.Text, comment="of the form its data was accepted with"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("assignee", sa.Text),
    sa.Column("candidate_groups", sa.Text, nullable=False, comment="|role|role|"),
    sa.Column("unit", sa.Text),
    sa.Column("business_key", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("due_order", sa.BigInteger, nullable=False, comment="due_at, or the last of all"),
    sa.Column("follow_up_at", Instant),
    sa.Column("completed_at", Instant),
    sa.Column("completed_by", sa.Text),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("precedence", sa.Integer, nullable=False, comment="minus priority: lowest first"),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("draft", sa.LargeBinary, comment="sealed"),
    sa.CheckConstraint("state IN ('open', 'completed', 'cancelled')", name="state"),
    sa.CheckConstraint(
        "(state = 'completed') = (completed_by IS NOT NULL)", name="completed_by_somebody"
    ),
    sa.Index("ix_user_task_instance_id", "instance_id"),
    # The columns behind `id` only filter: others' tasks are passed by in the index alone, which
    # SQLite does only where `state` is in it, too.
    _index("open_by_due", "unit", "due_order", "id", "assignee", "candidate_groups", "state"),
    _index("open_by_creation", "unit", "created_at", "id"),
    _index("open_by_priority", "unit", "precedence", "due_order", "id"),
    _index("open_by_kind", "unit", "element_id", "name", "due_order", "id"),
    _index(
        "open_by_holder",
        "assignee",
        "due_order",
        "id",
        "unit",
        "candidate_groups",
        "state",
        where=f"{_OPEN} AND {_HELD}",
    ),
    _index("closed_by_due", "unit", "due_order", "id", where="state <> 'open'"),
)

_T = user_task.c
OPEN = _T.state == sa.literal_column("'open'")
"""Written out: only then both databases know that an index of the open tasks has them all."""
HELD = _T.assignee.is_not(None)
CLOSED = _T.state != sa.literal_column("'open'")


@dataclass(frozen=True)
class TaskRow:
    """A task with what only the engine needs: its key in the case, its sealed draft."""

    task: Task
    key: str
    form_hash: str | None = None
    draft: bytes | None = None


def _values(row: TaskRow) -> dict[str, Any]:
    task = row.task
    values: dict[str, Any] = {
        **vars(task),
        "key": row.key,
        "form_hash": row.form_hash,
        "draft": row.draft,
        "process_key": task.process,
        "version_number": task.version,
        "state": task.state.value,
        "candidate_groups": "|" + "|".join(task.candidate_groups) + "|",
        "due_order": by_due(row)[0],
        "precedence": -task.priority,
    }
    del values["process"], values["version"]
    return values


def row_of(v: Mapping[Any, Any]) -> TaskRow:
    """A row of `user_task` as read."""
    return TaskRow(
        Task(
            id=v["id"],
            instance_id=v["instance_id"],
            process=v["process_key"],
            version=v["version_number"],
            element_id=v["element_id"],
            name=v["name"],
            form=v["form"],
            state=TaskState(v["state"]),
            assignee=v["assignee"],
            candidate_groups=tuple(g for g in v["candidate_groups"].split("|") if g),
            unit=v["unit"],
            business_key=v["business_key"],
            subject=v["subject"],
            created_at=v["created_at"],
            due_at=v["due_at"],
            follow_up_at=v["follow_up_at"],
            completed_at=v["completed_at"],
            completed_by=v["completed_by"],
            priority=v["priority"],
            revision=v["revision"],
        ),
        v["key"],
        v["form_hash"],
        v["draft"],
    )


_FIND = Statement(sa.select(user_task).where(_T.id == sa.bindparam("task_id")))
_OPEN_OF_CASE = Statement(
    sa.select(user_task)
    .where(_T.instance_id == sa.bindparam("instance_id"), OPEN)
    .order_by(_T.due_order, _T.id)
)
_CHANGING = (
    "state", "assignee", "unit", "completed_at", "completed_by", "revision", "form_hash", "draft"
)  # fmt: skip


def _upsert(insert: Callable[..., Any]) -> Any:
    """A new row as it is; of one that is there only what changes, if nobody changed it since."""
    row = insert(user_task)
    return row.on_conflict_do_update(
        index_elements=[_T.id],
        set_={name: row.excluded[name] for name in _CHANGING},
        where=_T.revision == row.excluded.revision - 1,
    )


_WRITE = Statement(sqlite=_upsert(sqlite.insert), postgresql=_upsert(postgresql.insert))


def by_due(row: TaskRow) -> tuple[int, str]:
    """The order of task lists: soonest due first, those without a due time last."""
    due = row.task.due_at
    return LAST if due is None else microseconds(due), row.task.id


def find(transaction: Transaction, task_id: str) -> TaskRow | None:
    """The task, or None."""
    if not can_be_stored(task_id):
        return None
    row = _FIND.first(transaction, {"task_id": task_id})
    return None if row is None else row_of(row)


def open_of_case(transaction: Transaction, instance_id: str) -> tuple[TaskRow, ...]:
    """The open tasks of one case, soonest due first."""
    rows = _OPEN_OF_CASE.rows(transaction, {"instance_id": instance_id})
    return tuple(row_of(row) for row in rows)


def of_case(transaction: Transaction, instance_id: str) -> tuple[TaskRow, ...]:
    """Every task that one case ever had, in the order in which they opened."""
    statement = sa.select(user_task).where(_T.instance_id == instance_id)
    rows = [row_of(row._mapping) for row in transaction.execute(statement)]
    return tuple(sorted(rows, key=lambda row: (row.task.created_at, key_order(row.key))))


def write(
    transaction: Transaction,
    changed: Iterable[tuple[TaskRow, TaskRow]],
    opened: Iterable[TaskRow],
    otherwise: Exception,
) -> tuple[TaskRow, ...]:
    """Store the tasks that changed (as they were read, as they shall be: the next revision) and
    the new ones, in one statement; all of them as stored. When one of those that changed is no
    longer what was read, `otherwise` is raised, at the latest before anything later is read and
    before the commit."""
    rows = [_next(after, before.task.revision + 1) for before, after in changed]
    rows += opened
    _WRITE.change_each(transaction, [_values(row) for row in rows], otherwise)
    return tuple(rows)


def _next(row: TaskRow, revision: int) -> TaskRow:
    if row.task.revision == revision:
        return row
    return replace(row, task=replace(row.task, revision=revision))


def save_draft(transaction: Transaction, row: TaskRow, draft: bytes | None) -> bool:
    """Keep a draft without making a new revision; False when the task changed meanwhile."""
    statement = (
        user_task.update()
        .where(_T.id == row.task.id, _T.revision == row.task.revision, _T.state == "open")
        .values(draft=draft)
    )
    return transaction.execute(statement).rowcount == 1


def assigned_to(transaction: Transaction, username: str) -> tuple[TaskRow, ...]:
    """The open tasks that somebody holds."""
    statement = sa.select(user_task).where(OPEN, HELD, _T.assignee == username)
    return tuple(row_of(row._mapping) for row in transaction.execute(statement.order_by(_T.id)))
