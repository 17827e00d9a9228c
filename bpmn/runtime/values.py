"""Variables are plain JSON: checked and copied whenever they come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bpmn.runtime.problem import BadValue

_encoder = msgspec.msgpack.Encoder(decimal_format="number")
_decoder = msgspec.msgpack.Decoder()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of JSON-able values that shares nothing with them. Raises BadValue."""
    for name in values:
        if not isinstance(name, str):
            raise BadValue(f"A variable's name must be text, not {name!r}.")
    try:
        copy: dict[str, Any] = _decoder.decode(_encoder.encode(dict(values)))
    except (TypeError, OverflowError, ValueError, RecursionError) as error:
        raise BadValue(f"A value cannot be kept as a variable: {error}.") from None
    return copy


def assign(target: str, value: Any, existing: Any) -> tuple[str, Any]:
    """The variable that a mapping's target writes and its new value: `a.b` puts `value` into the
    context `a`, beside what `existing` (the present value of `a`) holds."""
    name, *path = target.split(".")
    if not path:
        return name, value
    root: dict[str, Any] = dict(existing) if isinstance(existing, dict) else {}
    place = root
    for step in path[:-1]:
        inner = place.get(step)
        place[step] = dict(inner) if isinstance(inner, dict) else {}
        place = place[step]
    place[path[-1]] = value
    return name, root
