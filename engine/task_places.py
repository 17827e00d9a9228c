"""Which tasks somebody sees and may work on: those for one of the own roles in one of the own
units. A branch head's roles include the case worker's."""

from __future__ import annotations

from engine import access
from engine.access import Verb
from engine.errors import Conflict, NotFound
from engine.records import Actor, Role, Task, TaskState
from engine.store import tasks
from engine.store.tasks import TaskRow
from engine.store.transaction import Transaction
from engine.wording import Text


def places_of(actor: Actor) -> frozenset[tuple[str, str]] | None:
    """The (role, unit) pairs whose tasks the actor sees; None: all, for the system itself."""
    if actor.is_(Role.SYSTEM):
        return None
    return frozenset(
        (role.value, unit)
        for role in access.task_roles(actor)
        for unit in actor.units
        if access.may(actor, Verb.TASK_SEE, unit)
    )


def is_visible(actor: Actor, task: Task) -> bool:
    """Whether the actor sees the task."""
    if actor.only_tasks is not None and task.id not in actor.only_tasks:
        return False
    places = places_of(actor)
    return places is None or any((group, task.unit) in places for group in task.candidate_groups)


def is_free_for(actor: Actor, task: Task) -> bool:
    """Whether nobody holds the task but the actor, or somebody the actor stands in for."""
    return task.assignee is None or task.assignee in actor.holds_for


def find_visible(transaction: Transaction, actor: Actor, task_id: str) -> TaskRow:
    """The task. Raises `NotFound` when it does not exist or is not the actor's to see."""
    row = tasks.find(transaction, task_id)
    if row is None or not is_visible(actor, row.task):
        raise no_task(task_id)
    return row


def no_task(task_id: str) -> NotFound:
    """Says that a task does not exist; the same words for one that is not the actor's to see."""
    return NotFound(Text(f"لا توجد مهمة {task_id}.", f"There is no task {task_id}."))


def require_work(actor: Actor, row: TaskRow, verb: Verb, *, held_by_others: bool = False) -> None:
    """Raises `Forbidden` when the actor may only look, `Conflict` when the task is no longer
    open, or is held by somebody else (unless `held_by_others` leaves that to the verb)."""
    task = row.task
    access.require(actor, verb, task.unit, f"The task {task.id}")
    if task.state is not TaskState.OPEN:
        raise Conflict(
            Text(
                f"لم تعد المهمة «{task.name}» مفتوحة.",
                f"“{task.name}” is no longer open: it was {task.state.value}.",
            )
        )
    if not held_by_others and not is_free_for(actor, task):
        raise Conflict(claimed_by_another(task))


def claimed_by_another(task: Task) -> Text:
    """Says who took the task before the caller could."""
    return Text(
        f"استلم المهمة «{task.name}» قبلك {task.assignee}.",
        f"“{task.name}” was claimed by {task.assignee}.",
    )
