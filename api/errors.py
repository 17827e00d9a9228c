"""Every exception becomes problem+json here: one table from engine error class to HTTP status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException

from api.context import language, request_id
from api.health import NotReady
from api.problems import problem
from api.reading import FieldErrors
from api.texts import Language, field_message
from engine import errors
from engine.credentials import PasswordNotOwn
from engine.fault_frames import fault_frames

RETRY_AFTER_SECONDS = 5
"""How soon a caller may come back when the database was busy."""

STATUSES: Mapping[type[errors.EngineError], tuple[int, str]] = {
    errors.NotSignedIn: (401, "not-signed-in"),
    PasswordNotOwn: (403, "password-change-needed"),
    errors.Forbidden: (403, "forbidden"),
    errors.NotFound: (404, "not-found"),
    errors.Conflict: (409, "conflict"),
    errors.AlreadyExists: (409, "already-exists"),
    errors.NewerVersion: (409, "conflict"),
    errors.KeyDestroyed: (410, "erased"),
    errors.Invalid: (422, "invalid"),
    errors.KeyReused: (422, "key-reused"),
    errors.Refused: (422, "refused"),
    errors.TooManyAttempts: (429, "too-many-requests"),
    errors.Unavailable: (503, "unavailable"),
}
"""Engine error class → (HTTP status, problem code); the nearest base class counts."""

HTTP_CODES: Mapping[int, str] = {
    400: "bad-request",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many-requests",
    503: "unavailable",
}
"""Statuses that Flask, Werkzeug and this package raise by themselves."""

log = structlog.get_logger("api")


def register(app: Flask) -> None:
    """Answer every error of `app` with problem details."""
    app.register_error_handler(errors.EngineError, _engine_error)
    app.register_error_handler(FieldErrors, _field_errors)
    app.register_error_handler(NotReady, _not_ready)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: errors.EngineError) -> tuple[int, str]:
    """The row of `STATUSES` for `error`; raises `LookupError` when its family has none."""
    for family in type(error).__mro__:
        if family in STATUSES:
            return STATUSES[family]
    raise LookupError(f"{type(error).__name__} has no row in api.errors.STATUSES")


def _engine_error(error: errors.EngineError) -> Response:
    try:
        status, code = status_of(error)
    except LookupError:
        return _unexpected(error)
    told = language()
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, errors.TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after)
    return problem(
        status,
        code,
        told,
        request_id(),
        detail=g.get("problem_detail") if status == 401 else None,
        reason=error.message.in_language(told),
        errors=_in_words(error, told) if isinstance(error, errors.Invalid) else None,
        findings=[finding_body(f) for f in error.findings]
        if isinstance(error, errors.Refused)
        else None,
        headers=headers,
    )


def _in_words(error: errors.Invalid, told: Language) -> dict[str, list[str]]:
    return {
        path: [text.in_language(told) for text in texts] for path, texts in error.errors.items()
    }


def finding_body(finding: Any) -> dict[str, Any]:
    """A finding of a diagram, table or form as JSON; a finding without a severity is an error."""
    return {
        "file": getattr(finding, "file", ""),
        "element_id": finding.element_id,
        "rule": finding.rule,
        "severity": getattr(finding, "severity", "error"),
        "message": finding.message,
        "suggestion": finding.suggestion,
    }


def _field_errors(error: FieldErrors) -> Response:
    told = language()
    worded = {
        path: [field_message(code, told) for code in codes] for path, codes in error.errors.items()
    }
    return problem(422, "invalid", told, request_id(), errors=worded)


def _not_ready(error: NotReady) -> Response:
    told = language()
    wrong = {name: [text.in_language(told)] for name, text in error.failing.items()}
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem(503, "unavailable", told, request_id(), errors=wrong, headers=headers)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(error.get_response().get_data(), status, dict(error.get_headers()))
    if status >= 500 and status not in HTTP_CODES:
        return _unexpected(error)
    # Allow of a 405 and WWW-Authenticate of a 401 stand in the exception's own headers.
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    return problem(
        status, HTTP_CODES.get(status, "bad-request"), language(), request_id(), headers=headers
    )


def _unexpected(error: Exception) -> Response:
    # Only where it rose is logged: the exception's text may quote personal data.
    log.error(
        "unexpected_error",
        error=type(error).__name__,
        frames=fault_frames(error),
        request_id=request_id(),
    )
    return problem(500, "internal", language(), request_id())
