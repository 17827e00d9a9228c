"""Moments from ISO 8601 text: durations, dates and cycles of timers and task schedules.

Years, months, weeks and days count in the calendar of the office's time zone; hours and less count
on the clock. A date alone is local midnight: at its start for a timer, after it for a deadline.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?P<time>T(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?"
    r"(?:(?P<seconds>\d{1,10})(?:\.(?P<fraction>\d{1,9}))?S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d{0,6})/(?:(?P<start>[^/P]+)/)?(?P<interval>P.+)")
_ZONE_NAME = re.compile(r"@[A-Za-z0-9_+\-/]+$|\[[A-Za-z0-9_+\-/]+\]$")
FOREVER = -1


class BadTime(ValueError):
    """The text is no ISO 8601 duration, date or cycle; the message quotes it."""


@dataclass(frozen=True)
class Duration:
    """A span of calendar months and days and of clock time."""

    months: int
    days: int
    clock: timedelta

    def after(self, moment: datetime, zone: tzinfo) -> datetime:
        """`moment` plus this duration, in UTC. Raises BadTime outside the years 1 to 9999."""
        local = moment.astimezone(zone)
        try:
            if self.months:
                years, month = divmod(local.year * 12 + local.month - 1 + self.months, 12)
                last = calendar.monthrange(years, month + 1)[1]
                local = local.replace(year=years, month=month + 1, day=min(local.day, last))
            if self.days:
                local += timedelta(days=self.days)
            return (local.astimezone(UTC) + self.clock).astimezone(UTC)
        except (ValueError, OverflowError, calendar.IllegalMonthError):
            raise BadTime("the moment is outside the calendar") from None

    def exact(self) -> timedelta:
        """As a span of clock time. Raises BadTime when it has months."""
        if self.months:
            raise BadTime("months have no fixed length here")
        return timedelta(days=self.days) + self.clock


@dataclass(frozen=True)
class Cycle:
    """`times` firings (`FOREVER`: no end), `interval` apart, the first at `start` if given."""

    times: int
    interval: Duration
    start: datetime | date | None


def parse_duration(text: str) -> Duration:
    """`P3W`, `P1DT12H`, … Raises BadTime."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or text.strip()[-1] in "PT":
        raise BadTime(f'"{text}" is not a duration')
    number = {name: int(match[name] or 0) for name in match.groupdict() if name not in _NOT_NUMBERS}
    sign = -1 if match["sign"] else 1
    micro = int((match["fraction"] or "0").ljust(6, "0")[:6])
    return Duration(
        sign * (number["years"] * 12 + number["months"]),
        sign * (number["weeks"] * 7 + number["days"]),
        sign
        * timedelta(
            hours=number["hours"],
            minutes=number["minutes"],
            seconds=number["seconds"],
            microseconds=micro,
        ),
    )


_NOT_NUMBERS = ("sign", "time", "fraction")


def parse_date(text: str) -> datetime | date:
    """A date, or a moment with or without offset. Raises BadTime."""
    plain = _ZONE_NAME.sub("", text.strip())
    try:
        if len(plain) == 10:
            return date.fromisoformat(plain)
        return datetime.fromisoformat(plain)
    except ValueError:
        raise BadTime(f'"{text}" is not a date') from None


def parse_cycle(text: str) -> Cycle:
    """`R3/P1D`, `R/PT1H`, `R2/2026-05-01T08:00:00/P1W`. Raises BadTime."""
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        raise BadTime(f'"{text}" is not a repeating interval')
    interval = parse_duration(match["interval"])
    if interval.months <= 0 and timedelta(days=interval.days) + interval.clock <= timedelta(0):
        raise BadTime(f'"{text}" repeats without any time between')
    times = int(match["times"]) if match["times"] else FOREVER
    if times == 0:
        raise BadTime(f'"{text}" never comes')
    return Cycle(times, interval, parse_date(match["start"]) if match["start"] else None)


def moment(value: datetime | date, zone: tzinfo) -> datetime:
    """In UTC; a date is local midnight at its start, a moment without offset is local.
    Raises BadTime."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise BadTime("the moment is outside the calendar") from None


def due_at(text: str, shape: str, now: datetime, zone: tzinfo) -> datetime:
    """When a timer of this shape (`date`, `duration`, or `any` of both) is due, in UTC.
    Raises BadTime."""
    if shape != "date" and text.lstrip("-").startswith("P"):
        return parse_duration(text).after(now, zone)
    return moment(parse_date(text), zone)


def deadline(text: str, now: datetime, zone: tzinfo) -> datetime:
    """When a task is due, in UTC: a duration from `now`, a moment, or the midnight after a date.
    Raises BadTime."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text).after(now, zone)
    value = parse_date(text)
    if not isinstance(value, datetime):
        if value == date.max:
            raise BadTime("the moment is outside the calendar")
        value += timedelta(days=1)
    return moment(value, zone)
