"""User tasks: who sees them, claims them, hands them over, drafts, completes and corrects them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from engine import access
from engine.access import Verb
from engine.commands import Commands, IdempotencyKey
from engine.completion import Completion, Completions
from engine.errors import Conflict, Invalid, NotFound
from engine.open_case import Change, Done, OpenCase
from engine.plain_json import encoded
from engine.ports import Option
from engine.records import SYSTEM, Actor, Page, Paging, Role, Task, TaskState
from engine.store import submissions, tasks
from engine.store.database import Transaction
from engine.store.tasks import TaskFilter, TaskRow
from engine.store.text import can_be_stored
from engine.task_answers import TaskAnswers
from engine.task_places import claimed_by_another, find_visible, is_visible, places_of, require_work
from engine.wording import Text

FirstPage = Paging()


@dataclass(frozen=True)
class TaskForm:
    """What is needed to fill in a task's form."""

    form: Mapping[str, Any] | None
    """The form file as JSON; None for a task without a form."""
    data: Mapping[str, Any]
    """Prefill for an open task; the accepted answers for a completed one."""
    draft: Mapping[str, Any] | None
    options: Mapping[str, tuple[Option, ...]]
    """Field path → the choices of a reference field."""
    form_hash: str | None = None


class Tasks:
    """The verbs of user tasks. Every one checks the caller's access itself."""

    def __init__(self, commands: Commands, actor_of: Callable[[Transaction, str], Actor]) -> None:
        self._commands = commands
        self._parts = commands.parts
        self._actor_of = actor_of
        self._answers = TaskAnswers(commands.parts)
        self._completions = Completions(commands, self._answers)

    def list(
        self,
        actor: Actor,
        *,
        state: TaskState = TaskState.OPEN,
        mine: bool = False,
        group: str | None = None,
        unit: str | None = None,
        process: str | None = None,
        element: str | None = None,
        instance: str | None = None,
        business_key: str | None = None,
        due_before: datetime | None = None,
        q: str | None = None,
        sort: str = "due",
        paging: Paging = FirstPage,
    ) -> Page[Task]:
        """The tasks the caller may see, soonest due first (`sort`: due, created or priority).

        `q` finds tasks by their name, the beginning of their business key, or their subject.
        """
        if sort not in tasks.SORTS:
            known = ", ".join(sorted(tasks.SORTS))
            raise Invalid(
                Text(f"لا تُرتَّب المهام بحسب {sort!r}.", f"Tasks cannot be sorted by {sort!r}."),
                {"sort": [Text(f"القيم المسموحة: {known}.", f"Must be one of {known}.")]},
            )
        if not can_be_stored(group, unit, process, element, instance, business_key, q):
            return Page((), None)
        with self._parts.database.reading() as transaction:
            found: frozenset[str] = frozenset()
            if q and self._parts.subjects is not None:
                found = self._parts.subjects.find(transaction, actor, q)
            wanted = TaskFilter(
                state=state,
                places=places_of(actor),
                assignee=actor.username if mine else None,
                group=group,
                unit=unit,
                process=process,
                element=element,
                instance=instance,
                business_key=business_key,
                due_before=due_before,
                text=q or None,
                subjects=found,
            )
            return tasks.page(transaction, paging, wanted, sort)

    def get(self, actor: Actor, task_id: str) -> Task:
        """One task. Raises `NotFound`."""
        with self._parts.database.reading() as transaction:
            return find_visible(transaction, actor, task_id).task

    def form(self, actor: Actor, task_id: str, language: str | None = None) -> TaskForm:
        """The task's form with its prefill, draft and options; noted in the access log.

        Only the form's own fields are answered, never another variable of the case. Raises
        `NotFound`, `KeyDestroyed`.
        """
        with self._parts.database.reading() as transaction:
            row = find_visible(transaction, actor, task_id)
            with self._commands.look(transaction, actor, row.task.instance_id) as case:
                shown = self._shown(case, row)
        through = f"task form {row.task.form or row.task.element_id}"
        self._parts.access_log.note(actor, case.row.owner, through, row.task.name)
        return shown

    def claim(self, actor: Actor, task_id: str) -> Task:
        """Take an open task; taking one's own again changes nothing. Raises `Conflict` when it
        is another's."""

        def take(row: TaskRow, _case: OpenCase) -> Task:
            if row.task.assignee not in (None, actor.username):
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

    def draft(self, actor: Actor, task_id: str, data: Mapping[str, Any]) -> Task:
        """Keep half-filled answers with the task, unchecked and sealed. Raises `Conflict` when
        the task is closed or another's."""
        with self._parts.database.transaction() as transaction:
            row = find_visible(transaction, actor, task_id)
            require_work(actor, row, Verb.TASK_WORK)
            with self._commands.look(transaction, actor, row.task.instance_id) as case:
                sealed = case.seal(encoded(dict(data), "data"), f"draft:{row.task.id}")
            if not tasks.save_draft(transaction, row, sealed):
                raise Conflict(
                    Text(
                        f"تغيّرت المهمة «{row.task.name}» في هذه الأثناء؛ افتحها من جديد.",
                        f"“{row.task.name}” has changed meanwhile; open it again.",
                    )
                )
            return row.task

    def complete(
        self,
        actor: Actor,
        task_id: str,
        *,
        revision: int,
        data: Mapping[str, Any],
        idempotency: IdempotencyKey | None = None,
        language: str | None = None,
    ) -> Completion:
        """Hand in the answers of a task; see `Completions.complete`."""
        return self._completions.complete(
            actor,
            task_id,
            data,
            revision=revision,
            key=idempotency,
            language=language or actor.language,
        )

    def correct(
        self,
        actor: Actor,
        task_id: str,
        data: Mapping[str, Any],
        reason: str,
        *,
        idempotency: IdempotencyKey | None = None,
        language: str | None = None,
    ) -> Task:
        """Make a new version of a completed task's answers; see `Completions.correct`."""
        return self._completions.correct(
            actor,
            task_id,
            data,
            reason=reason,
            key=idempotency,
            language=language or actor.language,
        )

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
        if row.task.assignee in (None, actor.username) or actor.is_(Role.BRANCH_HEAD):
            return
        raise Conflict(
            Text(
                f"المهمة «{row.task.name}» لدى {row.task.assignee}؛ ينقلها هو أو مدير الفرع فقط.",
                f"“{row.task.name}” is held by {row.task.assignee}; only that person or the head "
                "of the branch can pass it on.",
            )
        )

    def _shown(self, case: OpenCase, row: TaskRow) -> TaskForm:
        if row.task.form is None:
            return TaskForm(None, {}, None, {})
        if row.task.state is not TaskState.OPEN:
            form = self._answers.form_used(case, row.task.form, row.form_hash)
            last = submissions.latest(case.transaction, row.task.id)
            data = {} if last is None else self._answers.opened(case, last)
            return TaskForm(form.schema, data, None, {}, form.sha256)
        form = self._answers.form_of(case, row.task.form)
        variables = self._answers.variables(case, row)
        draft = None
        if row.draft is not None:
            draft = msgspec.json.decode(case.open(row.draft, f"draft:{row.task.id}"))
        return TaskForm(
            form=form.schema,
            data=self._answers.prefill(case, form, variables),
            draft=draft,
            options=self._answers.options(case, form, variables),
            form_hash=form.sha256,
        )


def _decided(change: Change) -> Callable[[OpenCase], Change]:
    return lambda _case: change


def _may_work(actor: Actor, task: Task) -> bool:
    return access.may(actor, Verb.TASK_WORK, task.unit)
