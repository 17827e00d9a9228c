"""User tasks, their forms and what is done with them."""

from __future__ import annotations

from api.fields import Choice, Code, Integer, Json, Many, Moment, Part, QueryBoolean, Text
from api.shapes import Answer, Body, Paged
from engine.records import TaskState


class TaskAnswer(Answer):
    """One user task."""

    id = Text()
    instance_id = Text()
    process = Text()
    version = Integer()
    element_id = Text()
    name = Text()
    form = Text(allow_none=True)
    state = Choice(TaskState)
    assignee = Text(allow_none=True)
    candidate_groups = Many(Text())
    unit = Text(allow_none=True)
    business_key = Text(allow_none=True)
    created_at = Moment()
    due_at = Moment(allow_none=True)
    follow_up_at = Moment(allow_none=True)
    completed_at = Moment(allow_none=True)
    completed_by = Text(allow_none=True)
    priority = Integer(low=-(2**31), high=2**31)
    revision = Integer()


class TaskQuery(Paged):
    """Which tasks, in which order."""

    state = Choice([TaskState.OPEN, TaskState.COMPLETED], load_default=TaskState.OPEN)
    mine = QueryBoolean(metadata={"description": "Only those that the caller has claimed."})
    group = Code()
    unit = Code()
    process = Code()
    element = Code(high=255)
    instance = Code(high=200)
    business_key = Code(high=200)
    due_before = Moment()
    q = Text(low=1, high=200, metadata={"description": "Words of the task, key or person."})
    sort = Choice(["due", "created", "priority"], load_default="due")


class OptionAnswer(Answer):
    """One choice of a reference field."""

    value = Text()
    label_ar = Text()
    label_en = Text()


class TaskFormAnswer(Answer):
    """A task's form and what it begins with."""

    form = Json(allow_none=True, metadata={"description": "The form file's JSON."})
    data = Json(metadata={"description": "Prefill."})
    draft = Json(allow_none=True)
    options = Json(
        metadata={
            "description": "Field → its choices.",
            "additionalProperties": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "value": {"type": "string"},
                        "label_ar": {"type": "string"},
                        "label_en": {"type": "string"},
                    },
                    "required": ["value", "label_ar", "label_en"],
                },
            },
        }
    )


class Assign(Body):
    """Who shall do the task."""

    assignee = Code(required=True)


class Draft(Body):
    """A form half filled; nothing of it is checked yet."""

    data = Json(required=True)


class Complete(Body):
    """The finished form."""

    revision = Integer(high=2**31 - 1, required=True)
    data = Json(required=True)


class Completion(Answer):
    """The closed task and the caller's next open tasks of the same case."""

    task = Part(TaskAnswer)
    next_tasks = Many(Part(TaskAnswer))


class Correction(Body):
    """A new version of a completed task's data, and why."""

    data = Json(required=True)
    reason = Text(low=1, high=2000, required=True)
