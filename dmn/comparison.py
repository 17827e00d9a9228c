"""Equality and order of FEEL values (DMN 10.3.2.13, tables 53 to 55), ranges and membership.

Three-valued: True, False, or None when the values cannot be compared.
"""

from __future__ import annotations

from decimal import Decimal

from .temporal import (
    NANOS,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)
from .values import Function, Range, Value, Walk

_ORDERED = (Decimal, str, FeelDate, DaysTimeDuration, YearsMonthsDuration)


def equals(left: Value, right: Value, walk: Walk | None = None) -> bool | None:  # noqa: PLR0911 - a kind each
    """None when the two are of different kinds; null equals only null."""
    kind = type(left)
    if kind is not type(right):
        if left is None or right is None:
            return False
        return left is right if isinstance(left, Function) else None
    if kind is list:
        return _equal_lists(left, right, walk or Walk())
    if kind is dict:
        return _equal_contexts(left, right, walk or Walk())
    if kind is FeelTime or kind is FeelDateTime:
        return _equal_clocks(left, right)
    if kind is Range:
        return _equal_ranges(left, right)
    return bool(left == right)


def _equal_lists(left: list[Value], right: list[Value], walk: Walk) -> bool:
    if len(left) != len(right):
        return False
    if left is right:
        return True
    walk.step(1 + len(left))
    return all(equals(a, b, walk) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Value], right: dict[str, Value], walk: Walk) -> bool:
    if left is right:
        return True
    if left.keys() != right.keys():
        return False
    walk.step(1 + len(left))
    return all(equals(value, right[key], walk) is True for key, value in left.items())


def _equal_clocks(left: FeelTime | FeelDateTime, right: FeelTime | FeelDateTime) -> bool:
    # Compared by the second, as the components of table 53 are.
    a, b = _point(left), _point(right)
    return a[0] == b[0] and a[1] // NANOS == b[1] // NANOS


def _point(value: FeelTime | FeelDateTime) -> tuple[bool, int]:
    """Whether it is local, and nanoseconds on the scale it shares with its likes."""
    if isinstance(value, FeelDateTime):
        return value.is_local, value.instant()
    return value.is_local, value.nanos - (value.offset_seconds() or 0) * NANOS


def _equal_ranges(left: Range, right: Range) -> bool:
    return (
        left.form == right.form
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equals(left.start, right.start) is True
        and equals(left.end, right.end) is True
    )


def same(left: Value, right: Value) -> bool:
    """FEEL's `is`: the same kind and the same value, zone and fraction of a second included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (FeelTime, FeelDateTime)):
        return bool(left == right)
    return equals(left, right) is True


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None when the two have no order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return -1 if left < right else (1 if left > right else 0)
    if kind is FeelTime or kind is FeelDateTime:
        a, b = _point(left), _point(right)
        if a[0] != b[0]:
            return None
        return -1 if a[1] < b[1] else (1 if a[1] > b[1] else 0)
    return None


def in_range(value: Value, bounds: Range) -> bool | None:
    """None when the value is null, of another kind, or an end point is unknown."""
    if bounds.form == "=":
        return equals(value, bounds.start)
    if bounds.form == "!=":
        equal = equals(value, bounds.start)
        return None if equal is None else not equal
    above: bool | None = True
    below: bool | None = True
    if bounds.start is not None or bounds.form == "interval":
        above = _beyond(order(value, bounds.start), bounds.start_included)
    if bounds.end is not None or bounds.form == "interval":
        below = _beyond(order(bounds.end, value), bounds.end_included)
    if above is None or below is None:
        return None
    return above and below


def _beyond(comparison: int | None, included: bool) -> bool | None:
    if comparison is None:
        return None
    return comparison > 0 or (included and comparison == 0)


def is_in(value: Value, test: Value) -> bool | None:
    """`value in test`, where test is a value, a range, or a list of either (table 55)."""
    if isinstance(test, Range):
        return equals(value, test) if isinstance(value, Range) else in_range(value, test)
    if isinstance(test, list):
        if isinstance(value, list) and equals(value, test) is True:
            return True
        return any(_matches_element(value, element) for element in test)
    return equals(value, test)


def _matches_element(value: Value, element: Value) -> bool:
    if isinstance(element, Range) and not isinstance(value, Range):
        return in_range(value, element) is True
    if isinstance(element, list) and not isinstance(value, list):
        return any(_matches_element(value, inner) for inner in element)
    return equals(value, element) is True
