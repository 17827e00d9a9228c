"""Working days in Jordan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmn import compile_expression
from engine.calendar import WorkingDays, feel_functions

CALENDAR = WorkingDays([date(2026, 1, 6)])
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 1, 4), True),  # Sunday
        (date(2026, 1, 8), True),  # Thursday
        (date(2026, 1, 9), False),  # Friday
        (date(2026, 1, 10), False),  # Saturday
        (date(2026, 1, 1), False),  # New Year
        (date(2026, 5, 25), False),  # Independence Day
        (date(2026, 1, 6), False),  # a day that the owners added
    ],
)
def test_which_days_are_working_days(day: date, working: bool) -> None:
    assert CALENDAR.is_working_day(day) is working


def test_counting_leaves_out_the_weekend_and_what_the_owners_added() -> None:
    sunday = date(2026, 1, 4)
    assert CALENDAR.add(sunday, 1) == date(2026, 1, 5)
    assert CALENDAR.add(sunday, 2) == date(2026, 1, 7)
    assert CALENDAR.add(sunday, 4) == date(2026, 1, 11)
    assert CALENDAR.add(sunday, 0) == sunday
    assert CALENDAR.add(date(2026, 1, 11), -1) == date(2026, 1, 8)


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_are_each_others_inverse(day: date, number: int) -> None:
    there = CALENDAR.add(day, number)
    assert CALENDAR.is_working_day(there)
    assert CALENDAR.between(day, there) == number
    assert CALENDAR.between(there, day) == -number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('string(add working days(date("2026-01-04"), 2))', "2026-01-06"),
        ('is working day(date("2026-01-09"))', False),
        ('working days between(date("2026-01-04"), date("2026-01-11"))', 5),
        ('add working days("2026-01-04", 2)', None),
        ('add working days(date("2026-01-04"), 1.5)', None),
        ('add working days(date("2026-01-04"), 999999)', None),
        ('add working days(date("9990-01-04"), 9000)', None),
        ('is working day(date and time("2026-01-08T23:00:00Z"))', False),  # Friday in Amman
    ],
)
def test_from_feel(text: str, value: Any) -> None:
    expression = compile_expression(text, functions=feel_functions())
    evaluation = expression.evaluate({})
    assert evaluation.value == value
    assert bool(evaluation.diagnostics) == (value is None)
