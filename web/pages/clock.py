"""The simulated clock of training installations; there is no such page on real time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.clock import TIMEZONE
from engine.errors import Invalid
from web.clock_steps import Passed, advance
from web.context import actor, engine, settings
from web.formats import words
from web.person_form import typed_day
from web.step_words import state_name
from web.texts import _

blueprint = Blueprint("clock", __name__)

STEPS = (1, 3, 21)
"""Days that a button advances by."""
_MORNING = time(8, 0)


@blueprint.get("/clock")
def show() -> AnyResponse:
    """What time it is, and how to move it."""
    return _page({})


@blueprint.post("/clock")
def move() -> AnyResponse:
    """Move the clock forward and tell what happened on the way."""
    _require_simulated()
    now = engine().advance.now(actor())
    if request.form.get("seen", now.isoformat()) != now.isoformat():
        return _page({"seen": [_("The clock has moved since this page was shown.")]}, status=409)
    target: datetime | None = None
    delta: timedelta | None = None
    if "to" in request.form:
        day = typed_day(request.form["to"])
        if day is None:
            return _page({"to": [_("Write the date as day/month/year, such as 15/06/2026.")]})
        target = datetime.combine(day, _MORNING, TIMEZONE)
    else:
        days = request.form.get("days", type=int)
        if days not in STEPS:
            return _page({"to": [_("Choose how far the clock shall move.")]})
        delta = timedelta(days=days)
    try:
        passed = advance(engine(), actor(), delta=delta, target=target)
    except Invalid as error:
        told = _("The clock only moves forward.") if target and target < now else ""
        return _page({"to": [told or words(error.message)]})
    return _page({}, passed)


def _page(
    errors: Mapping[str, Sequence[str]], passed: Passed | None = None, status: int = 422
) -> AnyResponse:
    _require_simulated()
    page = render_template(
        "clock/show.html",
        now=engine().advance.now(actor()),
        steps=STEPS,
        typed=request.form,
        errors=errors,
        passed=passed,
        state_name=state_name,
    )
    return make_response(page, status if errors else 200)


def _require_simulated() -> None:
    if not settings().simulated_clock:
        abort(404)
    access.require(actor(), Verb.CLOCK_ADVANCE)
