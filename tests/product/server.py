"""The product as an operator runs it: real processes, a real port, killed for real."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from settings import ROOT

PASSWORD = "correct horse battery staple"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Process:
    """One command over one data folder and database; what it writes is kept in `log`."""

    def __init__(
        self, folder: Path, database_url: str, argv: Sequence[str], **environment: str
    ) -> None:
        self._argv = list(argv)
        self.environment = {
            **os.environ,
            "RIHLA_DATA_DIR": str(folder),
            "RIHLA_DATABASE_URL": database_url,
            "RIHLA_DEMO_PASSWORD": PASSWORD,
            **environment,
        }
        self._log = folder / f"log-{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Asked first: `rihla run` stops its own two processes, which a kill would orphan.
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def start(self) -> None:
        """Start; a subclass also waits until it is of use."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv, cwd=ROOT, env=self.environment, start_new_session=True,
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """Of the process itself, not of its workers."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """What it wrote since the first start."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def faults(self) -> str:
        """The lines of the log that tell of an error: why a test saw what it did."""
        return "\n".join(line for line in self.log.splitlines() if '"level": "error"' in line)

    def kill(self) -> None:
        """SIGKILL to the process and all its workers, as a power cut would."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def terminate(self) -> None:
        """SIGTERM, as a service manager sends it; does not wait."""
        assert self._process is not None
        self._process.terminate()

    def wait(self, seconds: float) -> int:
        """The exit code. Raises `subprocess.TimeoutExpired`."""
        assert self._process is not None
        return self._process.wait(seconds)

    def interrupt(self) -> int:
        """Ctrl-C; answers with the exit code when everything has stopped."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGINT)
        return self._process.wait(60)


class Server(Process):
    """A process that answers on a port: `rihla serve`, or another command line."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        *command: str,
        argv: Sequence[str] | None = None,
        **environment: str,
    ) -> None:
        self.port = free_port()
        whole = argv or [sys.executable, "-m", "commands", *(command or ("serve",))]
        super().__init__(folder, database_url, whole, RIHLA_PORT=str(self.port), **environment)

    def run(self, *command: str) -> str:
        """Run another `rihla` command over the same data; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "commands", *command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout

    def start(self) -> None:
        """Start and wait until it answers."""
        super().start()
        deadline = time.monotonic() + 60
        while True:
            try:
                if self.call("GET", "/health/live", prefix="")[0] == 200:
                    return
            except OSError:
                if not self.running:
                    raise RuntimeError(f"the server ended at once: {self.log}") from None
            if time.monotonic() > deadline:
                raise RuntimeError(f"no answer within a minute: {self.log}")
            # Another process has to come up; there is nothing to wait on but its port.
            time.sleep(0.05)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request over a connection of its own: status, headers, body.

        Raises `OSError` or `http.client.HTTPException` when the server is gone.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        prefix: str = "/api/v1",
    ) -> tuple[int, Any]:
        """As `request`: status and JSON (None for other bodies)."""
        status, told, raw = self.request(method, prefix + path, body, token, headers=headers)
        is_json = "json" in (told.get("Content-Type") or "")
        return status, json.loads(raw) if is_json else None

    def sign_in(self, username: str) -> str:
        """A bearer token."""
        body = {"username": username, "password": PASSWORD}
        status, answer = self.call("POST", "/auth/token", body)
        assert status == 200, answer
        return str(answer["access_token"])
