"""Places where people work, who is paired with whom, and visits of headquarters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.clock import today
from engine.errors import Invalid, NotFound
from engine.records import Role
from web.context import actor, engine, journey
from web.formats import words
from web.person_form import typed_day
from web.registers import REGISTERS
from web.repeated import new_key, repeat_key
from web.texts import _, lazy

blueprint = Blueprint("units", __name__)

KINDS = (
    ("hq", lazy("Headquarters")),
    ("naf", lazy("Branches of the Fund")),
    ("mol", lazy("Employment offices of the Ministry of Labour")),
    ("provider", lazy("Institutions that serve clients")),
)
_LONGEST_NOTE = 2000


@blueprint.get("/units")
def index() -> AnyResponse:
    """Every place by its kind; headquarters records its visits here."""
    return _page({})


@blueprint.post("/units/visits")
def record_visit() -> AnyResponse:
    """Record that headquarters visited an office."""
    access.require(actor(), Verb.UNIT_SEE)
    unit = request.form.get("unit", "")
    visited_on = typed_day(request.form.get("visited_on", ""))
    note = request.form.get("note", "").strip()
    errors: dict[str, list[str]] = {}
    if visited_on is None:
        errors["visited_on"] = [_("Write the date as day/month/year, such as 15/06/2026.")]
    if not unit:
        errors["unit"] = [_("Choose the office.")]
    if len(note) > _LONGEST_NOTE:
        errors["note"] = [_("Please write less.")]
    if _may_record() and (errors or visited_on is None):
        return _page(errors)
    key = repeat_key(engine().keyring, actor(), "units/visits", request.form)
    day = visited_on or today(engine().clock.now())
    try:
        journey().units.record_visit(actor(), unit, day, note or None, idempotency=key)
    except NotFound:
        return _page({"unit": [_("Choose the office.")]})
    except Invalid as error:
        found = {name: [words(text) for text in texts] for name, texts in error.errors.items()}
        return _page(found)
    flash(_("The visit is recorded. It counts in the table of offices."), "ok")
    return redirect(url_for("units.index"), 303)


def _page(errors: Mapping[str, Sequence[str]]) -> AnyResponse:
    found = journey().units.list(actor())
    page = render_template(
        "units/index.html",
        kinds=[(words, [unit for unit in found if unit.kind == kind]) for kind, words in KINDS],
        offices=[unit for unit in found if unit.kind in ("naf", "mol")],
        registers=REGISTERS,
        may_record=_may_record(),
        may_manage=access.may(actor(), Verb.USERS_MANAGE),
        may_substitute=access.may(actor(), Verb.SUBSTITUTE_UNIT),
        sees_registers=access.may(actor(), Verb.CATALOGUE_SEE),
        typed=request.form,
        errors=errors,
        day=today(engine().clock.now()),
        new_key=new_key,
    )
    return make_response(page, 422 if errors else 200)


def _may_record() -> bool:
    """Whether the form is offered; the verb decides."""
    return actor().is_(Role.HQ_COORDINATOR)
