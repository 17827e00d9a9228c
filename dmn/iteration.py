"""What `for`, `some` and `every` run over: lists, and ranges of whole numbers or dates."""

from __future__ import annotations

from decimal import Decimal

from .comparison import order
from .errors import FeelError
from .runtime import Run, check_list
from .temporal import FeelDate
from .values import Range, Value, kind_of


def elements(value: Value, run: Run) -> list[Value]:
    """The elements of a list; of a closed range its members; a single value is a list of one.

    Raises FeelError for null and for what cannot be counted through.
    """
    if isinstance(value, list):
        run.spend(len(value))
        return value
    if value is None:
        raise FeelError("there is nothing to go through: the list is null")
    if isinstance(value, Range):
        return _members(value, run)
    return [value]


def _members(bounds: Range, run: Run) -> list[Value]:
    if bounds.form != "interval":
        raise FeelError("only a range with both end points can be gone through")
    if order(bounds.start, bounds.end) == 1:
        raise FeelError("the range ends before it starts")
    counted = count_through(bounds.start, bounds.end, run)
    if counted and not bounds.start_included:
        counted = counted[1:]
    if counted and not bounds.end_included and counted[-1] == bounds.end:
        counted = counted[:-1]
    return counted


def count_through(start: Value, end: Value, run: Run) -> list[Value]:
    """`start..end` of an iteration, up or down by one, both ends included. Raises FeelError."""
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        if start != start.to_integral_value() or end != end.to_integral_value():
            raise FeelError("an iteration counts through whole numbers")
        _check_size(abs(int(end - start)) if abs(end - start) < 10**9 else 10**9, run)
        return [Decimal(number) for number in _steps(int(start), int(end))]
    if isinstance(start, FeelDate) and isinstance(end, FeelDate):
        first, last = start.epoch_day, end.epoch_day
        _check_size(abs(last - first), run)
        return [FeelDate.from_epoch_day(day) for day in _steps(first, last)]
    raise FeelError(f"cannot count from {kind_of(start)} to {kind_of(end)}")


def _check_size(distance: int, run: Run) -> None:
    check_list(distance + 1)
    run.spend(distance + 1)


def _steps(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)
