"""Being away: who does one's tasks meanwhile; a branch head sees and ends it for the branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.errors import Invalid
from engine.users import Substitution
from forms.typed import read_day
from web.context import actor, engine
from web.formats import words
from web.texts import _

blueprint = Blueprint("absence", __name__)


@dataclass(frozen=True)
class Standing:
    """One substitution with names."""

    substitution: Substitution
    absent: str
    stands_in: str


@blueprint.get("/absence")
def index() -> AnyResponse:
    """Who stands in for whom, and the form to say so."""
    return _page({})


@blueprint.post("/absence")
def add() -> AnyResponse:
    """Name a colleague for one's own absence."""
    first, last = _day("valid_from"), _day("valid_to")
    substitute = request.form.get("substitute", "")
    errors: dict[str, list[str]] = {}
    if not substitute:
        errors["substitute"] = [_("Choose a colleague.")]
    for name, value in (("valid_from", first), ("valid_to", last)):
        if value is None:
            errors[name] = [_("Write the day as day/month/year, for example 31/03/2026.")]
    if errors or first is None or last is None:
        return _page(errors)
    try:
        engine().identity.users.add_substitute(actor(), actor().username, substitute, first, last)
    except Invalid as error:
        return _page(
            {name: [words(text) for text in texts] for name, texts in error.errors.items()}
        )
    flash(_("Your colleague sees and does your tasks in these days."), "ok")
    return redirect(url_for("absence.index"))


@blueprint.post("/absence/<int(max=2147483647):substitution_id>/end")
def end(substitution_id: int) -> AnyResponse:
    """Take it back at once."""
    engine().identity.users.end_substitute(actor(), substitution_id)
    flash(_("The substitution has ended."), "ok")
    return redirect(url_for("absence.index"))


def _page(errors: dict[str, list[str]]) -> AnyResponse:
    """Raises `Forbidden` for who has no tasks to leave behind."""
    access.require(actor(), Verb.SUBSTITUTE_OWN)
    users = engine().identity.users
    own = users.substitutes(actor(), actor().username)
    others: list[Substitution] = []
    if access.may(actor(), Verb.SUBSTITUTE_UNIT):
        for unit in sorted(actor().units):
            others += [
                one
                for one in users.substitutes_of_unit(actor(), unit)
                if one.username != actor().username and one not in others
            ]
    colleagues = users.possible_substitutes(actor(), actor().username)
    names = {one.username: one.name for unit in sorted(actor().units)
             for one in users.colleagues(actor(), unit=unit)}  # fmt: skip
    names[actor().username] = actor().name
    names |= {one.username: one.name for one in colleagues}

    def named(found: Substitution) -> Standing:
        return Standing(
            found,
            names.get(found.username, found.username),
            names.get(found.substitute, found.substitute),
        )

    page = render_template(
        "absence/index.html",
        own=[named(one) for one in own],
        others=[named(one) for one in others],
        colleagues=[(one.username, one.name) for one in colleagues],
        typed=request.form,
        errors=errors,
    )
    return make_response(page, 422 if errors else 200)


def _day(name: str) -> date | None:
    """The day as typed, or None."""
    read = read_day(request.form.get(name, ""))
    try:
        return date.fromisoformat(read or "")
    except ValueError:
        return None
