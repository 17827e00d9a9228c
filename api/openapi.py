"""The flask-smorest API object, with problem+json as the only shape of errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import flask_smorest  # type: ignore[import-untyped]  # the package ships no types
from flask import Flask

from api.problems import MEDIA_TYPE, Problem
from api.routing import CODE_PATTERN, CodeConverter

PREFIX = "/api/v1"


class Api(flask_smorest.Api):  # type: ignore[misc]  # its base has no types
    """flask-smorest without its own error handler, which drops `Allow` from a 405."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """`api.errors` handles every error."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            if status >= HTTPStatus.BAD_REQUEST:
                body: dict[str, Any] = {
                    "description": status.phrase,
                    "content": {MEDIA_TYPE: {"schema": Problem}},
                }
                self.spec.components.response(status.name, body, lazy=True)


def make_api(app: Flask) -> Api:
    """The API description of `app`, served at `/api/v1/openapi.json`."""
    app.config.update(
        API_TITLE="Rihla",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(
        app,
        spec_kwargs={
            "info": {
                "description": (
                    "Runs a client journey from BPMN diagrams, DMN tables and forms. Times are "
                    "ISO 8601 in UTC, ids are opaque texts, errors are RFC 9457 problem details."
                )
            },
            "servers": [{"url": "/"}],
            "security": [{"bearer": []}],
        },
    )
    api.spec.components.security_scheme(
        "bearer",
        {"type": "http", "scheme": "bearer", "description": "A token of POST /auth/token."},
    )
    api.register_converter(
        CodeConverter, lambda _converter: {"type": "string", "pattern": CODE_PATTERN}
    )
    return api
