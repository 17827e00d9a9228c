"""FEEL's `string()`: how a value is written down (DMN 10.3.4.1)."""

from __future__ import annotations

import re
from decimal import Decimal

from .errors import FeelError
from .runtime import check_string
from .values import MAX_NESTING, Function, Range, Value

_PLAIN_KEY = re.compile(r"[^\W\d][\w ]*")


def number_text(number: Decimal) -> str:
    """All digits, no exponent, no zeros that say nothing."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def text_of(value: Value) -> str:
    """A string stays itself; inside lists and contexts strings are quoted.

    Raises FeelError for functions and LimitExceeded for what would grow too long.
    """
    return value if isinstance(value, str) else _nested(value, 0)


def _nested(value: Value, depth: int) -> str:  # noqa: PLR0911 - one return per kind
    if depth > MAX_NESTING:
        raise FeelError("the value is nested too deep to be written")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return _joined("[", [_nested(entry, depth + 1) for entry in value], "]")
    if isinstance(value, dict):
        entries = [f"{_key(key)}: {_nested(entry, depth + 1)}" for key, entry in value.items()]
        return _joined("{", entries, "}")
    if isinstance(value, Range):
        return _range(value, depth)
    if isinstance(value, Function):
        raise FeelError("a function cannot be written as text")
    return str(value)


def _joined(start: str, parts: list[str], end: str) -> str:
    check_string(sum(map(len, parts)))
    return start + ", ".join(parts) + end


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _quoted(key)


def _range(value: Range, depth: int) -> str:
    if value.form != "interval":
        point = value.end if value.form in ("<", "<=") else value.start
        return f"({value.form} {_nested(point, depth + 1)})"
    start, end = _nested(value.start, depth + 1), _nested(value.end, depth + 1)
    opening = "[" if value.start_included else "("
    return f"{opening}{start}..{end}{']' if value.end_included else ')'}"
