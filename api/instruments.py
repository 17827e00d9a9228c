"""Counts and logs every request: method, route template, status, time. Never who or what about."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.context import current_request, request_id

if TYPE_CHECKING:
    from api.gauges import Gauges

log = structlog.get_logger("api")

REQUESTS = Counter("rihla_http_requests_total", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram(
    "rihla_http_request_seconds",
    "Time from the first byte read to the answer made.",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def register(app: Flask) -> None:
    """Measure every request of `app`."""
    app.before_request(_start)
    app.after_request(_finish)


def exposition(gauges: Gauges) -> str:
    """Prometheus text of all server processes (of this one when it stands alone), and `gauges`."""
    return _measured() + gauges.text()


def _measured() -> str:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry).decode()
    return generate_latest().decode()


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    asked = current_request()
    # The route's template, never the path: a path names cases and people.
    route = asked.url_rule.rule if asked.url_rule else "unmatched"
    method = asked.method if asked.method in METHODS else "other"
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    REQUESTS.labels(method, route, str(response.status_code)).inc()
    SECONDS.labels(method, route).observe(seconds)
    log.info(
        "request",
        method=method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        request_id=request_id(),
    )
    return response
