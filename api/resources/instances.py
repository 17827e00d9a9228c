"""Cases: look, cancel, transfer, history, replay."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine, idempotency
from api.paging import page_of_all, paging
from api.schemas import instances as schemas
from api.shapes import Paged, page_of

blueprint = Blueprint("instances", __name__, description="Cases (process instances).")


@blueprint.operation(
    "GET",
    "/instances",
    query=schemas.InstanceQuery,
    returns=page_of(schemas.InstanceAnswer),
    problems=(403,),
)
def list_instances(query: dict[str, Any]) -> Any:
    """The cases that the caller may see."""
    page = paging(query)
    return engine().cases.list(actor(), paging=page, **query)


@blueprint.operation(
    "GET", "/instances/<code:instance_id>", returns=schemas.InstanceAnswer, problems=(403, 410)
)
def get_instance(instance_id: str) -> Any:
    """One case with its variables, for those who may see them."""
    return engine().cases.get(actor(), instance_id)


@blueprint.operation(
    "POST",
    "/instances/<code:instance_id>/cancel",
    body=schemas.Cancel,
    returns=schemas.InstanceAnswer,
    problems=(403, 409, 410),
    idempotent=True,
)
def cancel_instance(instance_id: str, body: dict[str, Any]) -> Any:
    """End a case by hand."""
    return engine().cases.cancel(
        actor(), instance_id, body["reason"], idempotency=idempotency(instance_id)
    )


@blueprint.operation(
    "POST",
    "/instances/<code:instance_id>/transfer",
    body=schemas.Transfer,
    returns=schemas.InstanceAnswer,
    problems=(403, 409, 410),
    idempotent=True,
)
def transfer_instance(instance_id: str, body: dict[str, Any]) -> Any:
    """Give a case to another unit."""
    return engine().cases.transfer(
        actor(),
        instance_id,
        body["unit"],
        body["reason"],
        idempotency=idempotency(instance_id),
    )


@blueprint.operation(
    "GET",
    "/instances/<code:instance_id>/comments",
    query=Paged,
    returns=page_of(schemas.CommentAnswer),
    problems=(403, 410),
)
def list_comments(instance_id: str, query: dict[str, Any]) -> Any:
    """What colleagues noted about a case, oldest first."""
    found = engine().comments.list(actor(), instance_id)
    return page_of_all(found, query, lambda one: one.id)


@blueprint.operation(
    "POST",
    "/instances/<code:instance_id>/comments",
    body=schemas.NewComment,
    returns=schemas.CommentAnswer,
    status=201,
    problems=(403, 409, 410),
    idempotent=True,
)
def add_comment(instance_id: str, body: dict[str, Any]) -> Any:
    """Note something about a case; it decides nothing and cannot be taken back."""
    return engine().comments.add(
        actor(), instance_id, body["text"], idempotency=idempotency(instance_id)
    )


@blueprint.operation(
    "GET",
    "/instances/<code:instance_id>/calendar",
    query=Paged,
    returns=page_of(schemas.CalendarEntry),
    problems=(403, 410),
)
def get_calendar(instance_id: str, query: dict[str, Any]) -> Any:
    """What was done when in a case, what is under way, and what will come by itself, by day."""
    found = engine().cases.calendar(actor(), instance_id)
    places = {id(entry): number for number, entry in enumerate(found)}
    return page_of_all(found, query, lambda entry: places[id(entry)])


@blueprint.operation(
    "GET",
    "/instances/<code:instance_id>/history",
    query=Paged,
    returns=page_of(schemas.HistoryEntry),
    problems=(403, 410),
)
def get_history(instance_id: str, query: dict[str, Any]) -> Any:
    """The case's journal, oldest first."""
    return engine().history.entries(actor(), instance_id, paging(query))


@blueprint.operation(
    "GET",
    "/instances/<code:instance_id>/replay",
    query=schemas.ReplayQuery,
    returns=schemas.ReplayAnswer,
    problems=(403, 410),
)
def replay_instance(instance_id: str, query: dict[str, Any]) -> Any:
    """The case as it stood after entry `seq`, from recorded events."""
    return engine().history.replay(actor(), instance_id, query.get("seq"))
