"""The WSGI application of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask

from api import errors, health, instruments, security
from api.context import EXTENSION, Parts
from api.gauges import Gauges
from api.openapi import PREFIX, Api, make_api
from api.resources import BLUEPRINTS, probes
from api.routing import CodeConverter
from engine.metering import Metering

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from api.health import Check
    from engine.engine import Engine
    from journey import Journey
    from settings import Settings

JSON_LIMIT = 1024 * 1024
"""Bytes of a request body; uploads have the larger limit of the settings."""

MAX_PARTS = 300
"""Parts of a multipart body: more than any deployment has files."""


def create_app(
    settings: Settings,
    engine: Engine,
    journey: Journey,
    *,
    checks: Mapping[str, Check] | None = None,
) -> Flask:
    """The API as a Flask application, every route below `/api/v1` (and `/health`, `/metrics`).

    `checks` are what `/health/ready` looks at beside the database and the disk: migrations.
    """
    app, _api = _routes()
    metering = Metering(engine.database, engine.clock)
    app.extensions[EXTENSION] = Parts(
        settings,
        engine,
        journey,
        engine.sign_in_limit(settings.sign_in_attempts_per_minute),
        {**health.checks(engine, metering, settings), **(checks or {})},
        Gauges(metering, settings.data_dir),
    )
    return app


def describe() -> dict[str, Any]:
    """The OpenAPI document, made from the routes alone."""
    _app, api = _routes()
    description: dict[str, Any] = api.spec.to_dict()
    return description


class _Application(Flask):
    """Flask without asynchronous functions: it would look at every hook and view of every request
    whether it is one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is."""
        return func


def _routes() -> tuple[Flask, Api]:
    app = _Application("api", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=JSON_LIMIT,
        MAX_FORM_PARTS=MAX_PARTS,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.url_map.converters["code"] = CodeConverter
    instruments.register(app)
    security.register(app)
    errors.register(app)
    api = make_api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    probes.register(app)
    return app, api


def beside(api: Flask, pages: WSGIApplication) -> WSGIApplication:
    """One WSGI application of two: the API's paths go to `api`, all others to `pages`."""
    ours = ("/api/", "/health/", "/metrics")

    def dispatch(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen: Callable[[WSGIEnvironment, Any], Iterable[bytes]] = (
            api if str(environ.get("PATH_INFO", "")).startswith(ours) else pages
        )
        return chosen(environ, start_response)

    return dispatch
