"""Functions of dates, times and durations (DMN tables 69, 73, 79)."""

from __future__ import annotations

import datetime as py
from decimal import Decimal

from ..errors import FeelError
from ..runtime import Run
from ..temporal import (
    MIDNIGHT_UTC,
    NANOS,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
    zone_exists,
)
from ..temporal_text import from_python, parse_date, parse_date_time, parse_duration, parse_time
from ..values import Value, kind_of
from .signature import WrongOverload, feel

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _single(value: Value) -> Value:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _whole(name: str, number: Decimal) -> int:
    if number != number.to_integral_value() or abs(number) > 10**9:
        raise FeelError(f"{name} must be a whole number, but is {number}")
    return int(number)


@feel("date(from: any)")
def date(value: Value) -> FeelDate:
    value = _single(value)
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, FeelDateTime):
        return value.date
    if isinstance(value, FeelDate):
        return value
    raise FeelError(f"date: no date can be made from {kind_of(value)}")


@feel("date(year: number, month: number, day: number)")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> FeelDate:
    return FeelDate(_whole("year", year), _whole("month", month), _whole("day", day))


@feel("time(from: any)")
def time(value: Value) -> FeelTime:
    value = _single(value)
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, FeelDateTime):
        return value.time
    if isinstance(value, FeelTime):
        return value
    if isinstance(value, FeelDate):
        return MIDNIGHT_UTC
    raise FeelError(f"time: no time can be made from {kind_of(value)}")


@feel("time(hour: number, minute: number, second: number, offset: days and time duration?|null)")
def time_of(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None = None
) -> FeelTime:
    if not 0 <= second < 60:
        raise FeelError("time: the second must be from 0 to 59")
    whole = int(second)
    nano = int((second - whole) * NANOS)
    shift = None
    if offset is not None:
        if abs(offset.nanos) > 18 * 3600 * NANOS:
            raise FeelError("time: an offset from UTC is at most 18 hours")
        shift = offset.part(NANOS, None)
    return FeelTime(_whole("hour", hour), _whole("minute", minute), whole, nano, shift)


@feel("date and time(from: any)")
def date_and_time(value: Value) -> FeelDateTime:
    value = _single(value)
    if isinstance(value, str):
        return parse_date_time(value)
    if isinstance(value, FeelDateTime):
        return value
    if isinstance(value, FeelDate):
        return FeelDateTime(value, MIDNIGHT_UTC)
    raise FeelError(f"date and time: no date and time can be made from {kind_of(value)}")


@feel("date and time(date: any, time: any)")
def date_and_time_of(day: Value, clock: Value) -> FeelDateTime:
    day, clock = _single(day), _single(clock)
    if isinstance(day, FeelDateTime) and isinstance(clock, str):
        return date_and_time_in(day, clock)
    if isinstance(day, FeelDateTime):
        day = day.date
    if not isinstance(day, FeelDate) or not isinstance(clock, FeelTime):
        raise FeelError("date and time: takes a date (or date and time) and a time")
    return FeelDateTime(day, clock)


@feel("date and time(date: date and time, timezone: string)")
def date_and_time_in(moment: FeelDateTime, zone: str) -> FeelDateTime:
    """The same moment as the clocks of another region show it."""
    if not zone_exists(zone):
        raise FeelError(f"date and time: there is no time zone {zone!r}")
    utc = FeelDateTime(FeelDate(1970, 1, 1), FeelTime(0, 0, 0, 0, None, zone))
    if moment.is_local:
        clock = moment.time
        there = FeelTime(clock.hour, clock.minute, clock.second, clock.nano, None, zone)
        return FeelDateTime(moment.date, there)
    return utc.plus_nanos(moment.instant() - utc.instant())


@feel(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, "
    "second: number, offset: any?)"
)
def date_and_time_of_parts(  # noqa: PLR0917 - as the standard has it
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: Value = None,
) -> FeelDateTime:
    if isinstance(offset, str):
        clock = time_of(hour, minute, second)
        if not zone_exists(offset):
            raise FeelError(f"date and time: there is no time zone {offset!r}")
        clock = FeelTime(clock.hour, clock.minute, clock.second, clock.nano, None, offset)
    elif offset is None or isinstance(offset, DaysTimeDuration):
        clock = time_of(hour, minute, second, offset)
    else:
        raise FeelError("date and time: the offset must be a days and time duration")
    return FeelDateTime(date_of(year, month, day), clock)


@feel("duration(from: any)")
def duration(value: Value) -> DaysTimeDuration | YearsMonthsDuration:
    value = _single(value)
    if isinstance(value, (DaysTimeDuration, YearsMonthsDuration)):
        return value
    if not isinstance(value, str):
        raise FeelError(f"duration: no duration can be made from {kind_of(value)}")
    return parse_duration(value)


@feel("years and months duration(from: date or date and time, to: date or date and time)")
def years_and_months(start: Value, end: Value) -> YearsMonthsDuration:
    """Whole months between two days; days short of a month do not count."""
    first = start.date if isinstance(start, FeelDateTime) else start
    last = end.date if isinstance(end, FeelDateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)


@feel("now()", needs_run=True)
def now(run: Run) -> Value:
    return from_python(run.now)


@feel("today()", needs_run=True)
def today(run: Run) -> Value:
    return from_python(run.now.date())


def _day(name: str, value: FeelDate | FeelDateTime) -> FeelDate:
    if isinstance(value, FeelDateTime):
        return value.date
    if not isinstance(value, FeelDate):
        raise WrongOverload(f"{name}: date must be a date")
    return value


@feel("day of year(date: date or date and time)")
def day_of_year(value: FeelDate | FeelDateTime) -> Decimal:
    day = _day("day of year", value)
    return Decimal(day.epoch_day - FeelDate(day.year, 1, 1).epoch_day + 1)


@feel("day of week(date: date or date and time)")
def day_of_week(value: FeelDate | FeelDateTime) -> str:
    return _DAYS[_day("day of week", value).weekday - 1]


@feel("month of year(date: date or date and time)")
def month_of_year(value: FeelDate | FeelDateTime) -> str:
    return _MONTHS[_day("month of year", value).month - 1]


@feel("week of year(date: date or date and time)")
def week_of_year(value: FeelDate | FeelDateTime) -> Decimal:
    """ISO 8601: the week that holds the year's first Thursday is week 1."""
    day = _day("week of year", value)
    folded = day.year if 2 <= day.year <= 9997 else 4000 + day.year % 400
    return Decimal(py.date(folded, day.month, day.day).isocalendar().week)
