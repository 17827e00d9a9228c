"""How gunicorn serves the API and the pages: threads, limits, a clean stop, nothing but loopback.

Used as `gunicorn --config api/gunicorn_conf.py --no-control-socket 'app:serve_application()'`; the
port and the number of threads come from the settings like everything else.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from settings import load_settings

_settings = load_settings()

workers = 1 if _settings.database_url.startswith("sqlite") else min(4, os.cpu_count() or 1)
"""SQLite has one writer: more processes would only wait for it. PostgreSQL uses the cores."""

if workers > 1:
    # Read by prometheus_client when it is first imported, so before any other room is.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="rihla-metrics-"))

# The whole product's code, once for all workers: one that takes another's place is there at once.
import app  # noqa: E402, F401
from api.gate import places  # noqa: E402
from api.worker import stop_when_asked  # noqa: E402

bind = f"127.0.0.1:{_settings.port}"
worker_class = "api.worker.DeadlineWorker"
threads = places(_settings).threads
control_socket_disable = True

timeout = 60
graceful_timeout = 30
keepalive = 5
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
forwarded_allow_ips = "127.0.0.1,::1"
accesslog = None
errorlog = "-"
loglevel = _settings.log_level
logger_class = "api.worker.JsonLogger"
preload_app = False
"""Each worker makes its own engine: no connection, key cache or random state crosses the fork."""


def post_fork(server: Any, _worker: Any) -> None:
    """A worker begins: it can be stopped at once."""
    stop_when_asked(server)


def child_exit(_server: Any, worker: Any) -> None:
    """A worker ended: its gauges leave the metrics, its counters stay."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """The server ended: its metrics are of no use to the next one."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if os.path.basename(folder).startswith("rihla-metrics-"):
        shutil.rmtree(folder, ignore_errors=True)
