"""Reads request bodies and query strings: strict JSON, then a marshmallow schema."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import flask
import marshmallow as ma
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.fields import MAX_INTEGER, UNSTORABLE

MAX_DEPTH = 32
"""How deep arrays and objects may stand in each other."""


class FieldErrors(Exception):
    """The body or query does not fit its schema; `errors` maps paths to message codes."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("invalid request")
        self.errors = {path: list(codes) for path, codes in errors.items()}


def read_json(request: flask.Request) -> Any:
    """The JSON value of a request's body; `missing` when there is no body at all.

    Raises `BadRequest` for what is not one JSON text in UTF-8 (repeated names, NaN and Infinity
    included), `UnsupportedMediaType` for another content type, `FieldErrors` for values that are
    nested too deeply, integers beyond I-JSON's range or characters that cannot be stored.
    """
    raw = request.get_data(cache=True)
    if not raw:
        return missing
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        value = json.loads(
            raw.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_without_repeats
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    _check(value)
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return result


def _check(value: Any) -> None:
    pending: list[tuple[str, int, Any]] = [("", 0, value)]
    while pending:
        path, depth, item = pending.pop()
        code = _fault(item, depth)
        if code is not None:
            raise FieldErrors({_field(path): [code]})
        if isinstance(item, dict):
            pending.extend((f"{path}.{name}", depth + 1, part) for name, part in item.items())
        elif isinstance(item, list):
            pending.extend((f"{path}.{i}", depth + 1, part) for i, part in enumerate(item))


def _fault(item: Any, depth: int) -> str | None:
    if depth > MAX_DEPTH:
        return "depth"
    if isinstance(item, str | dict):
        text = item if isinstance(item, str) else "".join(item)  # of an object, its names
        return "characters" if UNSTORABLE.search(text) else None
    if isinstance(item, float) and not math.isfinite(item):
        return "number"
    if isinstance(item, int) and abs(item) > MAX_INTEGER:
        return f"range|min=-{MAX_INTEGER}|max={MAX_INTEGER}"
    return None


def _field(path: str) -> str:
    return path.lstrip(".") or "_"


class RequestParser(FlaskParser):
    """webargs with the strict JSON reader, refusing unknown names wherever they stand."""

    def load_json(self, req: flask.Request, schema: ma.Schema) -> Any:
        """The body, see `read_json`."""
        return read_json(req)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: flask.Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Turn marshmallow's nested messages into flat paths."""
        messages = error.messages if isinstance(error.messages, dict) else {}
        flat: dict[str, list[str]] = {}
        for located in messages.values():
            _flatten("", located, flat)
        raise FieldErrors(flat)


def _flatten(path: str, messages: Any, into: dict[str, list[str]]) -> None:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            part = "" if name == "_schema" else str(name)
            _flatten(f"{path}.{part}" if path and part else path or part, inner, into)
        return
    listed = messages if isinstance(messages, list) else [messages]
    into.setdefault(path or "_", []).extend(str(message) for message in listed)
