"""Runs the web server and the scheduler as two processes that start and stop together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from types import FrameType

from settings import ROOT

GRACE_SECONDS = 35
"""A little longer than the web server gives its requests to finish."""


def server_command() -> list[str]:
    """The web server's command line; its settings are in `api/gunicorn_conf.py`."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(ROOT / "api" / "gunicorn_conf.py"),
        "--no-control-socket",
        "--chdir",
        str(ROOT),
        "app:serve_application()",
    ]


def scheduler_command() -> list[str]:
    """The scheduler's command line."""
    return [sys.executable, "-m", "commands", "scheduler"]


def port_is_free(port: int) -> bool:
    """Whether nobody listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def run_together() -> int:
    """Run both until a signal comes or one of them ends; stop the other; answer with an exit
    code: 0 when it was asked to stop."""
    asked = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # Sessions of their own: Ctrl-C reaches this process only, which stops them in order.
    children = [
        subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - our own
        for command in (server_command(), scheduler_command())
    ]
    while not asked and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if asked else 1
