"""People: found or looked up, registered once, looked at, changed, sent on their journey."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.commands import IdempotencyKey
from engine.errors import AlreadyExists, Conflict, Invalid, NotFound
from engine.records import Instance
from journey.person_fields import NATIONAL_ID, latin_digits
from journey.records import Person
from web import person_form
from web.context import actor, engine, journey
from web.formats import words
from web.person_changes import person_changes
from web.repeated import new_key, repeat_key
from web.texts import _

blueprint = Blueprint("persons", __name__)
blueprint.add_app_template_global(new_key, "new_key")

PATH = "/persons"


@blueprint.get(PATH)
def index() -> str:
    """The one box to look somebody up in."""
    access.require(actor(), Verb.PERSON_LOOKUP)
    return _page("")


@blueprint.post(PATH)
def search() -> AnyResponse:
    """Who was meant: a whole national id is looked up, everything else searched for."""
    access.require(actor(), Verb.PERSON_LOOKUP)
    asked = request.form.get("q", "").strip()
    if NATIONAL_ID.fullmatch(latin_digits(asked)):
        return _looked_up(asked)
    if len(asked) < 2:
        return _refused(asked, _("Write a name, or a national id of 10 digits."))
    if latin_digits(asked).isdecimal():
        return _refused(asked, _("A national id has 10 digits; these are not 10."))
    found = journey().persons.search(actor(), asked)
    if len(found) == 1:
        return redirect(url_for("persons.show", person_id=found[0].id), 303)
    return make_response(_page(asked, people=found))


@blueprint.post(f"{PATH}/lookup")
def lookup() -> AnyResponse:
    """Whether a national id is registered anywhere."""
    return _looked_up(request.form.get("national_id", ""))


@blueprint.get(f"{PATH}/new")
def new() -> AnyResponse:
    """The form for a new person."""
    access.require(actor(), Verb.PERSON_REGISTER)
    return _form({}, {})


@blueprint.post(f"{PATH}/new")
def create() -> AnyResponse:
    """Register a person; with `begin`, only show the form for the national id just looked up."""
    access.require(actor(), Verb.PERSON_REGISTER)
    if "begin" in request.form:
        return _form({"national_id": latin_digits(request.form.get("national_id", ""))}, {})
    posted = person_form.read_person(request.form)
    if posted.errors:
        return _form(posted.typed, posted.errors, 422)
    try:
        person = journey().persons.create(
            actor(), posted.data, unit=posted.typed["unit"] or None, idempotency=_key("new")
        )
    except AlreadyExists:
        return _looked_up(posted.typed["national_id"], status=409)
    except Invalid as error:
        return _form(posted.typed, person_form.field_errors(error), 422)
    flash(_("%(name)s is registered.", name=_name(person)), "ok")
    return redirect(url_for("persons.show", person_id=person.id), 303)


@blueprint.get(f"{PATH}/<person_id>")
def show(person_id: str) -> str:
    """One person: data, and every time on the journey."""
    person = journey().persons.get(actor(), person_id)
    return render_template(
        "persons/show.html",
        person=person,
        name=_name(person),
        facts=person_form.shown(person.data),
        cycles=journey().cycles.of_person(actor(), person_id),
        may_change=access.may(actor(), Verb.PERSON_CHANGE, person.unit),
        may_see_case=lambda unit: access.may(actor(), Verb.INSTANCE_SEE, unit),
        branches=_own_branches(),
    )


@blueprint.get(f"{PATH}/<person_id>/versions")
def versions(person_id: str) -> str:
    """Every version of a person's data, newest first: who wrote it, when, and what changed."""
    person = journey().persons.get(actor(), person_id)
    found = journey().persons.versions(actor(), person_id)
    return render_template(
        "persons/versions.html", person=person, name=_name(person), changes=person_changes(found)
    )


@blueprint.get(f"{PATH}/<person_id>/edit")
def edit(person_id: str) -> AnyResponse:
    """The form filled in with what is known."""
    person = _changeable(person_id)
    return _form(person_form.filled(person.data), {}, person=person)


@blueprint.post(f"{PATH}/<person_id>/edit")
def change(person_id: str) -> AnyResponse:
    """Write the next version of a person's data."""
    person = _changeable(person_id)
    posted = person_form.read_person(request.form)
    if posted.errors:
        return _form(posted.typed, posted.errors, 422, person)
    version = request.form.get("version", type=int) or person.version
    try:
        journey().persons.update(actor(), person_id, posted.data, version=version)
    except AlreadyExists:
        taken = {"national_id": [_("This national id belongs to somebody else.")]}
        return _form(posted.typed, taken, 409, person)
    except Conflict as error:
        return _form(posted.typed, {"national_id": [words(error.message)]}, 409, person)
    except Invalid as error:
        return _form(posted.typed, person_form.field_errors(error), 422, person)
    flash(_("The data is changed. What it was before is kept."), "ok")
    return redirect(url_for("persons.show", person_id=person_id), 303)


@blueprint.post(f"{PATH}/<person_id>/journeys")
def open_journey(person_id: str) -> AnyResponse:
    """Start the next journey at the own branch, and on to its first task."""
    opened = journey().cycles.open(
        actor(),
        person_id,
        request.form.get("unit") or None,
        idempotency=_key(f"{person_id}/journeys"),
    )
    flash(_("The journey has begun."), "ok")
    return redirect(_first_step(opened), 303)


def _first_step(opened: Instance) -> str:
    """The first task that the actor may do in a case just opened; else the case."""
    waiting = engine().tasks.list(actor(), instance=opened.id).items
    if waiting:
        return url_for("tasks.show", task_id=waiting[0].id)
    return url_for("cases.show", instance_id=opened.id)


def _looked_up(national_id: str, status: int = 200) -> AnyResponse:
    """What is known about a national id: open the person, say where else, or offer to register."""
    asked = latin_digits(national_id)
    if not NATIONAL_ID.fullmatch(asked):
        access.require(actor(), Verb.PERSON_LOOKUP)
        return _refused(asked, _("A national id has 10 digits; these are not 10."))
    try:
        found = journey().persons.lookup(actor(), asked)
    except NotFound:
        return make_response(_page(asked, unknown=asked))
    try:
        person = journey().persons.get(actor(), found.id)
    except NotFound:
        return make_response(_page(asked, found=found, branches=_own_branches()), status)
    if status != 200:
        flash(_("This person is registered already."), "warning")
    return redirect(url_for("persons.show", person_id=person.id), 303)


def _refused(asked: str, message: str) -> AnyResponse:
    return make_response(_page(asked, errors={"q": [message]}), 422)


def _page(asked: str, **answer: Any) -> str:
    """The search page with what was found."""
    return render_template(
        "persons/index.html",
        asked=asked,
        may_register=access.may(actor(), Verb.PERSON_REGISTER),
        **{"errors": {}, **answer},
    )


def _form(
    values: object, errors: object, status: int = 200, person: Person | None = None
) -> AnyResponse:
    page = render_template(
        "persons/form.html",
        values=values,
        errors=errors,
        person=person,
        form=person_form,
        branches=_own_branches(),
    )
    return make_response(page, status)


def _changeable(person_id: str) -> Person:
    person = journey().persons.get(actor(), person_id)
    access.require(actor(), Verb.PERSON_CHANGE, person.unit)
    return person


def _own_branches() -> list[str]:
    """The branches at which the actor may register people and open journeys."""
    return sorted(unit for unit in actor().units if access.may(actor(), Verb.JOURNEY_OPEN, unit))


def _key(scope: str) -> IdempotencyKey | None:
    return repeat_key(engine().keyring, actor(), f"persons/{scope}", request.form)


def _name(person: Person) -> str:
    return f"{person.data.first_name} {person.data.last_name}"
