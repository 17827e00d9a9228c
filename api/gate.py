"""What stands before the application: a request is read whole within its limits, then so many are
at work at a time, so many wait for a little, and the others are told at once to come back.

The application's threads therefore never wait for a slow line, and a rush ends in quick refusals
instead of a pile of requests whose callers have long gone.
"""

from __future__ import annotations

import io
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

import structlog
from prometheus_client import Counter, Gauge, Histogram
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from api.problems import problem
from api.refusal_page import page
from api.texts import DETAILS, TITLES, Language, pick

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from settings import Settings

ARRIVED = "rihla.arrived"
"""In the environment: what the server wants to be called when a request has been read whole."""

PATIENCE_SECONDS = 10.0
"""How long a request waits for its turn. A person waits longer for a page, a busy minute does not
end sooner for it."""

RETRY_AFTER_SECONDS = 5

PROBES = ("/health/", "/metrics", "/api/v1/health/", "/api/v1/metrics")
"""Answered however busy the others are: who watches must see how it stands."""

IN_MEMORY = 1024 * 1024
"""Bytes of a body that are kept in memory; of a larger one the rest lies in a temporary file."""

WAITING = Gauge(
    "rihla_http_waiting", "Requests that wait for their turn.", multiprocess_mode="livesum"
)
AT_WORK = Gauge(
    "rihla_http_at_work", "Requests that are being handled.", multiprocess_mode="livesum"
)
WAITED = Histogram(
    "rihla_http_wait_seconds",
    "How long requests waited for their turn.",
    buckets=(0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
REFUSED = Counter(
    "rihla_http_refused_total",
    "Requests refused before they reached the application: busy, too_large, too_slow.",
    ("reason",),
)

log = structlog.get_logger("api")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{8,64}\Z")


@dataclass(frozen=True)
class Places:
    """How many requests one server process handles at a time, and how many more may wait."""

    at_work: int
    waiting: int

    @property
    def threads(self) -> int:
        """What the server needs: a thread for each of them, and some to read what arrives, to
        refuse, and to answer the probes."""
        return self.at_work + self.waiting + 8


def places(settings: Settings) -> Places:
    """As the settings say; four times as many wait as are handled."""
    return Places(settings.server_threads, 4 * settings.server_threads)


class _TooLarge(Exception):
    """The body is larger than any request may be."""


class _TooSlow(Exception):
    """The body did not arrive whole."""


class Gate:
    """A WSGI application before another one.

    Who waits has `patience` seconds. A body has at most `body_bytes`. `language` is for callers
    who ask for none.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        places: Places,
        body_bytes: int,
        language: Language = "ar",
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._application = application
        self._turns = threading.Semaphore(places.at_work)
        self._places = threading.Semaphore(places.waiting)
        self._body_bytes = body_bytes
        self._language: Language = language
        self._patience = patience

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request, or refuse it with 408, 413 or 503."""
        sent = str(environ.get("HTTP_X_REQUEST_ID", ""))
        request_id = sent if _REQUEST_ID.match(sent) else uuid.uuid4().hex
        environ["HTTP_X_REQUEST_ID"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                self._read_body(environ)
            except _TooLarge:
                return self._refuse(environ, start, 413, "too_large")
            except _TooSlow:
                return self._refuse(environ, start, 408, "too_slow")
            if str(environ.get("PATH_INFO", "")).startswith(PROBES):
                return self._application(environ, start)
            with self._turn() as ours:
                if not ours:
                    return self._refuse(environ, start, 503, "busy")
                return self._application(environ, start)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Hold a turn; false when there was none within the time, or no place to wait."""
        began = time.monotonic()
        ours = self._turns.acquire(blocking=False) or self._wait()
        WAITED.observe(time.monotonic() - began)
        if not ours:
            yield False
            return
        AT_WORK.inc()
        try:
            yield True
        finally:
            AT_WORK.dec()
            self._turns.release()

    def _wait(self) -> bool:
        if not self._places.acquire(blocking=False):
            return False
        WAITING.inc()
        try:
            return self._turns.acquire(timeout=self._patience)
        finally:
            WAITING.dec()
            self._places.release()

    def _read_body(self, environ: WSGIEnvironment) -> None:
        """Put the whole body in the place of the stream. Raises `_TooLarge`, `_TooSlow`."""
        told = str(environ.get("CONTENT_LENGTH") or "")
        length = int(told) if told.isdigit() else None
        chunked = length is None and "HTTP_TRANSFER_ENCODING" in environ
        if length is not None and length > self._body_bytes:
            raise _TooLarge
        body: IO[bytes] = io.BytesIO()
        if length or chunked:
            if length is None or length > IN_MEMORY:
                body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  lives as long as the request
            read = self._copy(environ["wsgi.input"].read, body, length)
            if length is not None and read < length:
                raise _TooSlow
            body.seek(0)
            environ["CONTENT_LENGTH"] = str(read)
        environ["wsgi.input"] = body
        arrived: Callable[[], None] = environ.pop(ARRIVED, _nobody_waits)
        arrived()

    def _copy(self, read: Callable[[int], bytes], body: IO[bytes], length: int | None) -> int:
        copied = 0
        while length is None or copied < length:
            try:
                piece = read(65_536 if length is None else min(65_536, length - copied))
            except OSError as error:
                raise _TooSlow from error
            if not piece:
                break
            copied += len(piece)
            if copied > self._body_bytes:
                raise _TooLarge
            body.write(piece)
        return copied

    def _refuse(
        self, environ: WSGIEnvironment, start: StartResponse, status: int, reason: str
    ) -> Iterable[bytes]:
        REFUSED.labels(reason).inc()
        log.warning("refused", reason=reason, status=status)
        told = _language(environ, self._language)
        code, detail = _REFUSALS[reason]
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        if status == 503:
            headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        request_id = str(environ["HTTP_X_REQUEST_ID"])
        headers["X-Request-Id"] = request_id
        if str(environ.get("PATH_INFO", "")).startswith("/api/"):
            answer = problem(status, code, told, request_id, detail=detail, headers=headers)
        else:
            words = (pick(TITLES[code], told), pick(DETAILS[detail], told))
            answer = page(status, words, told, request_id, headers)
        return answer(environ, start)


_REFUSALS = {
    "busy": ("unavailable", "busy"),
    "too_large": ("too-large", "too-large"),
    "too_slow": ("bad-request", "too-slow"),
}
"""Reason of a refusal → problem code, and the text that says what to do."""


def _language(environ: WSGIEnvironment, default: Language) -> Language:
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
    return "en" if accepted.best_match(["ar", "en"], default) == "en" else "ar"


def _nobody_waits() -> None:
    """A server without deadlines is told nothing."""
