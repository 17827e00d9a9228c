"""What a view needs to know about the request it serves."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from flask import Request, current_app, g, request
from webargs.core import missing
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from api.reading import FieldErrors, read_json
from api.texts import Language
from engine.commands import IdempotencyKey
from engine.records import Actor

if TYPE_CHECKING:
    from api.gauges import Gauges
    from api.health import Check
    from engine.engine import Engine
    from engine.sign_in_limit import SignInLimit
    from journey import Journey
    from settings import Settings

EXTENSION = "rihla"

_KEY = re.compile(r"[!-~]{1,255}\Z")


@dataclass(frozen=True)
class Parts:
    """What the composition root gave to `create_app`."""

    settings: Settings
    engine: Engine
    journey: Journey
    sign_ins: SignInLimit
    checks: Mapping[str, Check]
    gauges: Gauges


def parts() -> Parts:
    """The parts of the application that serves the current request."""
    return cast(Parts, current_app.extensions[EXTENSION])


def engine() -> Engine:
    """The engine whose verbs the views call."""
    return parts().engine


def journey() -> Journey:
    """The journey's verbs: persons, cycles, catalogue, reports."""
    return parts().journey


def actor() -> Actor:
    """Who makes the current request; set before the view by `api.security`."""
    return cast(Actor, g.actor)


def language() -> Language:
    """The caller's language by `Accept-Language`; the installation's when it asks for neither."""
    told: Language | None = g.get("language")
    if told is None:  # asked for several times a request
        accepted = request.headers.get("Accept-Language", "")
        told = g.language = _best(accepted, parts().settings.language)
    return told


@lru_cache(maxsize=256)  # browsers send few different ones
def _best(accepted: str, default: Language) -> Language:
    languages = parse_accept_header(accepted, LanguageAccept)
    return "en" if languages.best_match(["ar", "en"], default) == "en" else "ar"


def current_request() -> Request:
    """The current request itself: a look through Flask's proxy costs more than what it finds."""
    itself: Request = request._get_current_object()  # type: ignore[attr-defined]  # of the proxy
    return itself


def request_id() -> str:
    """The id that this request has in the log and in its problem answers."""
    return str(g.get("request_id", ""))


def idempotency(resource: str = "", body: Any = None) -> IdempotencyKey | None:
    """The request's `Idempotency-Key`, bound to actor, method, route, resource and body.

    `body` stands for the body when that is not JSON. Its hash is keyed, because a body may hold a
    password or a national id that could be guessed from a plain one. None when the header is
    absent. Raises `FieldErrors` for a header that is no visible ASCII text of 1 to 255
    characters. Equal JSON values have equal hashes, whatever their spacing.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.match(key):
        raise FieldErrors({"Idempotency-Key": ["header"]})
    sent = read_json(request) if body is None else body
    text = json.dumps(None if sent is missing else sent, sort_keys=True, separators=(",", ":"))
    secret = engine().keyring.derive("request body")
    digest = hmac.digest(secret, text.encode(), hashlib.sha256).hex()
    route = request.url_rule.rule if request.url_rule else request.path
    scope = "\n".join((actor().username, request.method, route, resource))
    return IdempotencyKey(scope=scope, key=key, body_hash=digest)
