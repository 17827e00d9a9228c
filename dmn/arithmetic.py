"""FEEL's arithmetic (DMN 10.3.2.12, table 57). Every function raises FeelError when the operands
do not go together; the caller turns that into null."""

from __future__ import annotations

import decimal
from decimal import Decimal

from .errors import FeelError
from .runtime import check_string
from .temporal import (
    DAY_NANOS,
    MIDNIGHT_UTC,
    NANOS,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)
from .values import NUMBERS, Value, kind_of

_MAX_MONTHS = 12 * 10**12
_MAX_NANOS = 10**30


def _refuse(verb: str, left: Value, right: Value) -> FeelError:
    return FeelError(f"cannot {verb} {kind_of(left)} and {kind_of(right)}")


def months(total: int) -> YearsMonthsDuration:
    if abs(total) > _MAX_MONTHS:
        raise FeelError("the duration is too long")
    return YearsMonthsDuration(total)


def nanos(total: int) -> DaysTimeDuration:
    if abs(total) > _MAX_NANOS:
        raise FeelError("the duration is too long")
    return DaysTimeDuration(total)


def _calculate(operation: str, left: Decimal, right: Decimal) -> Decimal:
    try:
        result = getattr(NUMBERS, operation)(left, right)
    except decimal.DivisionByZero:
        raise FeelError("division by zero") from None
    except decimal.DecimalException:
        raise FeelError("the number is out of FEEL's bounds or not defined") from None
    return Decimal(result)


def add(left: Value, right: Value) -> Value:
    """number, string, date and duration sums; Raises FeelError."""
    if type(left) is Decimal and type(right) is Decimal:
        return _calculate("add", left, right)
    if type(left) is str and type(right) is str:
        check_string(len(left) + len(right))
        return left + right
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return months(left.months + right.months)
    if isinstance(left, DaysTimeDuration) and isinstance(right, DaysTimeDuration):
        return nanos(left.nanos + right.nanos)
    if isinstance(left, (YearsMonthsDuration, DaysTimeDuration)):
        moved = _move(right, left, 1)
    else:
        moved = _move(left, right, 1)
    if moved is None:
        raise _refuse("add", left, right)
    return moved


def _move(point: Value, length: Value, sign: int) -> Value:  # noqa: PLR0911 - one per kind
    """A date, time or date and time moved by a duration; None when they do not fit."""
    if isinstance(length, YearsMonthsDuration):
        if isinstance(point, (FeelDate, FeelDateTime)):
            return point.plus_months(sign * length.months)
        return None
    if not isinstance(length, DaysTimeDuration):
        return None
    step = sign * length.nanos
    if isinstance(point, FeelDate):
        return FeelDate.from_epoch_day(point.epoch_day + step // DAY_NANOS)
    if isinstance(point, FeelDateTime):
        return point.plus_nanos(step)
    if isinstance(point, FeelTime):
        return point.with_nanos(point.nanos + step)
    return None


def subtract(left: Value, right: Value) -> Value:
    """Raises FeelError."""
    if type(left) is Decimal and type(right) is Decimal:
        return _calculate("subtract", left, right)
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return months(left.months - right.months)
    if isinstance(left, DaysTimeDuration) and isinstance(right, DaysTimeDuration):
        return nanos(left.nanos - right.nanos)
    difference = _between(left, right)
    if difference is None:
        difference = _move(left, right, -1)
    if difference is None:
        raise _refuse("subtract", left, right)
    return difference


def _between(left: Value, right: Value) -> DaysTimeDuration | None:
    if isinstance(left, FeelTime) and isinstance(right, FeelTime):
        return _difference(left, right, _time_nanos(left), _time_nanos(right))
    if isinstance(left, FeelDate) and isinstance(right, FeelDate):
        return nanos((left.epoch_day - right.epoch_day) * DAY_NANOS)
    start, end = _as_moment(left), _as_moment(right)
    if start is None or end is None:
        return None
    return _difference(start, end, start.instant(), end.instant())


def _time_nanos(time: FeelTime) -> int:
    return time.nanos - (time.offset_seconds() or 0) * NANOS


def _difference(
    left: FeelTime | FeelDateTime, right: FeelTime | FeelDateTime, start: int, end: int
) -> DaysTimeDuration:
    if left.is_local != right.is_local:
        raise FeelError("cannot subtract a value with a time zone and one without")
    return nanos(start - end)


def _as_moment(value: Value) -> FeelDateTime | None:
    if isinstance(value, FeelDate):
        return FeelDateTime(value, MIDNIGHT_UTC)
    return value if isinstance(value, FeelDateTime) else None


def multiply(left: Value, right: Value) -> Value:
    """Raises FeelError."""
    if type(left) is Decimal:
        if type(right) is Decimal:
            return _calculate("multiply", left, right)
        left, right = right, left
    if type(right) is Decimal:
        if isinstance(left, YearsMonthsDuration):
            return months(_whole(_calculate("multiply", Decimal(left.months), right)))
        if isinstance(left, DaysTimeDuration):
            return nanos(_whole(_calculate("multiply", Decimal(left.nanos), right)))
    raise _refuse("multiply", left, right)


def _whole(number: Decimal) -> int:
    if number.adjusted() > 40:
        raise FeelError("the duration is too long")
    return int(number)


def divide(left: Value, right: Value) -> Value:
    """Raises FeelError."""
    if type(right) is Decimal:
        if type(left) is Decimal:
            return _calculate("divide", left, right)
        if isinstance(left, YearsMonthsDuration):
            return months(_whole(_calculate("divide", Decimal(left.months), right)))
        if isinstance(left, DaysTimeDuration):
            return nanos(_whole(_calculate("divide", Decimal(left.nanos), right)))
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return _calculate("divide", Decimal(left.months), Decimal(right.months))
    if isinstance(left, DaysTimeDuration) and isinstance(right, DaysTimeDuration):
        return _calculate("divide", Decimal(left.nanos), Decimal(right.nanos))
    raise _refuse("divide", left, right)


def power(left: Value, right: Value) -> Value:
    """Raises FeelError."""
    if type(left) is Decimal and type(right) is Decimal:
        return _calculate("power", left, right)
    raise _refuse("raise to a power", left, right)


def negate(value: Value) -> Value:
    """Raises FeelError."""
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(-value.months)
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(-value.nanos)
    raise FeelError(f"cannot negate {kind_of(value)}")
