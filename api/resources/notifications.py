"""Reminders."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine
from api.paging import paging
from api.schemas import notifications as schemas
from api.shapes import page_of

blueprint = Blueprint("notifications", __name__, description="What users were reminded of.")


@blueprint.operation(
    "GET",
    "/notifications",
    query=schemas.NotificationQuery,
    returns=page_of(schemas.NotificationAnswer),
    problems=(403,),
)
def list_notifications(query: dict[str, Any]) -> Any:
    """The caller's reminders, newest first."""
    page = paging(query)
    return engine().notifications.list(actor(), paging=page, **query)


@blueprint.operation(
    "POST",
    "/notifications/<code:notification_id>/read",
    returns=schemas.NotificationAnswer,
    problems=(403,),
)
def read_notification(notification_id: str) -> Any:
    """Mark a reminder as read, for this user only."""
    return engine().notifications.mark_read(actor(), notification_id)
