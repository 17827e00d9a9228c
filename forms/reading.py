"""From the bytes of a form file to plain JSON, within limits."""

from __future__ import annotations

import json
from typing import Any

MAX_BYTES = 512 * 1024
MAX_DEPTH = 24


class Unreadable(Exception):
    """The bytes are not a JSON object within the limits; the text says why."""


def read_json(content: bytes) -> dict[str, Any]:
    """The JSON object. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"the file is larger than {MAX_BYTES // 1024} kB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file is not UTF-8 (byte {error.start})") from error
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError as error:
        raise Unreadable("the file nests too deep") from error
    except ValueError as error:
        raise Unreadable(f"the file is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unreadable("the file does not hold a JSON object")
    _check_depth(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name {name!r} stands twice in one object")
        found[name] = value
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise Unreadable(f"the file nests deeper than {MAX_DEPTH} levels")
