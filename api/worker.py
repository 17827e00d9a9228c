"""gunicorn's thread worker, which gives a request so long to arrive and an answer so long to leave.

The stock worker waits without end for the rest of a request: some callers who send a byte now and
then would hold all its threads. A proxy in front takes the slow lines away; this is for the day
when there is none.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from api.gate import ARRIVED
from api.logs import configure_logging

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

ARRIVE_SECONDS = 30.0
"""From the first byte of a request to the last one of its body."""

LEAVE_SECONDS = 120.0
"""For one answer (or each piece of a streamed one) to be taken by the caller."""


class DeadlineWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Ends the reading of requests that do not arrive in time; the gate answers 408."""

    arrive_seconds = ARRIVE_SECONDS
    leave_seconds = LEAVE_SECONDS
    wsgi: Any

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadlines: dict[socket.socket, float] = {}

    def load_wsgi(self) -> None:
        """Let the application say when a request has arrived."""
        super().load_wsgi()
        application = self.wsgi

        def serve(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            line = environ["gunicorn.socket"]
            environ[ARRIVED] = lambda: self._arrived(line)
            answer: Iterable[bytes] = application(environ, start)
            return answer

        self.wsgi = serve

    def handle(self, conn: Any) -> Any:
        """One request of a connection; runs in a thread of the pool."""
        line = conn.sock
        self._deadlines[line] = time.monotonic() + self.arrive_seconds
        try:
            return super().handle(conn)
        finally:
            self._deadlines.pop(line, None)

    def murder_pending(self) -> None:
        """Called by the main thread at least every second: close what is too late."""
        super().murder_pending()
        now = time.monotonic()
        for line, deadline in list(self._deadlines.items()):
            if deadline < now and self._deadlines.pop(line, None) is not None:
                try:
                    # Reading ends as if the caller had hung up; an answer can still be sent.
                    line.shutdown(socket.SHUT_RD)
                except OSError:
                    continue  # it hung up indeed

    def _arrived(self, line: socket.socket) -> None:
        self._deadlines.pop(line, None)
        line.settimeout(self.leave_seconds)


class JsonLogger(Logger):  # type: ignore[misc]
    """Lets gunicorn's own words go the way of all others; workers inherit it."""

    def setup(self, cfg: Any) -> None:
        """As the settings say."""
        super().setup(cfg)
        configure_logging(cfg.loglevel)


def stop_when_asked(server: Any) -> None:
    """Called in a worker as soon as it is forked: until it has handlers of its own it has the
    master's, which only take note of a signal, and a stop would wait out its grace."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    noted = server.SIG_QUEUE
    while not noted.empty():
        if noted.get_nowait() in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            sys.exit(0)
