"""JSON from callers, on its way to be sealed."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.errors import Invalid
from engine.wording import Text


def encoded(value: Any, field: str) -> bytes:
    """`value` as JSON text. Raises `Invalid` about `field` for what JSON or a database cannot
    hold: numbers beyond 64 bits or without end, half characters, nesting without end."""
    try:
        return msgspec.json.encode(value)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Invalid(
            Text(
                f"في {field} ما لا يمكن تخزينه.", f"{field} holds something that cannot be stored."
            ),
            {field: [Text("لا يمكن تخزينه.", "Cannot be stored.")]},
        ) from error
