"""Working days in Jordan, as FEEL functions for deadlines in diagrams, tables and forms.

The weekend is Friday and Saturday; public holidays come from the `holidays` package, and the
owners add dates that only a decree fixes (`holidays` in the settings).

    add working days(date, n)          the n-th working day after (before, if n < 0) the date
    is working day(date)               true or false
    working days between(from, to)     how many working days lie after `from` up to and with `to`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import holidays

from dmn import BuiltinFunction
from engine.clock import TIMEZONE

_WEEKEND = frozenset({4, 5})  # Friday, Saturday
_FIRST, _LAST = 2, 9998
_FURTHEST = 20_000
"""The most days that one call counts: about fifty years."""


class WorkingDays:
    """Jordan's calendar with the dates that the owners add."""

    def __init__(self, extra: Iterable[date] = ()) -> None:
        self._extra = frozenset(extra)
        self._public: Mapping[date, str] = holidays.country_holidays("JO")

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open that day."""
        return day.weekday() not in _WEEKEND and day not in self._extra and day not in self._public

    def add(self, day: date, number: int) -> date:
        """The `number`-th working day after `day` (before it, if negative); with 0 the day itself.

        Raises `ValueError` beyond the calendar.
        """
        if not _FIRST < day.year + number / 200 < _LAST:
            raise ValueError(f"{number} working days from {day} is outside the calendar")
        step = timedelta(days=1 if number > 0 else -1)
        left = abs(number)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative backwards."""
        if end < start:
            return -self.between(end, start)
        days = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=n + 1)) for n in range(days))


def feel_functions(extra: Iterable[date] = ()) -> dict[str, BuiltinFunction]:
    """The working-day functions by the names that FEEL calls them. An argument that is not what it
    must be makes null, with a diagnostic."""
    calendar = WorkingDays(extra)

    def add(day: Any, number: Any) -> date:
        return calendar.add(_day(day), _count(number))

    def is_working_day(day: Any) -> bool:
        return calendar.is_working_day(_day(day))

    def between(start: Any, end: Any) -> Decimal:
        first, last = _day(start), _day(end)
        if abs((last - first).days) > _FURTHEST:
            raise ValueError(f"from {first} to {last} is too far to count working days")
        return Decimal(calendar.between(first, last))

    return {
        "add working days": BuiltinFunction(("date", "n"), add),
        "is working day": BuiltinFunction(("date",), is_working_day),
        "working days between": BuiltinFunction(("from", "to"), between),
    }


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.astimezone(TIMEZONE).date() if value.tzinfo is not None else value.date()
    if isinstance(value, date):
        return value
    raise ValueError(f"working days need a date, not {value!r}; a text wants date(...) around it")


def _count(value: Any) -> int:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        if abs(value) <= _FURTHEST:
            return int(value)
        raise ValueError(f"{value} working days are too many")
    raise ValueError(f"the number of working days must be whole, not {value!r}")
