"""Who is calling by cookie, what every answer tells browsers and caches."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask.sessions import SecureCookieSessionInterface

from engine.errors import NotSignedIn
from web.context import engine, language
from web.texts import _

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from engine.identity import Session

COOKIE = "rihla_session"

V = TypeVar("V", bound=Callable[..., Any])

_PUBLIC = "is_public"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{8,64}\Z")

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
"""The content security policy; a view may replace lines of it in `g.csp`."""

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class _Sessions(SecureCookieSessionInterface):
    """The forms' own cookie goes over TLS only once the page came over TLS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def public(view: V) -> V:
    """Mark a view that is answered without sign-in."""
    setattr(view, _PUBLIC, True)
    return view


def register(app: Flask) -> None:
    """Identify every request of `app` and mark every answer."""
    app.session_interface = _Sessions()
    app.before_request(_identify)
    app.after_request(_mark)


def begin(response: AnyResponse, session: Session) -> AnyResponse:
    """Give the browser the session; it lasts as long as its token."""
    response.set_cookie(
        COOKIE,
        session.token,
        max_age=session.expires_in,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def end(response: AnyResponse) -> AnyResponse:
    """Take the session away from the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def token() -> str:
    """The session's token, or nothing."""
    return request.cookies.get(COOKIE, "")


def is_ours(path: str) -> bool:
    """Whether a path to return to stays on this site."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def _identify() -> AnyResponse | None:
    sent = request.headers.get("X-Request-Id", "")
    g.request_id = sent if _REQUEST_ID.match(sent) else uuid.uuid4().hex
    if None in request.form:  # a part without a name, which nothing here can make sense of
        abort(400)
    if request.endpoint is None or _is_public(request.endpoint):
        g.actor = _caller_if_any()
        return None
    try:
        g.actor = engine().identity.actor_for_token(token())
    except NotSignedIn:
        g.actor = None
        return _ask_to_sign_in()
    if g.actor.must_change_password and not request.endpoint.startswith("account."):
        return redirect(url_for("account.password"))
    return None


def _caller_if_any() -> Any:
    if not token():
        return None
    try:
        return engine().identity.actor_for_token(token())
    except NotSignedIn:
        return None


def _is_public(endpoint: str) -> bool:
    from flask import current_app

    return getattr(current_app.view_functions.get(endpoint), _PUBLIC, False)


def _ask_to_sign_in() -> AnyResponse:
    if request.method in ("GET", "HEAD"):
        back = request.full_path.rstrip("?")
        return redirect(f"{url_for('account.sign_in')}?next={quote(back, safe='/')}")
    if request.headers.get("Accept", "").startswith("application/json"):
        return Response(
            _("Your session has ended. Sign in again."), status=401, mimetype="text/plain"
        )
    return redirect(url_for("account.sign_in", ended=1))


def _mark(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    policy = {**_POLICY, **g.get("csp", {})}
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {value}" for name, value in policy.items()
    )
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["Content-Language"] = language()
    response.headers.add("Vary", "Cookie")
    return response
