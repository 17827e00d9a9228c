"""Members of values: context entries, and the properties of temporal values and ranges
(DMN table 65)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .errors import FeelError
from .temporal import (
    DAY_NANOS,
    NANOS,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)
from .values import Range, Value, kind_of


def _duration_offset(time: FeelTime | FeelDateTime) -> DaysTimeDuration | None:
    seconds = time.offset_seconds()
    return None if seconds is None else DaysTimeDuration(seconds * NANOS)


def _years(value: YearsMonthsDuration) -> int:
    years = abs(value.months) // 12
    return -years if value.months < 0 else years


def _months(value: YearsMonthsDuration) -> int:
    months = abs(value.months) % 12
    return -months if value.months < 0 else months


def _seconds(time: FeelTime) -> int:
    return time.second


_DATE: dict[str, Callable[[FeelDate], Value]] = {
    "year": lambda date: date.year,
    "month": lambda date: date.month,
    "day": lambda date: date.day,
    "weekday": lambda date: date.weekday,
}
_CLOCK: dict[str, Callable[[FeelTime], Value]] = {
    "hour": lambda time: time.hour,
    "minute": lambda time: time.minute,
    "second": _seconds,
}
_TIME: dict[str, Callable[[FeelTime], Value]] = {
    **_CLOCK,
    "time offset": _duration_offset,
    "timezone": lambda time: time.zone,
}
_DAYS: dict[str, Callable[[DaysTimeDuration], Value]] = {
    "days": lambda value: value.part(DAY_NANOS, None),
    "hours": lambda value: value.part(3600 * NANOS, 24),
    "minutes": lambda value: value.part(60 * NANOS, 60),
    "seconds": lambda value: value.part(NANOS, 60),
}
_MONTHS: dict[str, Callable[[YearsMonthsDuration], Value]] = {"years": _years, "months": _months}
_RANGE: dict[str, Callable[[Range], Value]] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}


def _date_time(name: str) -> Callable[[FeelDateTime], Value] | None:
    if name in _DATE:
        of_date = _DATE[name]
        return lambda value: of_date(value.date)
    if name in _CLOCK:
        of_clock = _CLOCK[name]
        return lambda value: of_clock(value.time)
    if name == "time offset":
        return _duration_offset
    return (lambda value: value.time.zone) if name == "timezone" else None


_DATE_TIME = {name: _date_time(name) for name in (*_DATE, *_TIME)}
_BY_TYPE: dict[type, dict[str, Callable[..., Value] | None]] = {
    FeelDate: {**_DATE},
    FeelTime: {**_TIME},
    FeelDateTime: {**_DATE_TIME},
    DaysTimeDuration: {**_DAYS},
    YearsMonthsDuration: {**_MONTHS},
    Range: {**_RANGE},
}


def member(value: Value, name: str) -> Value:
    """`value.name`; of a list, the list of its elements' members.

    Raises FeelError when the value has no such member.
    """
    if isinstance(value, dict):
        if name in value:
            return value[name]
        raise FeelError(f"the context has no entry {name!r}")
    if isinstance(value, list):
        return [_element_member(element, name) for element in value]
    known = _BY_TYPE.get(type(value))
    reader = known.get(name) if known else None
    if reader is None:
        raise FeelError(f"{kind_of(value)} has no member {name!r}")
    result = reader(value)
    return Decimal(result) if type(result) is int else result


def _element_member(element: Value, name: str) -> Value:
    try:
        return member(element, name)
    except FeelError:
        return None
