"""A route with nothing behind it: what the machine of the day makes of HTTP, Flask, flask-smorest
and marshmallow alone. Machines differ by more than products do; beside this figure the others can
be compared with those of another machine."""

from __future__ import annotations

import sys
from typing import Any

import marshmallow as ma
from flask import Flask
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]  # it ships no types

from benchmarks.client import PREFIX, LoadClient
from benchmarks.places import Installation
from benchmarks.serving import Child, free_port


class _Sent(ma.Schema):
    text = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)


def application() -> Flask:
    """One route that reads a body by a schema and answers by the same."""
    app = Flask(__name__)
    app.config.update(API_TITLE="bare", API_VERSION="1", OPENAPI_VERSION="3.0.3")
    routes = Blueprint("bare", __name__, url_prefix=PREFIX)

    def bare(sent: dict[str, Any]) -> dict[str, Any]:
        return sent

    view = routes.arguments(_Sent)(routes.response(200, _Sent)(bare))
    routes.route("/bare", methods=["POST"])(view)
    Api(app).register_blueprint(routes)
    app.add_url_rule("/health/live", view_func=lambda: "", endpoint="live")
    return app


class _Serving(Child):
    """gunicorn as it comes, with threads, over that one route. A context manager."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation, "bare.log")
        self.port = free_port()

    def __enter__(self) -> _Serving:
        self.begin(
            [
                *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
                *("--worker-class", "gthread", "--threads", "8"),
                *("--bind", f"127.0.0.1:{self.port}", "benchmarks.bare_route:application()"),
            ]
        )
        self.wait_until_it_answers(self.port)
        return self


def measured(place: Installation, count: int) -> tuple[float, float]:
    """Requests a second of one client, and milliseconds of server CPU for each."""
    with _Serving(place) as server, LoadClient(server.port, "") as client:
        client.order("bare", [""] * max(10, count // 10))
        cpu = server.cpu()
        done = client.order("bare", [""] * count)
        cpu = server.cpu() - cpu
    return count / done["wall"], cpu / count * 1000
