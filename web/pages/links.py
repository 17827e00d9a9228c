"""The page behind a signed link: one referral, for a partner without an account."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Conflict, Invalid, KeyReused, NotFound, NotSignedIn, TooManyAttempts
from engine.links import TaskLink
from engine.records import Actor, Task, TaskState
from engine.wording import Text
from forms import FormView
from web.context import engine, journey, language, parts
from web.formats import words
from web.repeated import new_key, repeat_key
from web.session import public
from web.task_page import CONFIRMED, REVISION, OpenedTask, open_task

blueprint = Blueprint("links", __name__)


class Closed(Exception):
    """A link that opens nothing: what its page says, and the status of the answer."""

    def __init__(self, message: Text, status: int, retry_after: int = 0) -> None:
        super().__init__()
        self.message = message
        self.status = status
        self.retry_after = retry_after


@blueprint.get("/r/<token>")
@public
def show(token: str) -> AnyResponse:
    """What is asked of the partner now, or what comes next."""
    link, holder = _holder(token)
    opened = _first_task(holder)
    done = engine().tasks.list(holder, state=TaskState.COMPLETED).items
    if opened is None or (done and "sent" in request.args):
        return _resting(token, link, opened, done)
    return _page(token, link, opened, opened.view())


@blueprint.post("/r/<token>")
@public
def complete(token: str) -> AnyResponse:
    """Take the partner's answers."""
    link, holder = _holder(token)
    sent = redirect(url_for("links.show", token=token, sent=1))
    opened = _asked_task(holder, request.form.get("_task", ""))
    if opened is None:
        return sent
    posted = opened.read(request.form)
    if posted.redraw:
        return _page(token, link, opened, opened.view(posted.data))
    unusual = {} if CONFIRMED in request.form else opened.unusual(posted.data)
    if unusual:
        view = opened.view(posted.data, warnings=unusual)
        return _page(token, link, opened, view, unusual=True, status=422)
    try:
        engine().tasks.complete(
            holder,
            opened.task.id,
            revision=request.form.get(REVISION, type=int) or 0,
            data=posted.data,
            idempotency=repeat_key(
                engine().keyring, holder, f"links.complete {opened.task.id}", request.form
            ),
            language=language(),
        )
    except Invalid as error:
        said = {path: [words(text) for text in texts] for path, texts in error.errors.items()}
        view = opened.view(posted.data, errors=said or {"_": [words(error.message)]})
        return _page(token, link, opened, view, status=422)
    except (Conflict, KeyReused) as error:
        view = opened.view(posted.data, errors={"_": [words(error.message)]})
        return _page(token, link, opened, view, status=409)
    return sent


def _holder(token: str) -> tuple[TaskLink, Actor]:
    """The link and who holds it, who makes this request from now on. Raises `Closed`.

    Wrong tokens are counted as wrong passwords are: per link and address, and per address.
    """
    try:
        with parts().sign_ins.attempt(f"link:{token.partition('.')[0]}", request.remote_addr or ""):
            try:
                link, holder = engine().links.holder(token)
            except NotFound as error:
                raise NotSignedIn(error.message) from error
    except TooManyAttempts as error:
        raise Closed(error.message, 429, error.retry_after) from error
    except NotSignedIn as error:
        status = 404 if isinstance(error.__cause__, NotFound) else 410
        raise Closed(error.message, status) from error
    g.actor = holder
    return link, holder


def _first_task(holder: Actor) -> OpenedTask | None:
    """The task that waits for the partner."""
    waiting = engine().tasks.list(holder).items
    if not waiting:
        return None
    return open_task(engine(), journey(), holder, waiting[0].id, language())


def _asked_task(holder: Actor, task_id: str) -> OpenedTask | None:
    """The task that the posted page was about; None when it is not the link's."""
    try:
        return open_task(engine(), journey(), holder, task_id, language())
    except NotFound:
        return None


def _page(
    token: str,
    link: TaskLink,
    opened: OpenedTask,
    view: FormView | None,
    *,
    unusual: bool = False,
    status: int = 200,
) -> AnyResponse:
    page = render_template(
        "links/show.html",
        token=token,
        link=link,
        opened=opened,
        task=opened.task,
        title=words(opened.words.name),
        purpose=words(opened.words.purpose),
        view=view,
        unusual=unusual,
        key=new_key(),
    )
    return _unlisted(make_response(page, status))


def _resting(
    token: str, link: TaskLink, opened: OpenedTask | None, done: Sequence[Task]
) -> AnyResponse:
    """Thanks for what was sent, and what comes next."""
    page = render_template(
        "links/resting.html",
        token=token,
        link=link,
        opened=opened,
        is_sent=bool(done),
        number=done[0].business_key if done else "",
    )
    return _unlisted(make_response(page))


@blueprint.errorhandler(Closed)
def _closed(closed: Closed) -> AnyResponse:
    page = render_template("links/closed.html", message=closed.message)
    response = make_response(page, closed.status)
    if closed.retry_after:
        response.headers["Retry-After"] = str(closed.retry_after)
    return _unlisted(response)


def _unlisted(response: AnyResponse) -> AnyResponse:
    """The address is a key: no search engine keeps it, no other site is told it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
