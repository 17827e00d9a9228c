"""One task as its page shows it: its form with what is known, the proposal of a rule apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict

from engine import access
from engine.access import Verb
from engine.completion import Completion
from engine.element_words import ElementWords
from engine.errors import NotFound
from engine.records import Actor, Role, Task, TaskState
from engine.task_places import is_free_for
from engine.tasks import DUE_SOON, TaskForm, TaskSubmission
from forms import (
    Form,
    FormView,
    Posted,
    Visibility,
    compile_schema,
    read_posted,
    render_view,
)
from forms.view import Question, Rows, Section
from journey.records import Cycle
from web.stage_line import StageStep, line_of_cycle
from web.task_list import holders_of

if TYPE_CHECKING:
    from engine.engine import Engine
    from journey import Journey

PAPER_FIELD = "conducted_at"
"""A form with this field may have been filled in on paper before."""

REVISION = "_revision"
"""The hidden field with the revision of the task that the page showed."""
CONFIRMED = "_confirmed"
"""The box that says that unusual answers are right."""
USUAL_PRIORITY = 50
"""A task below it waits for something to happen: it is open all along, and nobody is led to it."""

Messages = Mapping[str, Sequence[str]]
_NONE: Messages = {}


@dataclass(frozen=True)
class Proposal:
    """What a rule proposes at a decision, and why."""

    title: str
    answers: tuple[Question, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class AnsweredVersion:
    """One version of a task's answers, drawn for reading."""

    submission: TaskSubmission
    view: FormView


@dataclass(frozen=True)
class OpenedTask:
    """A task and its form, as one reader opened it."""

    engine: Engine
    task: Task
    shown: TaskForm
    form: Form | None
    words: ElementWords
    """What its diagram calls it and says it is for."""
    client: str
    phone: str | None
    """The client's number for who may see the person, empty when none is known; else None."""
    holder: str
    """The colleague who has taken it."""
    reader: Actor
    now: datetime
    language: str
    steps: tuple[StageStep, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether the task still waits for its people."""
        return self.task.state is TaskState.OPEN

    @property
    def is_mine(self) -> bool:
        """Whether the reader has taken it."""
        return self.task.assignee == self.reader.username

    @property
    def may_fill(self) -> bool:
        """Whether the reader can hand in the form: it is open, and nobody else has taken it."""
        return self.is_open and is_free_for(self.reader, self.task)

    @property
    def may_free(self) -> bool:
        """Whether the reader can give it back to all: who holds it, and the branch head."""
        return self.task.assignee is not None and (
            self.task.assignee in self.reader.holds_for or self.reader.is_(Role.BRANCH_HEAD)
        )

    @property
    def may_see_case(self) -> bool:
        """Whether there is a page of the case for the reader."""
        return access.may(self.reader, Verb.INSTANCE_SEE, self.task.unit)

    @property
    def may_correct(self) -> bool:
        """Whether finished answers can be corrected here by the reader."""
        done = self.task.state is TaskState.COMPLETED and self.form is not None
        return done and access.may(self.reader, Verb.TASK_CORRECT, self.task.unit)

    @property
    def may_be_paper(self) -> bool:
        """Whether the form asks when it was conducted, so that paper may have come first."""
        return self.form is not None and PAPER_FIELD in self.form.fields

    @property
    def known(self) -> dict[str, Any]:
        """What is known before anything is typed: prefill or accepted answers, and the draft."""
        return {**self.shown.data, **(self.shown.draft or {})}

    def read(self, posted: MultiDict[str, str]) -> Posted:
        """The answers in a posted page."""
        if self.form is None:
            return Posted({})
        return read_posted(self.form, posted, now=self.now)

    def view(
        self,
        typed: Mapping[str, Any] | None = None,
        *,
        errors: Messages = _NONE,
        warnings: Messages = _NONE,
        correcting: bool = False,
    ) -> FormView | None:
        """The form to draw, with what was typed instead of what is known. What finished answers
        were asked by is their own, for the case has gone on since; a correction of them is judged
        by the case as it is."""
        if self.form is None:
            return None
        data = self.known if typed is None else {**self.shown.data, **typed}
        seen = self.asked(data) if self.is_open or correcting else None
        return self._drawn(self.form, data, errors, warnings, seen)

    def unusual(self, typed: Mapping[str, Any]) -> Messages:
        """Answers that may be given but are unusual, by path; none while any is wrong."""
        return self.engine.tasks.warnings(self.reader, self.task.id, typed, self.language)

    def asked(self, typed: Mapping[str, Any]) -> Visibility:
        """Which questions `typed` hides and requires, by what the case knows."""
        return self.engine.tasks.visibility(self.reader, self.task.id, typed)

    def versions(self) -> tuple[AnsweredVersion, ...]:
        """Every version of the accepted answers, newest first."""
        form = self.form
        if form is None or self.task.state is not TaskState.COMPLETED:
            return ()
        return tuple(
            AnsweredVersion(one, self._drawn(form, one.data))
            for one in self.engine.tasks.submissions(self.reader, self.task.id)
        )

    def _drawn(
        self,
        form: Form,
        data: Mapping[str, Any],
        errors: Messages = _NONE,
        warnings: Messages = _NONE,
        seen: Visibility | None = None,
    ) -> FormView:
        return render_view(
            form,
            data,
            language=self.language,
            now=self.now,
            options=self.shown.options,
            errors=errors,
            warnings=warnings,
            visibility=seen,
        )


def open_task(
    engine: Engine, journey: Journey, actor: Actor, task_id: str, language: str
) -> OpenedTask:
    """The task with its form. Raises `NotFound`, `KeyDestroyed`."""
    task = engine.tasks.get(actor, task_id)
    shown = engine.tasks.form(actor, task_id, language)
    return OpenedTask(
        engine=engine,
        task=task,
        shown=shown,
        form=None if shown.form is None else compile_schema(shown.form),
        words=engine.tasks.words([task])[task.id],
        client=journey.persons.names_for_tasks(actor, [task]).get(task.id, ""),
        phone=_phone(journey, actor, task),
        holder=holders_of(engine, actor, [task]).get(task.id, ""),
        reader=actor,
        now=engine.clock.now(),
        language=language,
        steps=line_of_cycle(
            _cycle(journey, actor, task), [task.element_id] if task.state is TaskState.OPEN else []
        ),
    )


def proposal_of(view: FormView) -> tuple[Proposal | None, FormView]:
    """The first section that only shows what a rule proposes, and the form without it."""
    for section in view.parts:
        if isinstance(section, Section) and not section.hidden and _is_proposal(section):
            shown = [part for part in section.parts if isinstance(part, Question)]
            reasons = [one for one in shown if one.path.endswith("reasons")]
            proposal = Proposal(
                title=section.label,
                answers=tuple(one for one in shown if one not in reasons and not one.hidden),
                reasons=tuple(
                    line.strip()
                    for one in reasons
                    for text in one.shown
                    for line in text.splitlines()
                    if line.strip()
                ),
            )
            rest = tuple(part for part in view.parts if part is not section)
            return proposal, replace(view, parts=rest)
    return None, view


def _is_proposal(section: Section) -> bool:
    """A decision form puts the rule's words into a section of read-only fields with reasons."""
    fields = [part for part in section.parts if isinstance(part, Question | Rows)]
    return all(part.kind == "shown" for part in fields) and any(
        part.path.endswith("reasons") and part.is_answered for part in fields
    )


def next_task(completion: Completion, now: datetime) -> Task | None:
    """Where whoever completed a task goes on: the task of the same case that is due first, if
    there is one to be done in these days."""
    soon = now + DUE_SOON
    waiting = [
        task
        for task in completion.next_tasks
        if task.priority >= USUAL_PRIORITY and (task.due_at is None or task.due_at <= soon)
    ]
    return waiting[0] if waiting else None


def _phone(journey: Journey, actor: Actor, task: Task) -> str | None:
    open_here = task.state is TaskState.OPEN and task.subject is not None
    if not open_here or not access.may(actor, Verb.PERSON_SEE, task.unit):
        return None
    try:
        return journey.persons.get(actor, task.subject or "").data.phone or ""
    except NotFound:  # registered at another branch by now
        return None


def _cycle(journey: Journey, actor: Actor, task: Task) -> Cycle | None:
    if task.subject is None or not access.may(actor, Verb.JOURNEY_SEE, task.unit):
        return None
    try:
        cycles = journey.cycles.of_person(actor, task.subject)
    except NotFound:
        return None
    return next((one for one in cycles if one.instance_id == task.instance_id), None)
