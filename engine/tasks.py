"""User tasks: who sees them, claims them, hands them over, drafts, completes and corrects them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine.access import Verb
from engine.commands import Commands, IdempotencyKey
from engine.completion import Completion, Completions
from engine.drafts import sealed_as
from engine.element_words import ElementWords, words_of_tasks
from engine.errors import Conflict, Invalid
from engine.open_case import OpenCase
from engine.plain_json import encoded
from engine.ports import Option
from engine.records import Actor, Page, Paging, Task, TaskState
from engine.store import submissions, task_lists, tasks
from engine.store.task_lists import MOST_COUNTED, TaskCounts, TaskFilter
from engine.store.tasks import TaskRow
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction
from engine.task_answers import TaskAnswers
from engine.task_holding import Holding
from engine.task_places import (
    find_visible,
    places_of,
    require_work,
)
from engine.task_versions import TaskSubmission, versions
from engine.wording import Text
from forms import Form, Visibility

FirstPage = Paging()

DUE_SOON = timedelta(days=7)
"""How far ahead `counts` looks for what is due soon."""

__all__ = ["DUE_SOON", "MOST_COUNTED", "TaskCounts", "TaskForm", "TaskSubmission", "Tasks"]


LONGEST_DRAFT = 256 * 1024
"""Bytes of a draft: far more than the longest form, far less than would make pages slow."""
_TOO_LONG = Text("المسودة أطول مما يمكن حفظه.", "The draft is longer than can be kept.")


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


class Tasks(Holding):
    """The verbs of user tasks. Every one checks the caller's access itself."""

    def __init__(self, commands: Commands, actor_of: Callable[[Transaction, str], Actor]) -> None:
        super().__init__(commands, actor_of)
        self._parts = commands.parts
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
        overdue: bool = False,
        assignee: str | None = None,
        unassigned: bool = False,
        q: str | None = None,
        sort: str = "due",
        paging: Paging = FirstPage,
    ) -> Page[Task]:
        """The tasks the caller may see, soonest due first (`sort`: due, created or priority).

        `mine` keeps those held by the caller, or by somebody the caller stands in for;
        `overdue` keeps tasks whose due time has come, `unassigned` those that nobody holds. `q`
        finds tasks by their name, the beginning of their business key, or their subject.
        """
        if sort not in task_lists.SORTS:
            known = ", ".join(sorted(task_lists.SORTS))
            raise Invalid(
                Text(f"لا تُرتَّب المهام بحسب {sort!r}.", f"Tasks cannot be sorted by {sort!r}."),
                {"sort": [Text(f"القيم المسموحة: {known}.", f"Must be one of {known}.")]},
            )
        if not can_be_stored(group, unit, process, element, instance, business_key, q, assignee):
            return Page((), None)
        with self._parts.database.reading() as transaction:
            found: frozenset[str] = frozenset()
            if q and self._parts.subjects is not None:
                found = self._parts.subjects.find(transaction, actor, q)
            wanted = TaskFilter(
                state=state,
                places=places_of(actor),
                only=actor.only_tasks,
                holders=actor.holds_for if mine else None,
                assignee=assignee,
                unassigned=unassigned,
                overdue_at=self._parts.clock.now(transaction) if overdue else None,
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
            return task_lists.page(transaction, paging, wanted, sort)

    def counts(self, actor: Actor) -> TaskCounts:
        """How many open tasks the caller sees, holds, and is late or soon late with."""
        with self._parts.database.reading() as transaction:
            now = self._parts.clock.now(transaction)
            return task_lists.counts(
                transaction,
                places=places_of(actor),
                only=actor.only_tasks,
                holders=actor.holds_for,
                now=now,
                soon=now + DUE_SOON,
            )

    def words(self, tasks: Sequence[Task]) -> Mapping[str, ElementWords]:
        """Task id → what its diagram calls it and says it is for, in both languages. A diagram's
        words are nobody's secret: whoever has the tasks may read them."""
        with self._parts.database.reading() as transaction:
            return words_of_tasks(transaction, self._parts.definitions, tasks)

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

    def blank_form(self, actor: Actor, task_id: str) -> Form | None:
        """The form of an open task without anything of its case, so that answers can be read as
        its fields want them; None for a task without a form. Raises `NotFound`."""
        with self._parts.database.reading() as transaction:
            task = find_visible(transaction, actor, task_id).task
            if task.form is None:
                return None
            definitions = self._parts.definitions
            version = definitions.version(transaction, task.process, task.version)
            return definitions.form(transaction, version.id, task.form)

    def visibility(self, actor: Actor, task_id: str, data: Mapping[str, Any]) -> Visibility:
        """Which fields of the task's form are asked when `data` is answered so far, by the case's
        variables as they are. Raises `NotFound`, `Conflict` for a task without a form."""
        with self._parts.database.reading() as transaction:
            row = find_visible(transaction, actor, task_id)
            with self._commands.look(transaction, actor, row.task.instance_id) as case:
                return self._answers.visibility(case, row, data)

    def warnings(
        self, actor: Actor, task_id: str, data: Mapping[str, Any], language: str | None = None
    ) -> Mapping[str, Sequence[str]]:
        """What is unusual about acceptable answers of an open task, by field: to be looked at
        again before they are sent. Empty for answers that would be refused. Raises `NotFound`."""
        with self._parts.database.reading() as transaction:
            row = find_visible(transaction, actor, task_id)
            with self._commands.look(transaction, actor, row.task.instance_id) as case:
                return self._answers.warnings(case, row, data, language or actor.language)

    def submissions(self, actor: Actor, task_id: str) -> tuple[TaskSubmission, ...]:
        """Every version of a task's accepted answers, newest first; noted in the access log.
        Raises `NotFound`, `KeyDestroyed`."""
        with self._parts.database.reading() as transaction:
            row = find_visible(transaction, actor, task_id)
            with self._commands.look(transaction, actor, row.task.instance_id) as case:
                found = versions(case, task_id)
        if found:
            through = f"task versions {row.task.form or row.task.element_id}"
            self._parts.access_log.note(actor, case.row.owner, through, row.task.name)
        return found

    def draft(self, actor: Actor, task_id: str, data: Mapping[str, Any]) -> Task:
        """Keep half-filled answers with the task, unchecked and sealed. Raises `Conflict` when
        the task is closed or another's."""
        with self._parts.database.transaction() as transaction:
            row = find_visible(transaction, actor, task_id)
            require_work(actor, row, Verb.TASK_WORK)
            with self._commands.look(transaction, actor, row.task.instance_id) as case:
                plain = encoded(dict(data), "data")
                if len(plain) > LONGEST_DRAFT:
                    raise Invalid(_TOO_LONG, {"_": [_TOO_LONG]})
                sealed = case.seal(plain, sealed_as(row.task.id))
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

    def _shown(self, case: OpenCase, row: TaskRow) -> TaskForm:
        if row.task.form is None:
            return TaskForm(None, {}, None, {})
        if row.task.state is not TaskState.OPEN:
            form = self._answers.form_used(case, row.task.form, row.form_hash)
            last = submissions.latest(case.transaction, row.task.id)
            data = {} if last is None else self._answers.opened(case, last)
            # A finished form shows what its codes mean, and a correction may choose anew.
            options = self._answers.options(case, form, self._answers.variables(case, row))
            return TaskForm(form.schema, data, None, options, form.sha256)
        form = self._answers.form_of(case, row.task.form)
        variables = self._answers.variables(case, row)
        draft = None
        if row.draft is not None:
            draft = msgspec.json.decode(case.open(row.draft, sealed_as(row.task.id)))
        return TaskForm(
            form=form.schema,
            data=self._answers.prefill(case, form, variables),
            draft=draft,
            options=self._answers.options(case, form, variables),
            form_hash=form.sha256,
        )
