"""The form of a task in its case: which one, what is filled in before, what may be chosen, and
whether answers are acceptable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine.errors import Conflict, Invalid
from engine.open_case import OpenCase, instance_of
from engine.parts import Parts
from engine.ports import Option, SourceQuery
from engine.records import TaskState
from engine.store.submissions import SubmissionRow
from engine.store.tasks import TaskRow
from engine.wording import Text
from forms import Form, FormErrors, FormExpressionError, Visibility, hidden_fields

_NO_FORM = Text(
    "لا نموذج لهذه المهمة، فلا تُرسل معها إجابات.",
    "This task has no form, so it takes no answers.",
)


class FormUnusable(Conflict):
    """The form itself is at fault: it names a source of choices that this installation does not
    have, or an expression in it cannot be evaluated. The process owner has to mend it."""


class TaskAnswers:
    """Everything about forms that the task verbs share."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def form_of(self, case: OpenCase, form_id: str) -> Form:
        """The form that an open task of the case is filled in with."""
        return self._parts.definitions.form(case.transaction, case.row.version_id, form_id)

    def form_used(self, case: OpenCase, form_id: str, form_hash: str | None) -> Form:
        """The form that a closed task was filled in with, by its hash."""
        if form_hash is None:  # it was never filled in
            return self.form_of(case, form_id)
        return self._parts.definitions.form_by_hash(case.transaction, form_hash)

    @staticmethod
    def variables(case: OpenCase, row: TaskRow) -> dict[str, Any]:
        """The variables that the task's form may read: those visible from its place, or, once
        that place is gone, the case's own."""
        if row.task.state is TaskState.OPEN:
            return case.live.variables_at(row.key)
        return dict(case.live.snapshot().variables.get("", {}))

    @staticmethod
    def prefill(case: OpenCase, form: Form, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What the empty form shows. Raises `FormUnusable`."""
        try:
            return form.defaults(variables, case.now)
        except FormExpressionError as error:
            raise _unusable(form, error) from error

    def options(
        self, case: OpenCase, form: Form, variables: Mapping[str, Any]
    ) -> dict[str, tuple[Option, ...]]:
        """The choices of the form's reference fields, by field path."""
        found: dict[str, tuple[Option, ...]] = {}
        for path, (source, properties) in form.references().items():
            if source not in self._parts.sources:
                raise FormUnusable(
                    Text(
                        f"يطلب النموذج {form.id} خيارات من المصدر {source}، وهو غير متاح هنا. "
                        "أبلغ مسؤول العملية.",
                        f"The form {form.id} asks for choices from {source!r}, which this "
                        "installation does not have. Tell the process owner.",
                    )
                )
            query = SourceQuery(case.actor, instance_of(case.row), variables, properties)
            found[path] = tuple(self._parts.sources[source].options(case.transaction, query))
        return found

    def visibility(self, case: OpenCase, row: TaskRow, data: Mapping[str, Any]) -> Visibility:
        """Which fields are asked when `data` is answered so far. Raises `FormUnusable`, `Conflict`
        for a task without a form."""
        if row.task.form is None:
            raise Conflict(_NO_FORM)
        form = (
            self.form_of(case, row.task.form)
            if row.task.state is TaskState.OPEN
            else self.form_used(case, row.task.form, row.form_hash)
        )
        try:
            return hidden_fields(form, data, self.variables(case, row), case.now)
        except FormExpressionError as error:
            raise _unusable(form, error) from error

    def checked(
        self,
        case: OpenCase,
        form: Form | None,
        variables: Mapping[str, Any],
        data: Mapping[str, Any],
        language: str,
        *,
        now: datetime | None = None,
    ) -> dict[str, Any]:
        """The answers, cleaned; `now` is the moment that limits such as “not in the past” count
        from, if not the present. Raises `Invalid` with the errors by field."""
        if form is None:
            if data:
                raise Invalid(_NO_FORM, {"_": [_NO_FORM]})
            return {}
        options = {
            path: [option.value for option in choices]
            for path, choices in self.options(case, form, variables).items()
        }
        try:
            return form.validate(
                data, variables=variables, options=options, now=now or case.now, language=language
            )
        except FormErrors as error:
            raise Invalid(
                Text(
                    f"راجع إجابات النموذج {form.id}.",
                    f"The answers of {form.id} need another look.",
                ),
                {
                    path: [Text.worded(text) for text in texts]
                    for path, texts in error.errors.items()
                },
            ) from error
        except FormExpressionError as error:
            raise _unusable(form, error) from error

    def warnings(
        self, case: OpenCase, row: TaskRow, data: Mapping[str, Any], language: str
    ) -> dict[str, list[str]]:
        """What is unusual about answers that would be accepted, by field; empty for others.
        Raises `FormUnusable`."""
        if row.task.form is None or row.task.state is not TaskState.OPEN:
            return {}
        form = self.form_of(case, row.task.form)
        variables = self.variables(case, row)
        choices = self.options(case, form, variables)
        try:
            return form.warnings(
                data,
                variables=variables,
                options={path: [one.value for one in found] for path, found in choices.items()},
                now=case.now,
                language=language,
            )
        except FormErrors:
            return {}
        except FormExpressionError as error:
            raise _unusable(form, error) from error

    @staticmethod
    def opened(case: OpenCase, row: SubmissionRow) -> dict[str, Any]:
        """The answers of a stored submission."""
        plain = case.open(row.data, f"submission:{row.task_id}:{row.version}")
        answers: dict[str, Any] = msgspec.json.decode(plain)
        return answers


def _unusable(form: Form, error: FormExpressionError) -> FormUnusable:
    return FormUnusable(
        Text(
            f"لا يمكن استخدام النموذج {form.id} هنا؛ أبلغ مسؤول العملية بهذا: {error}",
            f"The form {form.id} cannot be used here: {error} Tell the process owner.",
        )
    )
