"""Cases that stand still because something failed, and trying them again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.records import Paging
from web.context import actor, engine
from web.incident_words import shown
from web.texts import _

blueprint = Blueprint("incidents", __name__)

PAGE_SIZE = 50


@blueprint.get("/incidents")
def index() -> str:
    """What stands still now, or what was cleared; newest first."""
    access.require(actor(), Verb.INCIDENT_RETRY)
    cleared = request.args.get("state") == "resolved"
    found = engine().incidents.list(
        actor(),
        state="resolved" if cleared else "open",
        paging=Paging(PAGE_SIZE, request.args.get("cursor")),
    )
    return render_template(
        "incidents/index.html",
        incidents=shown(engine(), actor(), found.items),
        next_cursor=found.next_cursor,
        cleared=cleared,
    )


@blueprint.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> AnyResponse:
    """Let the case try again where it stands, and say what came of it."""
    tried = engine().incidents.retry(actor(), incident_id)
    still = engine().incidents.list(actor(), instance=tried.instance_id).items
    if still:
        flash(_("It was tried again and failed again. The cause is still there."), "warning")
    else:
        flash(_("It worked: the case goes on."), "ok")
    return redirect(url_for("incidents.index"), 303)
