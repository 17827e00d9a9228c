"""Who stands in for whom: a branch head arranges it for the branch, an administrator for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.clock import today
from engine.errors import Invalid
from engine.users import Substitution, User
from journey.records import Unit
from web.context import actor, engine, journey
from web.formats import named, words
from web.person_form import typed_day
from web.texts import _

blueprint = Blueprint("substitutes", __name__)


@dataclass(frozen=True)
class Member:
    """Somebody of a place, and who stands in for them now or later."""

    username: str
    name: str
    standing: tuple[Substitution, ...]


@blueprint.get("/substitutes")
def index() -> str:
    """The people of one place, each with who stands in."""
    access.require(actor(), Verb.SUBSTITUTE_UNIT)
    places = _places()
    chosen = _chosen([unit.code for unit in places])
    people = _people(chosen) if chosen else ()
    standing = engine().identity.users.substitutes_of_unit(actor(), chosen) if chosen else ()
    day = today(engine().clock.now())
    members = [
        Member(
            user.username,
            user.name,
            tuple(one for one in standing if one.username == user.username and one.valid_to >= day),
        )
        for user in people
    ]
    return render_template(
        "users/substitutes.html",
        places=[(unit.code, named(unit)) for unit in places],
        chosen=chosen,
        members=members,
        names={user.username: user.name for user in people},
    )


@blueprint.get("/users/<username>/substitute")
def new(username: str) -> AnyResponse:
    """The form to name a substitute."""
    return _form(username, {})


@blueprint.post("/users/<username>/substitute")
def create(username: str) -> AnyResponse:
    """Let a colleague do somebody's tasks from a day to a day."""
    users = engine().identity.users
    users.possible_substitutes(actor(), username)
    substitute = request.form.get("substitute", "")
    first, last = typed_day(_typed("valid_from")), typed_day(_typed("valid_to"))
    errors: dict[str, list[str]] = {}
    if not substitute:
        errors["substitute"] = [_("Choose a colleague.")]
    for name, value in (("valid_from", first), ("valid_to", last)):
        if value is None:
            errors[name] = [_("Write the day as day/month/year, for example 31/03/2026.")]
    if errors or first is None or last is None:
        return _form(username, errors)
    try:
        users.add_substitute(actor(), username, substitute, first, last)
    except Invalid as error:
        found = {name: [words(text) for text in texts] for name, texts in error.errors.items()}
        return _form(username, found)
    flash(_("It is arranged. The colleague sees and does these tasks in these days."), "ok")
    return redirect(url_for("substitutes.index", unit=_typed("unit") or None), 303)


@blueprint.post("/substitutes/<int(max=2147483647):substitution_id>/end")
def end(substitution_id: int) -> AnyResponse:
    """Take it back at once."""
    engine().identity.users.end_substitute(actor(), substitution_id)
    flash(_("The substitution has ended."), "ok")
    return redirect(url_for("substitutes.index", unit=_typed("unit") or None), 303)


def _form(username: str, errors: Mapping[str, Sequence[str]]) -> AnyResponse:
    """Raises `Forbidden` or `NotFound` where the absence is not the reader's to arrange."""
    access.require(actor(), Verb.SUBSTITUTE_UNIT)
    able = engine().identity.users.possible_substitutes(actor(), username)
    page = render_template(
        "users/substitute.html",
        username=username,
        name=_name(username),
        colleagues=[(one.username, one.name) for one in able],
        unit=request.values.get("unit", ""),
        typed=request.form,
        errors=errors,
        day=_today(),
    )
    return make_response(page, 422 if errors else 200)


def _places() -> list[Unit]:
    """The places whose absences the reader arranges."""
    return [
        unit
        for unit in journey().units.list(actor())
        if access.may(actor(), Verb.SUBSTITUTE_UNIT, unit.code)
    ]


def _chosen(codes: Sequence[str]) -> str:
    asked = request.args.get("unit", "")
    if asked in codes:
        return asked
    own = sorted(actor().units & set(codes))
    return own[0] if own else (codes[0] if codes else "")


def _people(unit: str) -> tuple[User, ...]:
    """Everybody of a place with tasks to leave behind, the reader included."""
    users = engine().identity.users
    found = [*users.colleagues(actor(), unit=unit)]
    if unit in actor().units and access.may(actor(), Verb.TASK_WORK, unit):
        found.insert(0, engine().identity.user_for(actor()))
    return tuple(
        user for user in found if any(Verb.TASK_WORK in access.GRANTS[role] for role in user.roles)
    )


def _name(username: str) -> str:
    """What the person is called, as far as the reader may know."""
    if access.may(actor(), Verb.USERS_MANAGE):
        return engine().identity.users.get(actor(), username).name
    known = {
        user.username: user.name
        for unit in sorted(actor().units)
        for user in engine().identity.users.colleagues(actor(), unit=unit)
    }
    return {**known, actor().username: actor().name}.get(username, username)


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()


def _today() -> date:
    return today(engine().clock.now())
