"""A gate and a worker with short deadlines before the smallest application, for slow lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from api.gate import Gate, Places
from api.worker import DeadlineWorker

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LARGEST = 3_000_000


class ShortWorker(DeadlineWorker):
    """Has little patience."""

    arrive_seconds = 0.5


def digest(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Answers with the hash of what was sent."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [hashlib.sha256(environ["wsgi.input"].read()).hexdigest().encode()]


application = Gate(digest, places=Places(1, 1), body_bytes=LARGEST)
