"""Health and metrics, for the machines that watch this one."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from api import instruments
from api.blueprint import Blueprint
from api.context import parts
from api.health import ready
from api.schemas import probes as schemas

blueprint = Blueprint("probes", __name__, description="Health and metrics.")


@blueprint.operation("GET", "/health/live", returns=schemas.Health, public=True)
def health_live() -> Any:
    """The server process answers."""
    return {"status": "ok", "checks": {}}


@blueprint.operation("GET", "/health/ready", returns=schemas.Health, problems=(503,), public=True)
def health_ready() -> Any:
    """The database answers, takes writes and has this release's tables, and there is room on the
    disk; 503 with the reason otherwise."""
    return {"status": "ok", "checks": ready(parts().checks)}


@blueprint.operation(
    "GET",
    "/metrics",
    returns={"type": "string"},
    media_type="text/plain",
)
def metrics() -> Response:
    """Prometheus text, for callers on this machine or with the metrics token of the settings."""
    return Response(
        instruments.exposition(parts().gauges), content_type="text/plain; version=0.0.4"
    )


def register(app: Flask) -> None:
    """The same three where such watchers look first, outside the versioned API."""
    for rule in ("/health/live", "/health/ready", "/metrics"):
        view = app.view_functions[f"probes.{rule.strip('/').replace('/', '_')}"]
        app.add_url_rule(rule, f"root_{rule}", view)
