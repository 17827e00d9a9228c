"""The web server and the scheduler as an operator runs them, with their CPU told."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.request
from types import TracebackType
from typing import Any

import running
from benchmarks.measuring import tree_cpu
from benchmarks.places import PASSWORD, WORKER_NAME, Installation
from settings import ROOT

_PATIENCE = 60.0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Child:
    """A process of the product over an installation, from `begin` until `end`."""

    def __init__(self, installation: Installation, log: str) -> None:
        self._installation = installation
        self._log = installation.folder / log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running process. Raises `RuntimeError` before it began."""
        if self._process is None:
            raise RuntimeError("It was not started.")
        return self._process

    def begin(self, command: list[str], **variables: str) -> None:
        """Start `command` with the installation's environment and these variables beside it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  our own
                command, cwd=ROOT, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**self._installation.environment, **variables},
            )  # fmt: skip

    def end(self, error: BaseException | None) -> None:
        """Ask it to stop and wait; an error is told its last words."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_PATIENCE)
        if error is not None:
            error.add_note(f"The last words in {self._log.name}: {self.last_words()}")

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.end(error)

    def cpu(self) -> float:
        """CPU seconds of the process and its workers so far."""
        return tree_cpu(self.process.pid)

    def wait_until_it_answers(self, port: int) -> None:
        """Ask `/health/live`. Raises `RuntimeError` when it has not answered within a minute."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
                    return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"No server came up: {self.last_words()}") from None
            time.sleep(0.05)

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-3000:]


class Serving(Child):
    """The web server with so many worker processes. A context manager."""

    def __init__(self, installation: Installation, workers: int = 1) -> None:
        super().__init__(installation, "server.log")
        self._workers = workers
        self.port = free_port()

    def __enter__(self) -> Serving:
        *command, application = running.server_command()
        self.begin(
            [*command, "--workers", str(self._workers), application], RIHLA_PORT=str(self.port)
        )
        self.wait_until_it_answers(self.port)
        return self

    def sign_in(self, username: str = WORKER_NAME) -> str:
        """A bearer token."""
        credentials = {"username": username, "password": PASSWORD}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/auth/token",
            json.dumps(credentials).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return str(found["access_token"])


class Scheduling(Child):
    """One scheduler process. A context manager."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation, "scheduler.log")

    def __enter__(self) -> Scheduling:
        self.begin(running.scheduler_command())
        return self
