"""From the JSON of a form to a typed column: what does not fit is not forced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from engine.clock import TIMEZONE

LARGEST_COUNT = 2**31 - 1
LARGEST_AMOUNT = 10**7
"""What an integer column and a column of ten digits with three decimals hold."""


class Unfit(Exception):
    """The value is not of the column's type."""


def day(value: object) -> date:
    """A date from `2019-05-14`, or the local day of a moment."""
    if isinstance(value, str):
        try:
            if len(value) == 10:
                return date.fromisoformat(value)
            return moment(value).astimezone(TIMEZONE).date()
        except ValueError as error:
            raise Unfit from error
    raise Unfit


def moment(value: object) -> datetime:
    """A moment in UTC from ISO text; without an offset it is local time in Amman."""
    if not isinstance(value, str):
        raise Unfit
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise Unfit from error
    if read.tzinfo is None:
        read = read.replace(tzinfo=TIMEZONE)
    return read.astimezone(UTC)


def flag(value: object) -> bool:
    """A yes or no."""
    if isinstance(value, bool):
        return value
    raise Unfit


def count(value: object) -> int:
    """A whole number that the column can hold."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_COUNT:
        raise Unfit
    return value


def amount(value: object) -> float:
    """A number that the column can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit
    if not abs(value) < LARGEST_AMOUNT:
        raise Unfit
    return float(value)


def code(value: object) -> str:
    """A short text."""
    if isinstance(value, str) and len(value) <= 120:
        return value
    raise Unfit


def codes(value: object) -> list[str]:
    """A list of short texts."""
    if isinstance(value, list):
        return [code(item) for item in value]
    raise Unfit


Reader = Callable[[object], object]
