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
from pathlib import Path
from types import TracebackType
from typing import Any

from settings import ROOT

PASSWORD = "correct horse battery staple"


class Server:
    """`rihla serve` (or another command) over one data folder and database."""

    def __init__(self, folder: Path, database_url: str, *command: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._command = command or ("serve",)
        self._environment = {
            **os.environ,
            "RIHLA_PORT": str(self.port),
            "RIHLA_DATA_DIR": str(folder),
            "RIHLA_DATABASE_URL": database_url,
            "RIHLA_DEMO_PASSWORD": PASSWORD,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
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

    def run(self, *command: str) -> str:
        """Run another `rihla` command over the same data; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "commands", *command],
            cwd=ROOT, env=self._environment, capture_output=True, text=True, check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "commands", *self._command],
            cwd=ROOT, env=self._environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while True:
            try:
                if self.call("GET", "/health/live", prefix="")[0] == 200:
                    return
            except OSError:
                if self._process.poll() is not None:
                    raise RuntimeError("the server ended before it answered") from None
            if time.monotonic() > deadline:
                raise RuntimeError("the server did not answer within a minute")
            # Another process has to come up; there is nothing to wait on but its port.
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to the server and all its workers, as a power cut would."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def interrupt(self) -> int:
        """Ctrl-C; answers with the exit code when everything has stopped."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGINT)
        return self._process.wait(60)

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
        """One request over a connection of its own: status and JSON (None for other bodies).

        Raises `OSError` or `http.client.HTTPException` when the server is gone.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, prefix + path, content, sent)
            answer = connection.getresponse()
            raw = answer.read()
        finally:
            connection.close()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(raw) if is_json else None

    def sign_in(self, username: str) -> str:
        """A bearer token."""
        body = {"username": username, "password": PASSWORD}
        status, answer = self.call("POST", "/auth/token", body)
        assert status == 200, answer
        return str(answer["access_token"])
