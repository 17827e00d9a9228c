"""The registers that referrals are made to: services, institutions, vacancies, employers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.commands import IdempotencyKey
from engine.errors import AlreadyExists, Conflict, Forbidden, Invalid
from engine.records import Paging
from journey.records import RegistryRow
from web import register_form
from web.context import actor, engine
from web.formats import words
from web.person_form import typed_day
from web.register_form import Typed
from web.register_history import Change
from web.register_page import changeable, changes_of, facts_of, row_of, words_of
from web.registers import (
    REGISTERS,
    Register,
    completed,
    fresh,
    offers_adding,
    offers_change,
)
from web.repeated import repeat_key
from web.texts import _

blueprint = Blueprint("catalogue", __name__)

PAGE_SIZE = 50


def index(register: str) -> str:
    """The rows that hold today, or all of them, those that fit the filters."""
    kept = REGISTERS[register]
    filters = {name: kept.field(name) for name in kept.filters}
    wanted: dict[str, Any] = {
        name: value
        for name, asked in filters.items()
        if (value := request.args.get(name, "")) in asked.named()
    }
    every = request.args.get("all") == "1"
    page = kept.verbs().list(
        actor(),
        all_dates=every,
        paging=Paging(PAGE_SIZE, request.args.get("cursor")),
        **wanted,
    )
    return render_template(
        "catalogue/index.html",
        rows=page.items,
        next_cursor=page.next_cursor,
        wanted=wanted,
        every=every,
        may_add=offers_adding(kept, actor()),
        may_edit=access.may(actor(), kept.rights.edit),
        **words_of(kept),
    )


def show(register: str, row_id: str) -> str:
    """One row with everything that is known of it."""
    kept = REGISTERS[register]
    row = row_of(kept, row_id)
    return render_template(
        "catalogue/show.html",
        row=row,
        facts=facts_of(kept, row),
        may_change=offers_change(kept, row, actor()),
        errors={},
        **words_of(kept),
    )


def new(register: str) -> AnyResponse:
    """The form for a new row."""
    kept = REGISTERS[register]
    access.require(actor(), kept.add_verb)
    return _form(kept, None, fresh(kept, actor(), request.args), {})


def create(register: str) -> AnyResponse:
    """Add a row; who may only propose adds a proposal."""
    kept = REGISTERS[register]
    access.require(actor(), kept.add_verb)
    posted = register_form.read(kept.of_form(new=True), request.form)
    if posted.errors:
        return _form(kept, None, posted.typed, posted.errors, 422)
    values = completed(kept, posted.values, new=True)
    try:
        row = kept.verbs().create(actor(), values, idempotency=_key(register))
    except AlreadyExists as error:
        taken = "employer_ssc_number" if register == "employers" else "id"
        return _form(kept, None, posted.typed, {taken: [words(error.message)]}, 409)
    except Invalid as error:
        return _form(kept, None, posted.typed, _field_errors(error), 422)
    except Forbidden as error:
        return _form(kept, None, posted.typed, {_place(kept): [words(error.message)]}, 403)
    if row.values.get("entry_status") == "draft":
        flash(_("The service is proposed. It is offered once somebody accepts it."), "ok")
    else:
        flash(kept.added, "ok")
    return redirect(url_for("catalogue.show", register=register, row_id=row.id), 303)


def edit(register: str, row_id: str) -> AnyResponse:
    """The form filled in with what is known."""
    kept = REGISTERS[register]
    row = changeable(kept, row_id)
    return _form(kept, row, register_form.filled(kept.of_form(new=False), row), {})


def change(register: str, row_id: str) -> AnyResponse:
    """Change a row, unless somebody else changed it meanwhile."""
    kept = REGISTERS[register]
    row = changeable(kept, row_id)
    posted = register_form.read(kept.of_form(new=False), request.form)
    if posted.errors:
        return _form(kept, row, posted.typed, posted.errors, 422)
    values = completed(kept, posted.values, new=False)
    revision = _revision(row.revision)
    try:
        kept.verbs().update(actor(), row_id, values, revision=revision)
    except AlreadyExists as error:
        taken = {"employer_ssc_number": [words(error.message)]}
        return _form(kept, row, posted.typed, taken, 409)
    except Conflict:
        return _overtaken(kept, row_id, posted.typed, revision)
    except Invalid as error:
        return _form(kept, row, posted.typed, _field_errors(error), 422)
    except Forbidden as error:
        return _form(kept, row, posted.typed, {_place(kept): [words(error.message)]}, 403)
    flash(kept.changed, "ok")
    return redirect(url_for("catalogue.show", register=register, row_id=row_id), 303)


def end(register: str, row_id: str) -> AnyResponse:
    """Say which day was the last; nothing is ever deleted."""
    kept = REGISTERS[register]
    row = changeable(kept, row_id)
    last = typed_day(request.form.get("valid_to", ""))
    errors: Mapping[str, Sequence[str]] = {}
    if last is None:
        errors = {"valid_to": [_("Write the date as day/month/year, such as 15/06/2026.")]}
    elif last < row.valid_from:
        errors = {"valid_to": [_("The last day cannot lie before the first.")]}
    if errors:
        page = render_template(
            "catalogue/show.html",
            row=row,
            facts=facts_of(kept, row),
            may_change=True,
            errors=errors,
            **words_of(kept),
        )
        return make_response(page, 422)
    revision = _revision(row.revision)
    kept.verbs().update(actor(), row_id, {"valid_to": last}, revision=revision)
    flash(_("The last day is set. Everything that was referred there stays."), "ok")
    return redirect(url_for("catalogue.show", register=register, row_id=row_id), 303)


@blueprint.post("/catalogue/<row_id>/accept")
def accept(row_id: str) -> AnyResponse:
    """Make a proposed service one that referrals can be made to."""
    kept = REGISTERS["catalogue"]
    row = changeable(kept, row_id)
    kept.verbs().update(actor(), row_id, {"entry_status": "active"}, revision=row.revision)
    flash(_("The proposal is accepted: referrals can be made to this service now."), "ok")
    return redirect(url_for("catalogue.show", register="catalogue", row_id=row_id), 303)


def history(register: str, row_id: str) -> str:
    """Every change of a row, newest first."""
    kept = REGISTERS[register]
    row = row_of(kept, row_id)
    return render_template(
        "catalogue/history.html", row=row, changes=changes_of(kept, row), **words_of(kept)
    )


for _register in REGISTERS:
    for _rule, _name, _view, _method in (
        ("", "index", index, "GET"),
        ("/new", "new", new, "GET"),
        ("/new", "create", create, "POST"),
        ("/<row_id>", "show", show, "GET"),
        ("/<row_id>/edit", "edit", edit, "GET"),
        ("/<row_id>/edit", "change", change, "POST"),
        ("/<row_id>/end", "end", end, "POST"),
        ("/<row_id>/history", "history", history, "GET"),
    ):
        blueprint.add_url_rule(
            f"/{_register}{_rule}",
            _name,
            _view,
            methods=[_method],
            defaults={"register": _register},
        )


def _overtaken(register: Register, row_id: str, typed: Typed, seen: int) -> AnyResponse:
    """The form again, above it who changed what since it was read; sent again it is saved."""
    row = row_of(register, row_id)
    since = [change for change in changes_of(register, row) if change.revision > seen]
    return _form(register, row, typed, {}, 409, since)


def _form(  # noqa: PLR0917  the parts of one page
    register: Register,
    row: RegistryRow | None,
    typed: Typed,
    errors: Mapping[str, Sequence[str]],
    status: int = 200,
    since: Sequence[Change] = (),
) -> AnyResponse:
    page = render_template(
        "catalogue/form.html",
        row=row,
        asked=register.of_form(new=row is None),
        typed=typed,
        errors=errors,
        since=since,
        proposes=not access.may(actor(), register.rights.edit),
        **words_of(register),
    )
    return make_response(page, status)


def _place(register: Register) -> str:
    """The field that says whose a row is: what to change where an account may not add it."""
    return {"catalogue": "sites", "vacancies": "mol_unit"}.get(register.key, register.asked[0].name)


def _field_errors(error: Invalid) -> dict[str, list[str]]:
    return {name: [words(text) for text in texts] for name, texts in error.errors.items()}


def _key(register: str) -> IdempotencyKey | None:
    return repeat_key(engine().keyring, actor(), f"{register}/new", request.form)


def _revision(now: int) -> int:
    """Which state of the row the page showed; one that no row can have is out of date."""
    told = request.form.get("revision", type=int) or now
    return told if 0 < told <= now else 0
