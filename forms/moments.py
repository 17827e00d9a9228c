"""Dates, times and moments as ISO 8601 text: strict reading, one way of writing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
"""Years outside are typing errors, and some databases and clients cannot hold them."""


def parse_date(value: object) -> date | None:
    """A calendar date from `2025-03-31`."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def parse_time(value: object) -> time | None:
    """A time of day from `09:30` or `09:30:00`."""
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        return None
    try:
        return time.fromisoformat(value)
    except ValueError:
        return None


def parse_datetime(value: object, zone: ZoneInfo) -> datetime | None:
    """A moment from ISO text; without an offset it is local time in `zone`."""
    if not isinstance(value, str) or _DATETIME.fullmatch(value) is None:
        return None
    if parse_date(value[:10]) is None:
        return None
    try:
        found = datetime.fromisoformat(_six_digits(value))
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_datetime(moment: datetime) -> str:
    """`2025-03-31T06:30:00Z`: UTC, whole seconds."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in `zone`."""
    return datetime.combine(day, time(), tzinfo=zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of `day` in `zone`."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def _six_digits(text: str) -> str:
    # fromisoformat keeps microseconds at most; clients may send nanoseconds
    return re.sub(r"(\.\d{6})\d+", r"\1", text)
