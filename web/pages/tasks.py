"""Tasks: the work list, one task with its form, taking, giving back, handing over, correcting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.commands import IdempotencyKey
from engine.completion import Completion
from engine.errors import Conflict, Invalid, KeyReused
from forms import FormView, read_posted
from web.context import actor, engine, journey, language
from web.formats import clock_time, words
from web.repeated import new_key, repeat_key
from web.task_list import Wanted, work_list
from web.task_page import CONFIRMED, REVISION, OpenedTask, next_task, open_task, proposal_of
from web.texts import _

blueprint = Blueprint("tasks", __name__)

SAVE = "_save"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@blueprint.get("/tasks")
def index() -> str:
    """What there is to do: the one next thing, then the list."""
    wanted = Wanted(
        scope=_one_of(request.args.get("scope"), "mine", "unit"),
        due=_one_of(request.args.get("due"), "overdue", "week"),
        element=request.args.get("element", ""),
        cursor=request.args.get("cursor") or None,
    )
    return _list(wanted)


@blueprint.post("/tasks/search")
def search() -> str:
    """Tasks by name of the client, national id or journey number; none of it is in an address."""
    return _list(
        Wanted(
            scope="unit",
            q=request.form.get("q", "").strip()[:200],
            cursor=request.form.get("cursor") or None,
        )
    )


@blueprint.get("/q/<task_id>")
def from_paper(task_id: str) -> AnyResponse:
    """Where the QR code of a printed form leads: to its task, to be entered."""
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.get("/tasks/<task_id>")
def show(task_id: str) -> AnyResponse:
    """One task: its form to fill in, or what was answered."""
    opened = _open(task_id)
    return _page(opened, opened.view())


@blueprint.post("/tasks/<task_id>")
def complete(task_id: str) -> AnyResponse:
    """Hand the form in, keep it for later, or ask for it again with a row more or less."""
    opened = _open(task_id)
    posted = opened.read(request.form)
    if posted.redraw:
        return _page(opened, opened.view(posted.data))
    try:
        if SAVE in request.form:
            engine().tasks.draft(actor(), task_id, posted.data)
            flash(_("Saved. You can go on later; nothing has been sent yet."), "ok")
            return redirect(url_for("tasks.show", task_id=task_id))
        unusual = {} if CONFIRMED in request.form else opened.unusual(posted.data)
        if unusual:
            view = opened.view(posted.data, warnings=unusual)
            return _page(opened, view, unusual=True, status=422)
        done = engine().tasks.complete(
            actor(),
            task_id,
            revision=request.form.get(REVISION, type=int) or 0,
            data=posted.data,
            idempotency=_key("complete", task_id),
            language=language(),
        )
    except Invalid as error:
        return _page(opened, opened.view(posted.data, errors=_said(error)), status=422)
    except (Conflict, KeyReused) as error:
        return _overtaken(task_id, words(error.message), posted.data)
    return _go_on(opened, done)


@blueprint.put("/tasks/<task_id>/draft")
def draft(task_id: str) -> AnyResponse:
    """Keep what was typed so far: the page's own form, sent while one types. Only the blank form
    is looked at, which tells nothing about anybody."""
    if request.mimetype not in FORM_TYPES:
        abort(415)  # read as a form it would be empty, and would wipe what was saved
    form = engine().tasks.blank_form(actor(), task_id)
    now = engine().clock.now()
    typed = {} if form is None else read_posted(form, request.form, now=now).data
    engine().tasks.draft(actor(), task_id, typed)
    return Response(status=204, headers={"X-Saved-At": clock_time(now)})


@blueprint.post("/tasks/<task_id>/visibility")
def visibility(task_id: str) -> AnyResponse:
    """Which questions the answers so far hide and require."""
    opened = _open(task_id)
    if opened.form is None:
        return jsonify({"hidden": [], "required": []})
    seen = opened.asked({**opened.shown.data, **opened.read(request.form).data})
    return jsonify({"hidden": sorted(seen.hidden), "required": sorted(seen.required)})


@blueprint.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> AnyResponse:
    """Take the task, so that colleagues see that somebody is at it."""
    engine().tasks.claim(actor(), task_id)
    flash(_("This task is yours now."), "ok")
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<task_id>/release")
def release(task_id: str) -> AnyResponse:
    """Give the task back, so that any colleague can take it."""
    engine().tasks.release(actor(), task_id)
    flash(_("The task is free again. Any colleague can take it."), "ok")
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<task_id>/assign")
def assign(task_id: str) -> AnyResponse:
    """Hand the task over to a colleague."""
    assignee = request.form.get("assignee", "")
    try:
        engine().tasks.assign(actor(), task_id, assignee)
    except Invalid as error:
        flash(" ".join(text for texts in _said(error).values() for text in texts), "error")
        return redirect(url_for("tasks.show", task_id=task_id))
    flash(_("The task has been handed over."), "ok")
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.get("/tasks/<task_id>/correct")
def correct(task_id: str) -> AnyResponse:
    """The finished form once more, to be corrected with a reason."""
    opened = _open(task_id)
    access.require(actor(), Verb.TASK_CORRECT, opened.task.unit, "The task")
    if not opened.may_correct:
        return redirect(url_for("tasks.show", task_id=task_id))
    return _correction(opened, opened.view(correcting=True))


@blueprint.post("/tasks/<task_id>/correct")
def store_correction(task_id: str) -> AnyResponse:
    """Accept the corrected answers as a new version."""
    opened = _open(task_id)
    posted = opened.read(request.form)
    if posted.redraw:
        return _correction(opened, opened.view(posted.data, correcting=True))
    reason = request.form.get("reason", "")
    try:
        engine().tasks.correct(
            actor(),
            task_id,
            posted.data,
            reason,
            idempotency=_key("correct", task_id),
            language=language(),
        )
    except Invalid as error:
        said = _said(error)
        about_reason = said.pop("reason", [])
        view = opened.view(posted.data, errors=said, correcting=True)
        return _correction(opened, view, reason_errors=about_reason, status=422)
    flash(_("Your correction is saved. The earlier answers are kept."), "ok")
    return redirect(url_for("tasks.show", task_id=task_id))


def _key(verb: str, task_id: str) -> IdempotencyKey | None:
    return repeat_key(engine().keyring, actor(), f"tasks.{verb} {task_id}", request.form)


def _open(task_id: str) -> OpenedTask:
    return open_task(engine(), journey(), actor(), task_id, language())


def _list(wanted: Wanted) -> str:
    found = work_list(engine(), journey(), actor(), wanted)
    return render_template("tasks/index.html", work=found, wanted=found.wanted)


def _page(
    opened: OpenedTask, view: FormView | None, *, unusual: bool = False, status: int = 200
) -> AnyResponse:
    proposal, rest = (None, None) if view is None else proposal_of(view)
    page = render_template(
        "tasks/show.html",
        opened=opened,
        task=opened.task,
        title=words(opened.words.name),
        purpose=words(opened.words.purpose),
        view=rest if opened.may_fill else view,
        proposal=proposal if opened.may_fill else None,
        unusual=unusual,
        versions=opened.versions(),
        colleagues=_colleagues(opened),
        key=new_key(),
    )
    return make_response(page, status)


def _correction(
    opened: OpenedTask,
    view: FormView | None,
    *,
    reason_errors: list[str] | None = None,
    status: int = 200,
) -> AnyResponse:
    page = render_template(
        "tasks/correct.html",
        opened=opened,
        task=opened.task,
        title=words(opened.words.name),
        view=view,
        reason=request.form.get("reason", ""),
        errors={"reason": reason_errors} if reason_errors else {},
        key=new_key(),
    )
    return make_response(page, status)


def _overtaken(task_id: str, message: str, typed: Mapping[str, Any]) -> AnyResponse:
    """Somebody else was first. Nothing that was typed is lost: where the task is still there to
    be done it stands in the form again, else it can be read and copied."""
    opened = _open(task_id)
    if opened.may_fill:
        flash(_("%(what)s Your answers are below. Check them and send again.", what=message),
              "warning")  # fmt: skip
        return _page(opened, opened.view(typed), status=409)
    page = render_template(
        "tasks/overtaken.html",
        opened=opened,
        task=opened.task,
        title=words(opened.words.name),
        message=message,
        view=None if opened.form is None else opened.view(typed),
    )
    return make_response(page, 409)


def _go_on(opened: OpenedTask, done: Completion) -> AnyResponse:
    """To the next task of the same client, else to where it is told what happens now."""
    following = next_task(done, engine().clock.now())
    title = words(opened.words.name)
    if following is not None:
        flash(_("Done: %(task)s. Here is the next step.", task=title), "ok")
        return redirect(url_for("tasks.show", task_id=following.id))
    if done.next_tasks:  # something later, or only if it should come to it
        flash(_("Done: %(task)s.", task=title), "ok")
    else:
        flash(_("Done: %(task)s. There is nothing more for you to do here now.", task=title), "ok")
    if opened.may_see_case:
        return redirect(url_for("cases.show", instance_id=done.task.instance_id))
    return redirect(url_for("tasks.index"))


def _colleagues(opened: OpenedTask) -> list[tuple[str, str]]:
    """Who else may do the task, as choices."""
    if not opened.is_open or not access.may(actor(), Verb.TASK_ASSIGN, opened.task.unit):
        return []
    found = engine().identity.users.colleagues(actor(), task_id=opened.task.id)
    return [(one.username, one.name) for one in found]


def _said(error: Invalid) -> dict[str, list[str]]:
    found = {path: [words(text) for text in texts] for path, texts in error.errors.items()}
    return found or {"_": [words(error.message)]}


def _one_of(given: str | None, *known: str) -> str:
    return given if given in known else ""
