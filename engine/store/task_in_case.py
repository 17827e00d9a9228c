"""A task together with its case and the case's key: what a completion reads, in one statement."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.store import cases, tasks
from engine.store.cases import CaseRow, process_instance
from engine.store.keys import data_key
from engine.store.statement import Statement
from engine.store.tasks import TaskRow, user_task
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction

_CASE = tuple(column.name for column in process_instance.c)
_TASK = tuple(column.name for column in user_task.c)

_FIND = Statement(
    sa.select(
        *(user_task.c[name].label(f"task_{name}") for name in _TASK),
        *(process_instance.c[name].label(f"case_{name}") for name in _CASE),
        data_key.c.wrapped,
    )
    .join_from(user_task, process_instance, user_task.c.instance_id == process_instance.c.id)
    .join(data_key, data_key.c.owner == process_instance.c.owner, isouter=True)
    .where(user_task.c.id == sa.bindparam("task_id"))
    .with_for_update(of=process_instance)
)


@dataclass(frozen=True)
class TaskInCase:
    """What was read. Where the case's lock had to be waited for, `task` and `wrapped` are as they
    were before the waiting: whoever changes the task finds that out by its revision."""

    task: TaskRow
    case: CaseRow
    wrapped: bytes | None
    """The wrapped data key of the case's owner; None when it has none, or none any more."""


def find_locked(transaction: Transaction, task_id: str) -> TaskInCase | None:
    """The task and its case, the case's row held until the transaction ends; None when there is
    no such task."""
    if not can_be_stored(task_id):
        return None
    row = _FIND.first(transaction, {"task_id": task_id})
    if row is None:
        return None
    return TaskInCase(
        tasks.row_of({name: row[f"task_{name}"] for name in _TASK}),
        cases.row_of({name: row[f"case_{name}"] for name in _CASE}),
        row["wrapped"],
    )
