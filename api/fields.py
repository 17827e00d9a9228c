"""The marshmallow fields of API bodies: strict about JSON types, bounded, with messages as codes.

Every message is a code of `api.texts.FIELD_MESSAGES`; the error handler words it in the caller's
language. marshmallow's own fields are lenient (`"yes"` is a boolean, `"5"` an integer), which would
make the published OpenAPI description untrue.
"""

# ruff: noqa: RUF012  the message tables are read by marshmallow and never changed

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

MAX_INTEGER = 2**53 - 1
"""RFC 7493 (I-JSON) 2.2: larger integers do not survive every JSON reader."""

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that a database or an XML document refuses, and halves of surrogate pairs."""

_COMMON = {"required": "required", "null": "null"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?\Z",
    re.ASCII,
)


def length(low: int, high: int) -> validate.Length:
    """A text or list of `low` to `high` characters or items."""
    return validate.Length(min=low, max=high, error=f"length|min={low}|max={high}")


def choice(values: Iterable[str]) -> validate.OneOf:
    """One of `values`."""
    listed = tuple(values)
    return validate.OneOf(listed, error=f"choice|choices={', '.join(listed)}")


def within(low: float, high: float) -> validate.Range:
    """A number from `low` to `high`, both included."""
    return validate.Range(min=low, max=high, error=f"range|min={low}|max={high}")


def pattern(expression: str) -> validate.Regexp:
    """A text that matches `expression` from its beginning to its end."""
    return validate.Regexp(re.compile(f"^(?:{expression})$", re.ASCII), error="pattern")


class Text(fields.String):
    """A text of bounded length without control characters; line breaks and tabs are allowed."""

    default_error_messages = {
        **_COMMON,
        "invalid": "string",
        "invalid_utf8": "string",
    }

    def __init__(self, *, low: int = 0, high: int = 500, **options: Any) -> None:
        own = options.pop("validate", None)
        rules = [length(low, high), *([own] if own is not None else [])]
        super().__init__(validate=rules, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if UNSTORABLE.search(value):
            raise ma.ValidationError("characters")
        return value


class Code(Text):
    """A short technical name: a user name, a unit code, a process key, an id."""

    def __init__(self, *, high: int = 100, **options: Any) -> None:
        super().__init__(low=1, high=high, **options)


class Integer(fields.Integer):
    """A whole JSON number; 3.0 is one (JSON Schema 6.1.1), "3" and true are not."""

    default_error_messages = {
        **_COMMON,
        "invalid": "integer",
        "too_large": "integer",
    }

    def __init__(self, *, low: int = 0, high: int = MAX_INTEGER, **options: Any) -> None:
        super().__init__(validate=within(low, high), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return value


class QueryInteger(Integer):
    """A whole number in a query string: decimal digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,15}", value):
            raise self.make_error("invalid")
        return int(value)


class Number(fields.Float):
    """A finite JSON number."""

    default_error_messages = {
        **_COMMON,
        "invalid": "number",
        "too_large": "number",
        "special": "number",
    }

    def __init__(self, *, low: float = 0, high: float = MAX_INTEGER, **options: Any) -> None:
        super().__init__(validate=within(low, high), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.make_error("invalid")
        return value


class Boolean(fields.Boolean):
    """JSON true or false, nothing that merely looks like it."""

    default_error_messages = {**_COMMON, "invalid": "boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryBoolean(Boolean):
    """`true` or `false` in a query string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise self.make_error("invalid")
        return bool(value == "true")


class Day(fields.Date):
    """A calendar date, `2026-05-20` and no other of ISO 8601's forms."""

    default_error_messages = {
        **_COMMON,
        "invalid": "date",
        "format": "date",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DATE.match(value):
            raise self.make_error("invalid", input=value, obj_type="date")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.make_error("invalid", input=value, obj_type="date") from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


class Moment(fields.DateTime):
    """A moment: an offset is required on the way in, UTC with `Z` goes out."""

    default_error_messages = {
        **_COMMON,
        "invalid": "datetime",
        "format": "datetime",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            if not isinstance(value, str) or not value.isascii() or len(value) > 40:
                raise ValueError(value)
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None or "T" not in value.upper():
                raise ValueError(value)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid", input=value, obj_type="datetime") from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        moment: datetime = value if value.tzinfo is UTC else value.astimezone(UTC)
        return moment.isoformat().removesuffix("+00:00") + "Z"


class Duration(fields.String):
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; loads to a timedelta."""

    default_error_messages = {**_COMMON, "invalid": "duration"}

    def __init__(self, **options: Any) -> None:
        about = {"pattern": _DURATION.pattern.replace(r"\Z", "$"), **options.pop("metadata", {})}
        super().__init__(metadata=about, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        parts = _DURATION.match(value) if isinstance(value, str) else None
        if parts is None or not any(parts.groups()) or value.endswith("T"):
            raise self.make_error("invalid")
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


class Choice(Text):
    """One of the members of an enum (loads to the member) or of the listed texts."""

    def __init__(self, values: Iterable[str], **options: Any) -> None:
        self.members = {str(value): value for value in values}
        longest = max(map(len, self.members))
        super().__init__(high=longest, validate=choice(self.members), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        return self.members.get(text, text)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class Many(fields.List[Any]):
    """A list; `high` bounds its length on the way in."""

    default_error_messages = {**_COMMON, "invalid": "list"}

    def __init__(self, item: fields.Field[Any], *, high: int | None = None, **options: Any) -> None:
        if high is not None:
            options["validate"] = length(0, high)
        super().__init__(item, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        # A set has no order of its own, but an answer should not change from call to call.
        ordered = sorted(value) if isinstance(value, frozenset | set) else value
        return super()._serialize(ordered, attr, obj, **kwargs)


class Json(fields.Dict):
    """A JSON object of any content; the body reader has bounded its depth and its characters."""

    default_error_messages = {**_COMMON, "invalid": "object"}

    def __init__(self, **options: Any) -> None:
        about = {"additionalProperties": True, **options.pop("metadata", {})}
        super().__init__(metadata=about, **options)


class Part(fields.Nested):
    """Another schema inside this one."""

    default_error_messages = {**_COMMON, "type": "object"}
