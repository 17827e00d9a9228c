"""Reading temporal values from text: ISO 8601 as XML Schema narrows it, plus `@region` zones."""

from __future__ import annotations

import datetime as py
import re
from zoneinfo import ZoneInfo

from .errors import FeelError
from .temporal import (
    DAY_NANOS,
    NANOS,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
    zone_exists,
)

Temporal = FeelDate | FeelTime | FeelDateTime | DaysTimeDuration | YearsMonthsDuration

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?", re.ASCII
)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:(\d{1,18})D)?"
    r"(T(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d{0,30}))?S)?)?",
    re.ASCII,
)


def _nanos(fraction: str | None) -> int:
    return int((fraction or "0")[:9].ljust(9, "0"))


def parse_date(text: str) -> FeelDate:
    """Raises FeelError when `text` is no date such as 2019-05-14."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise FeelError(f"{text!r} is not a date such as 2019-05-14")
    year = int(match[2])
    return FeelDate(-year if match[1] else year, int(match[3]), int(match[4]))


def _zone_parts(text: str | None) -> tuple[int | None, str | None]:
    if not text:
        return None, None
    if text in ("Z", "z"):
        return 0, None
    if text[0] == "@":
        if not zone_exists(text[1:]):
            raise FeelError(f"there is no time zone {text[1:]!r}")
        return None, text[1:]
    hours, minutes, seconds = (int(part) for part in (text[1:] + ":00").split(":")[:3])
    if minutes > 59 or seconds > 59:
        raise FeelError(f"{text!r} is not an offset from UTC")
    total = hours * 3600 + minutes * 60 + seconds
    return (-total if text[0] == "-" else total), None


def _parse_clock(text: str) -> tuple[FeelTime, int]:
    match = _TIME.fullmatch(text)
    if match is None:
        raise FeelError(f"{text!r} is not a time such as 13:30:00")
    hour, minute, second, nano = int(match[1]), int(match[2]), int(match[3]), _nanos(match[4])
    offset, zone = _zone_parts(match[5])
    if hour == 24 and minute == second == nano == 0:
        return FeelTime(0, 0, 0, 0, offset, zone), 1
    return FeelTime(hour, minute, second, nano, offset, zone), 0


def parse_time(text: str) -> FeelTime:
    """Raises FeelError when `text` is no time such as 13:30:00, 13:30:00Z, 13:30:00@Asia/Amman."""
    return _parse_clock(text)[0]


def parse_date_time(text: str) -> FeelDateTime:
    """A date alone means its midnight. Raises FeelError."""
    day, mark, clock = text.partition("T")
    date = parse_date(day)
    if not mark:
        return FeelDateTime(date, FeelTime(0, 0, 0))
    time, carry = _parse_clock(clock)
    return FeelDateTime(FeelDate.from_epoch_day(date.epoch_day + 1) if carry else date, time)


def parse_duration(text: str) -> DaysTimeDuration | YearsMonthsDuration:
    """P1Y2M or P1DT2H3M4.5S, never mixed. Raises FeelError."""
    months = _MONTHS.fullmatch(text)
    if months is not None and (months[2] or months[3]):
        total = int(months[2] or 0) * 12 + int(months[3] or 0)
        return YearsMonthsDuration(-total if months[1] else total)
    days = _DAYS.fullmatch(text)
    if days is None or text.endswith(("P", "T")):
        raise FeelError(f"{text!r} is not a duration such as P1Y2M or P3DT4H (weeks count as days)")
    seconds = int(days[4] or 0) * 3600 + int(days[5] or 0) * 60 + int(days[6] or 0)
    nanos = int(days[2] or 0) * DAY_NANOS + seconds * NANOS + _nanos(days[7])
    return DaysTimeDuration(-nanos if days[1] else nanos)


def parse_temporal(text: str) -> Temporal:
    """What `@"..."` means: whichever of the temporal literals fits. Raises FeelError."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def from_python(value: py.date | py.time | py.timedelta) -> Temporal:
    """A FEEL value from Python's own temporal types (datetime is a date too)."""
    if isinstance(value, py.timedelta):
        seconds = value.days * 86_400 + value.seconds
        return DaysTimeDuration(seconds * NANOS + value.microseconds * 1000)
    if isinstance(value, py.datetime):
        date = FeelDate(value.year, value.month, value.day)
        return FeelDateTime(date, _clock_from_python(value, value.utcoffset()))
    if isinstance(value, py.time):
        return _clock_from_python(value, value.utcoffset())
    return FeelDate(value.year, value.month, value.day)


def _clock_from_python(value: py.datetime | py.time, shift: py.timedelta | None) -> FeelTime:
    zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
    offset = None if shift is None or zone else int(shift.total_seconds())
    nano = value.microsecond * 1000
    return FeelTime(value.hour, value.minute, value.second, nano, offset, zone)


def to_python(value: Temporal) -> py.date | py.time | py.timedelta | YearsMonthsDuration:
    """Python's own type for a FEEL temporal value, to the microsecond.

    A years and months duration stays itself: Python has none.
    Raises FeelError for a year outside 1 to 9999.
    """
    if isinstance(value, YearsMonthsDuration):
        return value
    try:
        if isinstance(value, DaysTimeDuration):
            return py.timedelta(microseconds=value.nanos // 1000)
        if isinstance(value, FeelDate):
            return py.date(value.year, value.month, value.day)
        clock = value.time if isinstance(value, FeelDateTime) else value
        info: py.tzinfo | None = ZoneInfo(clock.zone) if clock.zone else None
        if info is None and clock.offset is not None:
            info = py.timezone(py.timedelta(seconds=clock.offset)) if clock.offset else py.UTC
        time = py.time(clock.hour, clock.minute, clock.second, clock.nano // 1000, info)
        if isinstance(value, FeelTime):
            return time
        return py.datetime.combine(py.date(value.date.year, value.date.month, value.date.day), time)
    except (ValueError, OverflowError):
        raise FeelError(f"{value} is outside the years 1 to 9999") from None
