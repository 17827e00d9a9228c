"""Who is calling, and what every answer tells browsers and caches."""

from __future__ import annotations

import hmac
import ipaddress
import re
import uuid

from flask import Flask, Response, g, request

from api.blueprint import WITH_ANY_PASSWORD
from api.context import current_request, engine, language, parts
from api.openapi import PREFIX
from engine.credentials import require_own_password
from engine.errors import NotSignedIn
from engine.wording import Text

PUBLIC_PATHS = frozenset(
    {
        f"{PREFIX}/auth/token",
        f"{PREFIX}/openapi.json",
        f"{PREFIX}/health/live",
        f"{PREFIX}/health/ready",
        "/health/live",
        "/health/ready",
    }
)
"""Answered without a token."""

METRICS_PATHS = frozenset({f"{PREFIX}/metrics", "/metrics"})
"""Answered to this machine itself, or with the token of the settings."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{8,64}\Z")

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Identify every request of `app` and mark every answer."""
    app.before_request(_identify)
    app.after_request(_mark)


def bearer_token() -> str:
    """The token of the request's Authorization header; raises `NotSignedIn` without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or not token.isascii() or len(token) > 4096:
        raise NotSignedIn(
            Text(
                "أرسل في الترويسة Authorization رمزاً من POST /auth/token.",
                "Send a token of POST /auth/token in the Authorization header.",
            )
        )
    return token


def _identify() -> None:
    asked = current_request()
    sent = asked.headers.get("X-Request-Id", "")
    g.request_id = sent if _REQUEST_ID.match(sent) else uuid.uuid4().hex
    if asked.path in PUBLIC_PATHS:
        if asked.path.endswith("/auth/token") and asked.method == "DELETE":
            g.actor = engine().identity.actor_for_token(bearer_token())
        return
    if asked.path in METRICS_PATHS:
        _allow_metrics()
        return
    actor = g.actor = engine().identity.actor_for_token(bearer_token())
    if (asked.endpoint or "").rpartition(".")[2] not in WITH_ANY_PASSWORD:
        require_own_password(actor)


def _allow_metrics() -> None:
    expected = parts().settings.metrics_token
    if expected and "Authorization" in request.headers:
        if hmac.compare_digest(bearer_token().encode(), expected.encode()):
            return
        raise NotSignedIn(
            Text(
                "هذا الرمز ليس رمز القياسات المذكور في الإعدادات.",
                "The token is not the one of the settings.",
            )
        )
    # Behind a proxy on this machine every caller seems local: a forwarded request is not.
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    if forwarded or not _is_loopback(request.remote_addr):
        raise NotSignedIn(
            Text(
                "لا تُعطى القياسات إلا لهذا الجهاز نفسه، أو لمن يحمل رمز القياسات.",
                "Metrics are served to this machine only, or with the metrics token.",
            )
        )


def _is_loopback(address: str | None) -> bool:
    try:
        return address is not None and ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _mark(response: Response) -> Response:
    said = {name.lower() for name, _ in response.headers}
    for name, value in _HEADERS.items():
        if name.lower() not in said:  # `setdefault` would look through all of them for each
            response.headers.add(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["Content-Language"] = language()
    response.headers.add("Vary", "Accept-Language")
    return response
