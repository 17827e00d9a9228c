"""Documents of a case: list, attach, fetch, take back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response

from api.blueprint import Blueprint
from api.context import actor, engine, idempotency
from api.paging import page_of_all
from api.schemas import documents as schemas
from api.shapes import page_of
from api.uploads import DOCUMENT_BODY, read_document

blueprint = Blueprint("documents", __name__, description="Documents of a case.")

CONTENT = "application/octet-stream"


@blueprint.operation(
    "GET",
    "/instances/<code:instance_id>/attachments",
    query=schemas.DocumentQuery,
    returns=page_of(schemas.DocumentAnswer),
    problems=(403, 410),
)
def list_attachments(instance_id: str, query: dict[str, Any]) -> Any:
    """The documents of a case or of one of its tasks, oldest first; noted in the access log."""
    found = engine().attachments.list(actor(), instance_id, query.pop("task", None))
    return page_of_all(found, query, lambda one: one.id)


@blueprint.operation(
    "POST",
    "/instances/<code:instance_id>/attachments",
    returns=schemas.DocumentAnswer,
    status=201,
    problems=(400, 403, 409, 410, 413, 415),
    idempotent=True,
    doc={"requestBody": DOCUMENT_BODY},
)
def add_attachment(instance_id: str) -> Any:
    """Attach a document to a case or to one of its tasks."""
    sent = read_document()
    return engine().attachments.add(
        actor(),
        instance_id,
        filename=sent.filename,
        content=sent.content,
        task_id=sent.task_id,
        note=sent.note,
        idempotency=idempotency(instance_id, sent.body()),
    )


@blueprint.operation(
    "GET",
    "/attachments/<code:attachment_id>",
    returns={"type": "string", "format": "binary"},
    media_type=CONTENT,
    problems=(403, 410),
)
def get_attachment(attachment_id: str) -> Response:
    """A document's content, to be saved; its media type stands in the list. Noted in the access
    log."""
    about, content = engine().attachments.open(actor(), attachment_id)
    name = quote(about.filename, safe="")
    disposition = f"attachment; filename=\"document\"; filename*=UTF-8''{name}"
    return Response(content, content_type=CONTENT, headers={"Content-Disposition": disposition})


@blueprint.operation(
    "POST",
    "/attachments/<code:attachment_id>/withdraw",
    body=schemas.Withdraw,
    returns=schemas.DocumentAnswer,
    problems=(403, 409, 410),
    idempotent=True,
)
def withdraw_attachment(attachment_id: str, body: dict[str, Any]) -> Any:
    """Take back a document that the caller added: its content is destroyed, the case's journal
    keeps that it was there and why it went."""
    return engine().attachments.withdraw(
        actor(), attachment_id, body["reason"], idempotency=idempotency(attachment_id)
    )
