"""Signing in and out, one's own account, the language, and the first page."""

from __future__ import annotations

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Verb
from engine.errors import Invalid, NotSignedIn, TooManyAttempts
from web.context import LANGUAGE_COOKIE, actor, engine, parts, signed_in
from web.formats import words
from web.navigation import home as home_url
from web.session import begin, end, is_ours, public, token
from web.texts import _

blueprint = Blueprint("account", __name__)

YEAR_SECONDS = 31_536_000


@blueprint.get("/")
def home() -> AnyResponse:
    """To the first page of the reader's day."""
    return redirect(home_url())


@blueprint.get("/sign-in")
@public
def sign_in() -> AnyResponse:
    """The form; who is signed in already is sent on."""
    if signed_in() is not None:
        return redirect(home_url())
    if "ended" in request.args:
        flash(_("Your session has ended. Sign in again."), "warning")
    return _form("", status=200)


@blueprint.post("/sign-in")
@public
def try_sign_in() -> AnyResponse:
    """Sign in, and on to where the reader wanted to go."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    try:
        with parts().sign_ins.attempt(username, request.remote_addr or ""):
            opened = engine().identity.sign_in(username, password)
    except TooManyAttempts as error:
        response = _form(words(error.message), status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except (NotSignedIn, Invalid) as error:
        return _form(words(error.message), status=401)
    session.clear()  # a fresh token for forms: the one of before could be known to another
    back = request.form.get("next", "")
    target = back if is_ours(back) else url_for("account.home")
    return begin(redirect(target), opened)


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """End this session here and at the server; with `everywhere`, every session of the account."""
    if "everywhere" in request.form:
        engine().identity.sign_out_everywhere(actor())
    else:
        engine().identity.sign_out(token())
    session.clear()
    flash(_("You are signed out."), "ok")
    return end(redirect(url_for("account.sign_in")))


@blueprint.post("/language")
@public
def set_language() -> AnyResponse:
    """Remember the language on this device and with the account."""
    chosen = "en" if request.form.get("language") == "en" else "ar"
    reader = signed_in()
    if reader is not None:
        engine().identity.set_language(reader, chosen)
    back = request.form.get("next", "")
    response = redirect(back if is_ours(back) else url_for("account.home"))
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


@blueprint.get("/account")
def show() -> str:
    """One's own account: name, roles, places, password, sessions."""
    works = access.may(actor(), Verb.SUBSTITUTE_OWN)
    user = engine().identity.user_for(actor())
    return render_template("account/show.html", user=user, works=works)


@blueprint.get("/password")
def password() -> str:
    """The form for a new password."""
    must = actor().must_change_password
    return render_template("account/password.html", must=must, errors={})


@blueprint.post("/password")
def change_password() -> AnyResponse:
    """Set a new password; every other session of the account ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            return _password_form({"again": [_("The two new passwords differ.")]})
        with parts().sign_ins.attempt(actor().username, request.remote_addr or ""):
            opened = engine().identity.change_password(actor(), old, new)
    except Invalid as error:
        found = {name: [words(text) for text in texts] for name, texts in error.errors.items()}
        return _password_form({"new" if n == "password" else n: t for n, t in found.items()})
    flash(_("Your password is changed. Other devices are signed out."), "ok")
    return begin(redirect(url_for("account.home")), opened)


def _password_form(errors: dict[str, list[str]]) -> AnyResponse:
    must = actor().must_change_password
    page = render_template("account/password.html", must=must, errors=errors)
    return make_response(page, 422)


def _form(error: str, status: int) -> AnyResponse:
    back = request.values.get("next", "")
    page = render_template(
        "account/sign_in.html",
        error=error,
        username=request.form.get("username", ""),
        next=back if is_ours(back) else "",
    )
    return make_response(page, status)
