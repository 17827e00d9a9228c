"""FEEL's temporal values: dates, times, date and times and the two kinds of duration.

Python's own types end at the year 9999 and at microseconds; FEEL goes to nine digits of year and
to nanoseconds (DMN 10.3.2.3), hence these. All are immutable.
"""

from __future__ import annotations

import datetime as py
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import FeelError

NANOS = 1_000_000_000
DAY_SECONDS = 86_400
DAY_NANOS = DAY_SECONDS * NANOS
MAX_YEAR = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# A time in a region has no date, so no certain offset: the offset of this day is used.
_REFERENCE_DAY = py.date(2000, 1, 1)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """The inverse of `days_from_civil`."""
    days += 719_468
    era = days // 146_097
    of_era = days - era * 146_097
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_exists(name: str) -> bool:
    """Whether the IANA time zone database knows this region."""
    return _zone(name) is not None


def _fold_year(year: int) -> int:
    # The rules of a region are known for the years of Python's calendar only; beyond them the
    # year of the same shape within reach stands in (the Gregorian calendar repeats in 400 years).
    if year < 2:
        return 4 if is_leap(year) else 2
    return year if year <= 9998 else 9200 + year % 400


@dataclass(frozen=True, slots=True, order=True)
class FeelDate:
    """A day of the proleptic Gregorian calendar; years from -999999999 to 999999999."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not (-MAX_YEAR <= self.year <= MAX_YEAR and 1 <= self.month <= 12):
            raise FeelError(f"there is no date {self.year}-{self.month}-{self.day}")
        if not 1 <= self.day <= days_in_month(self.year, self.month):
            raise FeelError(f"there is no date {self.year}-{self.month}-{self.day}")

    @property
    def epoch_day(self) -> int:
        """Days since 1970-01-01."""
        return days_from_civil(self.year, self.month, self.day)

    @classmethod
    def from_epoch_day(cls, days: int) -> FeelDate:
        return cls(*civil_from_days(days))

    @property
    def weekday(self) -> int:
        """1 is Monday, 7 is Sunday."""
        return (self.epoch_day + 3) % 7 + 1

    def plus_months(self, months: int) -> FeelDate:
        """The same day so many months on, or that month's last day when it is shorter."""
        total = self.year * 12 + self.month - 1 + months
        year, month = total // 12, total % 12 + 1
        if abs(year) > MAX_YEAR:
            raise FeelError("the date is beyond the years that FEEL knows")
        return FeelDate(year, month, min(self.day, days_in_month(year, month)))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day, at an offset from UTC (seconds), in a region, or local (neither)."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 <= self.minute < 60 and 0 <= self.second < 60):
            raise FeelError(f"there is no time {self.hour}:{self.minute}:{self.second}")
        if self.offset is not None and abs(self.offset) > 18 * 3600:
            raise FeelError("an offset from UTC is at most 18 hours")

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight, as the clock on the wall shows it."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano

    @property
    def is_local(self) -> bool:
        return self.offset is None and self.zone is None

    def offset_seconds(self) -> int | None:
        """The offset from UTC, for a region that of 2000-01-01; None when local."""
        if self.zone is not None:
            return _zone_offset(self.zone, _REFERENCE_DAY, self)
        return self.offset

    def with_nanos(self, nanos: int) -> FeelTime:
        """This zone's time at so many nanoseconds after midnight, wrapped round the day."""
        seconds, nano = divmod(nanos % DAY_NANOS, NANOS)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return FeelTime(hour, minute, second, nano, self.offset, self.zone)

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        clock = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}"
        return clock + _zone_text(self.offset, self.zone)


def _zone_text(offset: int | None, zone: str | None) -> str:
    if zone is not None:
        return f"@{zone}"
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def _zone_offset(zone: str, day: py.date, time: FeelTime) -> int:
    info = _zone(zone)
    if info is None:
        raise FeelError(f"there is no time zone {zone!r}")
    clock = py.time(time.hour, time.minute, time.second)
    shift = py.datetime.combine(day, clock, info).utcoffset()
    return int(shift.total_seconds()) if shift is not None else 0


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A day and a time of day; the zone is the time's."""

    date: FeelDate
    time: FeelTime

    @property
    def is_local(self) -> bool:
        return self.time.is_local

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 as calendar and clock on the wall show it."""
        return self.date.epoch_day * DAY_NANOS + self.time.nanos

    def offset_seconds(self) -> int | None:
        """The offset from UTC at this moment; None when local."""
        if self.time.zone is None:
            return self.time.offset
        day = py.date(_fold_year(self.date.year), self.date.month, self.date.day)
        return _zone_offset(self.time.zone, day, self.time)

    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00Z; a local one is taken as it stands."""
        return self.local_nanos - (self.offset_seconds() or 0) * NANOS

    def plus_months(self, months: int) -> FeelDateTime:
        return FeelDateTime(self.date.plus_months(months), self.time)

    def plus_nanos(self, nanos: int) -> FeelDateTime:
        """Exact time later: in a region the clock may jump with summer time."""
        if self.time.zone is None:
            return self._at_local(self.local_nanos + nanos)
        instant = self.instant() + nanos
        guess = self._at_local(instant + (self.offset_seconds() or 0) * NANOS)
        return self._at_local(instant + (guess._utc_offset_near(instant)) * NANOS)

    def _utc_offset_near(self, instant: int) -> int:
        day = civil_from_days(instant // DAY_NANOS)
        seconds = instant % DAY_NANOS // NANOS
        info = _zone(self.time.zone or "")
        clock = py.datetime(_fold_year(day[0]), day[1], day[2], tzinfo=py.UTC)
        moment = (clock + py.timedelta(seconds=seconds)).astimezone(info)
        shift = moment.utcoffset()
        return int(shift.total_seconds()) if shift is not None else 0

    def _at_local(self, local: int) -> FeelDateTime:
        days, nanos = divmod(local, DAY_NANOS)
        return FeelDateTime(FeelDate.from_epoch_day(days), self.time.with_nanos(nanos))

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, slots=True, order=True)
class DaysTimeDuration:
    """An exact length of time, in nanoseconds."""

    nanos: int

    def part(self, divisor: int, modulus: int | None) -> int:
        """One component (days, hours, minutes, seconds) with the sign of the whole."""
        value = abs(self.nanos) // divisor
        value = value if modulus is None else value % modulus
        return -value if self.nanos < 0 else value

    def __str__(self) -> str:
        if self.nanos == 0:
            return "PT0S"
        days, rest = divmod(abs(self.nanos), DAY_NANOS)
        hours, rest = divmod(rest, 3600 * NANOS)
        minutes, rest = divmod(rest, 60 * NANOS)
        seconds, nano = divmod(rest, NANOS)
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if seconds or nano:
            fraction = f".{nano:09d}".rstrip("0") if nano else ""
            clock += f"{seconds}{fraction}S"
        sign = "-" if self.nanos < 0 else ""
        return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A length of time in whole months."""

    months: int

    def __str__(self) -> str:
        if self.months == 0:
            return "P0M"
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


MIDNIGHT_UTC = FeelTime(0, 0, 0, 0, 0)
