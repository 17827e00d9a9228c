"""Cases: the list, one case with everything known about it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote

import segno
from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.attachments import ACCEPT
from engine.clock import TIMEZONE
from engine.commands import IdempotencyKey
from engine.errors import Conflict, Invalid
from engine.records import Instance, InstanceState, Paging
from web import case_words
from web.case_page import case_page, is_running
from web.context import actor, engine, journey, signed_in
from web.formats import words
from web.person_form import shown, typed_day
from web.repeated import repeat_key
from web.texts import _

blueprint = Blueprint("cases", __name__)
case_words.register(blueprint)

PATH = "/cases/<instance_id>"
PAGE_SIZE = 50
_VERBS = {"cancel": Verb.INSTANCE_CANCEL, "transfer": Verb.INSTANCE_TRANSFER}
Errors = Mapping[str, Sequence[str]]


@blueprint.get("/cases")
def index() -> str:
    """The cases that the reader may see, newest first, by filters."""
    asked = {name: request.args.get(name, "") for name in ("process", "state", "unit", "number")}
    found = engine().cases.list(
        actor(),
        process=asked["process"] or None,
        state=InstanceState(asked["state"]) if asked["state"] in set(InstanceState) else None,
        unit=asked["unit"] or None,
        business_key=asked["number"].strip().upper() or None,
        paging=Paging(PAGE_SIZE, request.args.get("cursor")),
    )
    readable = access.may(actor(), Verb.PROCESS_SEE)
    processes = engine().deployments.names(actor()) if readable else {}
    return render_template(
        "cases/index.html",
        cases=found.items,
        next_cursor=found.next_cursor,
        names=journey().persons.names_for_cases(actor(), found.items),
        asked=asked,
        filtered=any(asked.values()),
        processes=processes,
        states=list(InstanceState),
        units=_units_of_cases(),
    )


@blueprint.get(PATH)
def show(instance_id: str) -> AnyResponse:
    """One case."""
    return _page(instance_id)


@blueprint.get(f"{PATH}/diagram")
def diagram(instance_id: str) -> AnyResponse:
    """The diagram with the place where the case stands: the last step of its history."""
    engine().cases.get(actor(), instance_id)
    return redirect(url_for("history.show", instance_id=instance_id))


@blueprint.post(f"{PATH}/comments")
def comment(instance_id: str) -> AnyResponse:
    """Add a comment."""
    text = request.form.get("text", "")
    try:
        engine().comments.add(
            actor(), instance_id, text, idempotency=_key(f"{instance_id}/comments")
        )
    except Invalid as error:
        return _page(instance_id, 422, errors=_by_field(error), typed={"text": text})
    flash(_("The comment is saved."), "ok")
    return redirect(url_for("cases.show", instance_id=instance_id, _anchor="comments"), 303)


@blueprint.post(f"{PATH}/attachments")
def attach(instance_id: str) -> AnyResponse:
    """Add a document to the case or to one of its tasks."""
    sent = request.files.get("file")
    note = request.form.get("note", "")
    try:
        if sent is None or not sent.filename:
            # The verb would refuse it too, but for being empty.
            case = engine().cases.get(actor(), instance_id)
            access.require(actor(), Verb.ATTACHMENT_ADD, case.unit)
            missing = {"file": [_("Choose a file first.")]}
            return _page(instance_id, 422, errors=missing, typed={"note": note})
        engine().attachments.add(
            actor(),
            instance_id,
            filename=sent.filename,
            content=sent.read(),
            task_id=request.form.get("task_id") or None,
            note=note,
            idempotency=_key(f"{instance_id}/attachments"),
        )
    except Invalid as error:
        return _page(instance_id, 422, errors=_by_field(error), typed={"note": note})
    except Conflict as error:
        full = {"file": [words(error.message)]}
        return _page(instance_id, 409, errors=full, typed={"note": note})
    flash(_("The document is saved."), "ok")
    return redirect(url_for("cases.show", instance_id=instance_id, _anchor="documents"), 303)


@blueprint.get("/attachments/<attachment_id>")
def download(attachment_id: str) -> Response:
    """A document, to be saved; no browser may show it as a page of ours."""
    about, content = engine().attachments.open(actor(), attachment_id)
    g.csp = {"sandbox": "", "script-src": "'none'", "style-src": "'none'"}
    response = Response(content, mimetype=about.media_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"document\"; filename*=UTF-8''{quote(about.filename, safe='')}"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.post(f"{PATH}/links")
def issue_link(instance_id: str) -> AnyResponse:
    """Make a link for a provider without an account; it is shown this once."""
    until = request.form.get("valid_until", "").strip()
    last = typed_day(until)
    try:
        if until and last is None:
            wrong = {"valid_until": [_("Write the date as day/month/year, such as 15/06/2026.")]}
            return _page(instance_id, 422, errors=wrong, typed={"valid_until": until})
        link, token = engine().links.issue(
            actor(), request.form.get("task_id", ""), _end_of(last) if last else None
        )
    except Invalid as error:
        return _page(instance_id, 422, errors=_by_field(error), typed={"valid_until": until})
    address = f"{request.url_root}r/{token}"
    return make_response(
        render_template(
            "cases/link.html",
            instance_id=link.instance_id,
            link=link,
            address=address,
            code=_code(address),
        )
    )


@blueprint.post(f"{PATH}/links/<link_id>/revoke")
def revoke_link(instance_id: str, link_id: str) -> AnyResponse:
    """Withdraw a link."""
    link = engine().links.revoke(actor(), link_id)
    flash(_("The link no longer works."), "ok")
    return redirect(url_for("cases.show", instance_id=link.instance_id, _anchor="links"), 303)


@blueprint.get(f"{PATH}/cancel")
def ask_cancel(instance_id: str) -> AnyResponse:
    """Why the case is ended."""
    return _ask(instance_id, "cancel")


@blueprint.post(f"{PATH}/cancel")
def cancel(instance_id: str) -> AnyResponse:
    """End the case by hand."""
    reason = request.form.get("reason", "")
    try:
        engine().cases.cancel(
            actor(), instance_id, reason, idempotency=_key(f"{instance_id}/cancel")
        )
    except Invalid as error:
        typed = {"reason": reason}
        return _ask(instance_id, "cancel", 422, _by_field(error), typed)
    flash(_("The case is ended."), "ok")
    return redirect(url_for("cases.show", instance_id=instance_id), 303)


@blueprint.get(f"{PATH}/transfer")
def ask_transfer(instance_id: str) -> AnyResponse:
    """Where the case goes, and why."""
    return _ask(instance_id, "transfer")


@blueprint.post(f"{PATH}/transfer")
def transfer(instance_id: str) -> AnyResponse:
    """Hand the case over to another branch."""
    unit, reason = request.form.get("unit", ""), request.form.get("reason", "")
    try:
        moved = engine().cases.transfer(
            actor(), instance_id, unit, reason, idempotency=_key(f"{instance_id}/transfer")
        )
    except Invalid as error:
        typed = {"unit": unit, "reason": reason}
        return _ask(instance_id, "transfer", 422, _by_field(error), typed)
    flash(_("The case is handed over."), "ok")
    still_seen = access.may(actor(), Verb.INSTANCE_SEE, moved.unit)
    there = url_for("cases.show", instance_id=instance_id)
    return redirect(there if still_seen else url_for("cases.index"), 303)


def _page(
    instance_id: str,
    status: int = 200,
    errors: Errors | None = None,
    typed: Mapping[str, str] | None = None,
) -> AnyResponse:
    found = case_page(engine(), journey(), actor(), instance_id)
    page = render_template(
        "cases/show.html",
        page=found,
        facts=shown(found.person.data) if found.person else [],
        may_see_case=lambda unit: access.may(actor(), Verb.INSTANCE_SEE, unit),
        may_change=found.person is not None
        and access.may(actor(), Verb.PERSON_CHANGE, found.person.unit),
        accept=ACCEPT,
        most_bytes=engine().attachments.max_bytes,
        errors=errors or {},
        typed=typed or {},
        now=engine().clock.now(),
    )
    return make_response(page, status)


def _ask(
    instance_id: str,
    what: str,
    status: int = 200,
    errors: Errors | None = None,
    typed: Mapping[str, str] | None = None,
) -> AnyResponse:
    """The page that asks before a case is ended or handed over."""
    case = engine().cases.get(actor(), instance_id)
    access.require(actor(), _VERBS[what], case.unit)
    branches = [unit for unit in journey().units.list(actor(), "naf") if unit.code != case.unit]
    page = render_template(
        f"cases/{what}.html",
        case=case,
        running=is_running(case),
        name=_name(case),
        branches=branches,
        errors=errors or {},
        typed=typed or {},
    )
    return make_response(page, status)


def _name(case: Instance) -> str:
    return journey().persons.names_for_cases(actor(), [case]).get(case.id, "")


def _units_of_cases() -> list[Any]:
    """The branches to choose from, for those who see more than one."""
    reader = signed_in()
    if reader is None or not access.may(reader, Verb.UNIT_SEE):
        return []
    branches = journey().units.list(reader, "naf")
    seen = [unit for unit in branches if access.may(reader, Verb.INSTANCE_SEE, unit.code)]
    return seen if len(seen) > 1 else []


def _by_field(error: Invalid) -> dict[str, list[str]]:
    return {name: [words(text) for text in texts] for name, texts in error.errors.items()}


def _key(scope: str) -> IdempotencyKey | None:
    return repeat_key(engine().keyring, actor(), f"cases/{scope}", request.form)


def _code(address: str) -> Markup:
    """A code for the camera of a telephone; readable when a quarter of it is creased."""
    drawn = segno.make_qr(address, error="q").svg_inline(omitsize=True, border=2)
    return Markup(drawn)  # noqa: S704 - a drawing of squares, no text in it


def _end_of(day: date) -> datetime:
    """The link holds through the whole day."""
    return datetime.combine(day, time(23, 59, 59), TIMEZONE)
