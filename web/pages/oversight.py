"""Oversight: who read whose data, when, and through what."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from engine.records import Paging
from web.context import actor, engine
from web.readings import readings

blueprint = Blueprint("oversight", __name__)

PAGE_SIZE = 50


@blueprint.get("/access-log")
def access_log() -> str:
    """The access log, newest first, of one reader or about one client."""
    reader = request.args.get("reader", "").strip()
    subject = request.args.get("subject", "").strip()
    found = readings(
        engine(),
        actor(),
        Paging(PAGE_SIZE, request.args.get("cursor")),
        reader=reader or None,
        subject=subject or None,
    )
    return render_template(
        "oversight/access_log.html",
        readings=found.items,
        next_cursor=found.next_cursor,
        asked={"reader": reader, "subject": subject},
    )
