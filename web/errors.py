"""Every error becomes a page that says what happened and what to do next."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from flask import Flask, Response, g, make_response, redirect, render_template, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from engine import errors
from engine.fault_frames import fault_frames
from web.formats import words
from web.texts import _, lazy

log = structlog.get_logger("web")

STATUSES: Mapping[type[errors.EngineError], int] = {
    errors.NotSignedIn: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.KeyDestroyed: 410,
    errors.Invalid: 422,
    errors.KeyReused: 422,
    errors.Refused: 422,
    errors.TooManyAttempts: 429,
    errors.Unavailable: 503,
}
"""Engine error class → HTTP status; the nearest base class counts."""

TITLES = {
    400: lazy("This request could not be read"),
    403: lazy("Your account may not do this"),
    404: lazy("This page does not exist"),
    405: lazy("This page does not exist"),
    409: lazy("Something has changed meanwhile"),
    410: lazy("This data was erased"),
    413: lazy("This is too large"),
    415: lazy("This kind of file is not accepted"),
    422: lazy("Something has to be corrected"),
    429: lazy("Too many attempts"),
    503: lazy("The system is busy"),
    500: lazy("Something went wrong on our side"),
}

ADVICE = {
    400: lazy("Go back and try again."),
    403: lazy("Ask the head of your branch or an administrator if you need it for your work."),
    404: lazy("It may belong to another office, or the address is not right."),
    405: lazy("It may belong to another office, or the address is not right."),
    409: lazy("Go back, look at how it stands now, and try again."),
    410: lazy("It was erased on request and cannot be brought back."),
    413: lazy("Send a smaller file, or fewer of them."),
    415: lazy("Send a PDF, a picture (JPEG or PNG), or a Word or Excel file."),
    422: lazy("Go back and correct what the message names."),
    429: lazy("Wait a little and try again."),
    503: lazy("Nothing was lost. Try again in a few seconds."),
    500: lazy(
        "Nothing was saved halfway. Try again; if it stays so, tell support the number below."
    ),
}


def register(app: Flask) -> None:
    """Answer every error of `app` with a page."""
    app.register_error_handler(errors.EngineError, _engine_error)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: errors.EngineError) -> int:
    """The row of `STATUSES` for `error`; 500 when its family has none."""
    return next((STATUSES[family] for family in type(error).__mro__ if family in STATUSES), 500)


def error_page(status: int, message: str = "", *, link: str = "") -> Response:
    """The page for a status; `message` are the refusing part's own words."""
    # A page about a fault asks nothing of the database, which may be the very thing that failed.
    g.bare = status >= 500
    title = TITLES.get(status, TITLES[400])
    advice = ADVICE.get(status, ADVICE[400])
    page = render_template(
        "error.html", status=status, title=title, message=message, advice=advice, link=link
    )
    return make_response(page, status)


def _engine_error(error: errors.EngineError) -> AnyResponse:
    status = status_of(error)
    if status == 500:
        return _unexpected(error)
    if status == 401:
        return redirect(url_for("account.sign_in", ended=1))
    message = words(error.message)
    if isinstance(error, errors.Invalid) and error.errors:
        more = {words(text) for texts in error.errors.values() for text in texts}
        message = " ".join([message, *sorted(more)])
    response = error_page(status, "" if status == 404 else message)
    if isinstance(error, errors.TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _forged(_error: CSRFError) -> AnyResponse:
    return error_page(400, _("This page was open for too long. Open it again and send it again."))


def _http_error(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status >= 500 and status != 503:
        return _unexpected(error)
    response = error_page(status)
    if status == 405:
        response.headers["Allow"] = dict(error.get_headers()).get("Allow", "")
    return response


def _unexpected(error: Exception) -> AnyResponse:
    # Only where it rose is logged: the exception's text may quote personal data.
    log.error(
        "unexpected_error",
        error=type(error).__name__,
        frames=fault_frames(error),
        request_id=g.get("request_id", ""),
    )
    return error_page(500)
