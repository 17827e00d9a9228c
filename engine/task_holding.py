"""Who holds a task: taking it, giving it back, handing it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine import access
from engine.access import Verb
from engine.commands import Commands
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.open_case import Change, Done, OpenCase
from engine.records import SYSTEM, Actor, Role, Task
from engine.store import tasks
from engine.store.tasks import TaskRow
from engine.store.transaction import Transaction
from engine.task_places import (
    claimed_by_another,
    find_visible,
    is_free_for,
    is_visible,
    require_work,
)
from engine.wording import Text


class Holding:
    """The verbs of user tasks that change who holds them."""

    def __init__(self, commands: Commands, actor_of: Callable[[Transaction, str], Actor]) -> None:
        self._commands = commands
        self._actor_of = actor_of

    def claim(self, actor: Actor, task_id: str) -> Task:
        """Take an open task, or one held by somebody the caller stands in for; taking one's own
        again changes nothing. Raises `Conflict` when it is another's."""

        def take(row: TaskRow, _case: OpenCase) -> Task:
            if actor.only_tasks is not None:
                raise Forbidden(
                    Text(
                        "لا حاجة إلى استلام المهمة عبر الرابط؛ املأ النموذج وأرسله.",
                        "Through a link nothing is claimed; fill in the form and send it.",
                    )
                )
            if not is_free_for(actor, row.task):
                raise Conflict(claimed_by_another(row.task))
            return replace(row.task, assignee=actor.username)

        return self._reassign(actor, task_id, "claim", Verb.TASK_WORK, take)

    def release(self, actor: Actor, task_id: str) -> Task:
        """Give a task back to its group. Who holds it may, and the unit's branch head."""

        def give_back(row: TaskRow, _case: OpenCase) -> Task:
            self._require_hold(actor, row)
            return replace(row.task, assignee=None)

        return self._reassign(actor, task_id, "release", Verb.TASK_WORK, give_back)

    def assign(self, actor: Actor, task_id: str, assignee: str) -> Task:
        """Hand a task over to a colleague who may do it. Raises `Invalid` for anybody else."""

        def hand_over(row: TaskRow, case: OpenCase) -> Task:
            self._require_hold(actor, row)
            problem = {
                "assignee": [
                    Text(
                        f"لا يمكن لـ{assignee} تنفيذ هذه المهمة.",
                        f"{assignee} cannot do this task.",
                    )
                ]
            }
            try:
                colleague = self._actor_of(case.transaction, assignee)
            except NotFound as error:
                nobody = Text(f"لا يوجد مستخدم {assignee}.", f"There is no user {assignee}.")
                raise Invalid(nobody, problem) from error
            if not (is_visible(colleague, row.task) and _may_work(colleague, row.task)):
                raise Invalid(
                    Text(
                        f"يعمل {assignee} في مكان أو دور آخر، ولا يمكنه تنفيذ هذه المهمة.",
                        f"{assignee} works in another place or role and cannot do this task.",
                    ),
                    problem,
                )
            return replace(row.task, assignee=assignee)

        return self._reassign(actor, task_id, "assign", Verb.TASK_ASSIGN, hand_over)

    def give_back_all(self, transaction: Transaction, username: str) -> int:
        """Release every open task that a retired user holds, inside the retiring transaction;
        how many there were."""
        held = tasks.assigned_to(transaction, username)
        for row in held:
            case = self._commands.check_out(transaction, SYSTEM, row.task.instance_id)
            released = replace(row, task=replace(row.task, assignee=None))
            change = Change(
                element_id=row.task.element_id,
                tasks=((row, released),),
                details={"task": row.task.id, "from": username, "to": None},
            )
            self._commands.give(case, "release", _decided(change), lambda done: done)
        return len(held)

    def _reassign(
        self,
        actor: Actor,
        task_id: str,
        command: str,
        verb: Verb,
        decide: Callable[[TaskRow, OpenCase], Task],
    ) -> Task:
        """Change who holds an open task; nothing is written when that is so already."""

        def attempt(transaction: Transaction) -> Task:
            row = find_visible(transaction, actor, task_id)
            case = self._commands.check_out(transaction, actor, row.task.instance_id)
            row = find_visible(transaction, actor, task_id)  # as it is under the lock
            require_work(actor, row, verb, held_by_others=True)
            wanted = decide(row, case)
            if wanted.assignee == row.task.assignee:
                return row.task
            change = Change(
                element_id=row.task.element_id,
                tasks=((row, replace(row, task=wanted)),),
                details={
                    "task": row.task.id, "from": row.task.assignee, "to": wanted.assignee
                },
            )  # fmt: skip

            def answer(done: Done) -> Task:
                return done.tasks[row.task.id].task

            return self._commands.give(case, command, lambda _: change, answer)

        return self._commands.transact(attempt)

    @staticmethod
    def _require_hold(actor: Actor, row: TaskRow) -> None:
        """A task that somebody holds is passed on by that person or by the branch head."""
        if is_free_for(actor, row.task) or actor.is_(Role.BRANCH_HEAD):
            return
        raise Conflict(
            Text(
                f"المهمة «{row.task.name}» لدى {row.task.assignee}؛ ينقلها هو أو مدير الفرع فقط.",
                f"“{row.task.name}” is held by {row.task.assignee}; only that person or the head "
                "of the branch can pass it on.",
            )
        )


def _decided(change: Change) -> Callable[[OpenCase], Change]:
    return lambda _case: change


def _may_work(actor: Actor, task: Task) -> bool:
    return access.may(actor, Verb.TASK_WORK, task.unit)
