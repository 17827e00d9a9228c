"""Drafts of tasks that a step takes away and opens anew, as with a later due date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from engine.open_case import OpenCase
from engine.store.tasks import TaskRow


def carried_over(
    case: OpenCase, taken_away: Sequence[TaskRow], new: Sequence[TaskRow]
) -> list[TaskRow]:
    """The new tasks, each with what was typed in the one that it takes the place of: the same
    element, form and unit. Where several are alike nobody knows whose draft was meant; they begin
    empty."""
    if not any(row.draft for row in taken_away):
        return list(new)
    before = Counter(map(_place, taken_away))
    after = Counter(map(_place, new))
    drafts = {_place(row): row for row in taken_away if row.draft and before[_place(row)] == 1}
    return [
        _continued(case, drafts[_place(row)], row)
        if after[_place(row)] == 1 and _place(row) in drafts
        else row
        for row in new
    ]


def sealed_as(task_id: str) -> str:
    """What the seal of a task's draft is bound to."""
    return f"draft:{task_id}"


def _continued(case: OpenCase, before: TaskRow, row: TaskRow) -> TaskRow:
    plain = case.open(before.draft or b"", sealed_as(before.task.id))
    return replace(row, draft=case.seal(plain, sealed_as(row.task.id)))


def _place(row: TaskRow) -> tuple[str, str | None, str | None]:
    return row.task.element_id, row.task.form, row.task.unit
