"""A form that is sent twice (a double click, a weak line, the page sent again) acts once: each
page that is shown brings a key of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets

from werkzeug.datastructures import MultiDict

from engine.commands import IdempotencyKey
from engine.crypto import Keyring
from engine.records import Actor

FIELD = "_key"
"""The hidden field that carries the key."""
_KEY = re.compile(r"[A-Za-z0-9_\-]{16,64}\Z")
_NOT_THE_ANSWERS = frozenset({FIELD, "csrf_token", "_revision"})


def new_key() -> str:
    """For the hidden field of a page that is shown."""
    return secrets.token_urlsafe(18)


def repeat_key(
    keyring: Keyring, actor: Actor, scope: str, posted: MultiDict[str, str]
) -> IdempotencyKey | None:
    """Names what was posted; `scope` is the route and the thing it is about.

    The hash is keyed, because the answers may hold what could be guessed from a plain one. None
    when the page brought no key.
    """
    key = posted.get(FIELD, "")
    if not _KEY.match(key):
        return None
    answers = sorted(
        (name, values) for name, values in posted.lists() if name not in _NOT_THE_ANSWERS
    )
    text = json.dumps(answers, separators=(",", ":"))
    digest = hmac.digest(keyring.derive("posted form"), text.encode(), hashlib.sha256).hex()
    return IdempotencyKey(f"{actor.username}\npage\n{scope}", key, digest)
