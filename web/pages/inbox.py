"""Reminders: what a deadline or a partner has brought, first those that still ask for something."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.notifications import Notification
from engine.records import Paging
from web.context import actor, engine
from web.texts import _

blueprint = Blueprint("inbox", __name__)

PAGE_SIZE = 30
_MOST = Paging(200)


@blueprint.get("/notifications")
def index() -> str:
    """The new ones, then those that were read or settled by the work of others."""
    notifications = engine().notifications
    cursor = request.args.get("cursor") or None
    page = notifications.list(actor(), Paging(PAGE_SIZE, cursor))
    return render_template(
        "inbox/index.html",
        fresh=() if cursor else notifications.list(actor(), _MOST, unread=True).items,
        earlier=[one for one in page.items if one.read_at or one.settled],
        next_cursor=page.next_cursor,
        cursor=cursor,
        target=_target,
    )


@blueprint.post("/notifications/<notification_id>/read")
def read(notification_id: str) -> AnyResponse:
    """Note that it was read, and go to what it is about."""
    found = engine().notifications.mark_read(actor(), notification_id)
    return redirect(_target(found) or url_for("inbox.index"))


@blueprint.post("/notifications/read")
def read_all() -> AnyResponse:
    """Note that all were read."""
    engine().notifications.mark_all_read(actor())
    flash(_("All reminders are marked as read."), "ok")
    return redirect(url_for("inbox.index"))


def _target(one: Notification) -> str:
    """The page of what a reminder is about, where the reader has one: the task while it waits."""
    if one.task_id is not None and not one.settled:
        return url_for("tasks.show", task_id=one.task_id)
    if one.instance_id is not None and access.may(actor(), Verb.INSTANCE_SEE, one.unit):
        return url_for("cases.show", instance_id=one.instance_id)
    return ""
