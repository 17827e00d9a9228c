"""Completing a task, and correcting what a completed one was answered with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bpmn import Step
from engine import access
from engine.access import Verb
from engine.commands import Commands, IdempotencyKey, Repeatable
from engine.commit import StaleCase
from engine.errors import Conflict, Invalid
from engine.fact_rows import message_row
from engine.open_case import RUNNING, Change, Done, OpenCase, owner_of
from engine.ports import Submission
from engine.records import Actor, Task, TaskState
from engine.store import messages, submissions, tasks
from engine.store.tasks import TaskRow
from engine.store.transaction import Transaction
from engine.task_answers import TaskAnswers
from engine.task_places import find_visible, is_free_for, is_visible, require_work
from engine.wording import Text
from forms import Form

CORRECTED = "submission_corrected"
"""The message that a correction publishes, with the case's id as its correlation key: a diagram
that wants the rule asked again waits for it. Nobody waiting is no harm."""


@dataclass(frozen=True)
class Completion:
    """A completed task, and what its completer can go on with in the same case."""

    task: Task
    next_tasks: tuple[Task, ...]


class Completions:
    """The two verbs that accept answers."""

    def __init__(self, commands: Commands, answers: TaskAnswers) -> None:
        self._commands = commands
        self._answers = answers

    def complete(
        self,
        actor: Actor,
        task_id: str,
        data: Mapping[str, Any],
        *,
        revision: int,
        key: IdempotencyKey | None,
        language: str,
    ) -> Completion:
        """Accept the answers and let the case go on; an unclaimed task is claimed by it.

        Raises `Invalid` (errors by field, in `language`), `Conflict` when the task is closed,
        another's or of another revision, `NotFound`, `Forbidden`, `KeyReused`.
        """

        def attempt(transaction: Transaction) -> Completion:
            case, row = self._commands.check_out_at(transaction, actor, task_id)
            return self._commands.give(
                case,
                "complete",
                lambda case: self._completed(case, row, data, revision=revision, language=language),
                lambda done: _completion(done, task_id),
            )

        return self._commands.transact(
            attempt, Repeatable(key, Completion, lambda answer: _owner(answer.task))
        )

    def correct(
        self,
        actor: Actor,
        task_id: str,
        data: Mapping[str, Any],
        *,
        reason: str,
        key: IdempotencyKey | None,
        language: str,
    ) -> Task:
        """Store a new version of a completed task's answers, checked by the form it was made
        with. What the case's variables still hold of them is written anew, so that later rules
        read the corrected answers.

        Raises `Invalid`, `Conflict` when the task is not completed, `NotFound`, `Forbidden`.
        """
        if not reason.strip():
            raise Invalid(
                Text("يلزم للتصحيح سبب.", "A correction needs a reason."),
                {"reason": [Text("اذكر سبب تغيير الإجابات.", "Say why the answers change.")]},
            )

        def attempt(transaction: Transaction) -> Task:
            row = find_visible(transaction, actor, task_id)
            access.require(actor, Verb.TASK_CORRECT, row.task.unit, f"The task {task_id}")
            case = self._commands.check_out(transaction, actor, row.task.instance_id)
            return self._commands.give(
                case,
                "correct",
                lambda case: self._corrected(
                    case, task_id, data, reason=reason.strip(), language=language
                ),
                lambda done: done.tasks[task_id].task,
            )

        return self._commands.transact(attempt, Repeatable(key, Task, _owner))

    def _completed(
        self,
        case: OpenCase,
        row: TaskRow,
        data: Mapping[str, Any],
        *,
        revision: int,
        language: str,
    ) -> Change:
        require_work(case.actor, row, Verb.TASK_WORK)
        if row.task.revision != revision:
            raise Conflict(
                Text(
                    f"تغيّرت المهمة «{row.task.name}» في هذه الأثناء؛ افتحها من جديد.",
                    f"“{row.task.name}” was changed meanwhile (revision {row.task.revision}, "
                    f"not {revision}); open it again.",
                )
            )
        form = None if row.task.form is None else self._answers.form_of(case, row.task.form)
        if row.key not in case.live.open_tasks():
            raise StaleCase(case.row.id)  # closed while the case's lock was waited for
        variables = self._answers.variables(case, row)
        clean = self._answers.checked(case, form, variables, data, language)
        step = case.live.complete_task(row.key, clean, case.services)
        task = replace(
            row.task,
            state=TaskState.COMPLETED,
            assignee=row.task.assignee or case.actor.username,
            completed_at=case.now,
            completed_by=case.actor.username,
            revision=row.task.revision + 1,
        )
        made = None
        if form is not None:
            made = Submission(task, form.id, form.sha256, 1, clean)
        form_hash = None if form is None else form.sha256
        return Change(
            step=step,
            element_id=task.element_id,
            tasks=((row, replace(row, task=task, form_hash=form_hash, draft=None)),),
            submission=made,
            header={"task": task.id},
        )

    def _corrected(
        self,
        case: OpenCase,
        task_id: str,
        data: Mapping[str, Any],
        *,
        reason: str,
        language: str,
    ) -> Change:
        row = find_visible(case.transaction, case.actor, task_id)
        last = submissions.latest(case.transaction, task_id)
        if row.task.state is not TaskState.COMPLETED or last is None:
            raise Conflict(
                Text(
                    f"ليس للمهمة «{row.task.name}» إجابات مقبولة يمكن تصحيحها.",
                    f"“{row.task.name}” has no accepted answers that could be corrected.",
                )
            )
        form = self._answers.form_used(case, last.form, last.form_hash)
        before = self._answers.opened(case, last)
        variables = self._answers.variables(case, row) | before
        clean = self._restated(
            case, form, variables, data, language=language, then=row.task.completed_at
        )
        running = case.row.status in RUNNING
        step = None
        if not submissions.answered_again(case.transaction, last):
            changed = {name for name in form.writes if before.get(name) != clean.get(name)}
            step = _write_back(case, before, {name: clean.get(name) for name in changed})
        made = Submission(row.task, form.id, form.sha256, last.version + 1, clean, reason)

        def also() -> None:
            if running:
                _publish(case, form.id)

        return Change(
            step=step,
            element_id=row.task.element_id,
            tasks=((row, row),),
            submission=made,
            details={"reason": reason},
            header={"task": task_id},
            also=also,
        )

    def _restated(
        self,
        case: OpenCase,
        form: Form,
        variables: Mapping[str, Any],
        data: Mapping[str, Any],
        *,
        language: str,
        then: datetime | None,
    ) -> dict[str, Any]:
        """The corrected answers, cleaned: right by today's limits, or by those of the moment
        `then` when the form was filled in (a date that lay ahead then is right when it is past).
        """
        try:
            return self._answers.checked(case, form, variables, data, language)
        except Invalid as today:
            try:
                return self._answers.checked(case, form, variables, data, language, now=then)
            except Invalid:
                raise today from None


def _write_back(
    case: OpenCase, before: Mapping[str, Any], changed: Mapping[str, Any]
) -> Step | None:
    """Write corrected answers into every scope that still holds the old ones.

    A called process works on copies of its caller's variables; where an answer was replaced since
    (a new round, another form) the correction changes nothing.
    """
    if case.row.status not in RUNNING:
        return None
    done: Step | None = None
    for scope, held in case.live.snapshot().variables.items():
        stale = {
            name: value
            for name, value in sorted(changed.items())
            if name in held and held[name] == before.get(name)
        }
        if stale:
            step = case.live.set_variables(stale, case.services, scope=scope)
            done = step if done is None else replace(step, facts=done.facts + step.facts)
    return done


def _publish(case: OpenCase, form_id: str) -> None:
    row = message_row(
        case, case.row, name=CORRECTED, correlation_key=case.row.id, payload={"form": form_id}
    )
    messages.insert(case.transaction, [row])
    case.transaction.after_commit(lambda: case.parts.deliver_soon([row.id], []))


def _completion(done: Done, task_id: str) -> Completion:
    case = done.case
    following = tuple(
        row.task
        for row in _open_tasks(done)
        if is_visible(case.actor, row.task) and is_free_for(case.actor, row.task)
    )
    return Completion(done.tasks[task_id].task, following)


def _open_tasks(done: Done) -> tuple[TaskRow, ...]:
    """The case's open tasks, soonest due first; read only when some were open before."""
    case = done.case
    written = [row for row in done.tasks.values() if row.task.state is TaskState.OPEN]
    if case.live.open_tasks() and len(case.live.open_tasks()) != len(written):
        return tasks.open_of_case(case.transaction, case.row.id)
    return tuple(sorted(written, key=tasks.by_due))


def _owner(task: Task) -> str:
    return owner_of(task.instance_id, task.subject)
