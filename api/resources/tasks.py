"""User tasks: the work list, forms, completing."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine, idempotency, language
from api.paging import paging
from api.schemas import tasks as schemas
from api.shapes import page_of

blueprint = Blueprint("tasks", __name__, description="What people have to do.")


@blueprint.operation(
    "GET",
    "/tasks",
    query=schemas.TaskQuery,
    returns=page_of(schemas.TaskAnswer),
)
def list_tasks(query: dict[str, Any]) -> Any:
    """The tasks that the caller may see."""
    page = paging(query)
    return engine().tasks.list(actor(), paging=page, **query)


@blueprint.operation("GET", "/tasks/<code:task_id>", returns=schemas.TaskAnswer)
def get_task(task_id: str) -> Any:
    """One task."""
    return engine().tasks.get(actor(), task_id)


@blueprint.operation(
    "GET", "/tasks/<code:task_id>/form", returns=schemas.TaskFormAnswer, problems=(403, 410)
)
def get_task_form(task_id: str) -> Any:
    """The task's form, its prefill, the caller's draft and the choices of reference fields."""
    return engine().tasks.form(actor(), task_id, language())


@blueprint.operation(
    "POST", "/tasks/<code:task_id>/claim", returns=schemas.TaskAnswer, problems=(403, 409)
)
def claim_task(task_id: str) -> Any:
    """Take the task for oneself; 409 when another has it."""
    return engine().tasks.claim(actor(), task_id)


@blueprint.operation(
    "POST", "/tasks/<code:task_id>/release", returns=schemas.TaskAnswer, problems=(403, 409)
)
def release_task(task_id: str) -> Any:
    """Give the task back to its group."""
    return engine().tasks.release(actor(), task_id)


@blueprint.operation(
    "POST",
    "/tasks/<code:task_id>/assign",
    body=schemas.Assign,
    returns=schemas.TaskAnswer,
    problems=(403, 409),
)
def assign_task(task_id: str, body: dict[str, Any]) -> Any:
    """Hand the task to somebody who may do it."""
    return engine().tasks.assign(actor(), task_id, body["assignee"])


@blueprint.operation(
    "PUT",
    "/tasks/<code:task_id>/draft",
    body=schemas.Draft,
    returns=schemas.TaskAnswer,
    problems=(403, 409, 410),
)
def save_draft(task_id: str, body: dict[str, Any]) -> Any:
    """Keep the form half filled."""
    return engine().tasks.draft(actor(), task_id, body["data"])


@blueprint.operation(
    "POST",
    "/tasks/<code:task_id>/complete",
    body=schemas.Complete,
    returns=schemas.Completion,
    problems=(403, 409, 410),
    idempotent=True,
)
def complete_task(task_id: str, body: dict[str, Any]) -> Any:
    """Finish the task with its form's data; an unclaimed task is claimed by it."""
    return engine().tasks.complete(
        actor(),
        task_id,
        revision=body["revision"],
        data=body["data"],
        idempotency=idempotency(task_id),
        language=language(),
    )


@blueprint.operation(
    "POST",
    "/tasks/<code:task_id>/correct",
    body=schemas.Correction,
    returns=schemas.TaskAnswer,
    problems=(403, 409, 410),
    idempotent=True,
)
def correct_task(task_id: str, body: dict[str, Any]) -> Any:
    """A new version of a completed task's data, with a reason."""
    return engine().tasks.correct(
        actor(),
        task_id,
        body["data"],
        body["reason"],
        idempotency=idempotency(task_id),
        language=language(),
    )
