"""Functions of numbers (DMN tables 71 and 72)."""

from __future__ import annotations

import decimal
import random
from decimal import Decimal

from ..errors import FeelError
from ..temporal import DaysTimeDuration, YearsMonthsDuration
from ..values import NUMBERS, Value
from .signature import feel

_MIN_SCALE, _MAX_SCALE = -6111, 6176


def _rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    places = 0 if scale is None else int(scale)
    if scale is not None and not _MIN_SCALE <= scale <= _MAX_SCALE:
        raise FeelError(f"the scale must be from {_MIN_SCALE} to {_MAX_SCALE}")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return number
    wide = decimal.Context(prec=80, rounding=rounding, Emin=-6200, Emax=6200)
    return NUMBERS.plus(number.quantize(Decimal((0, (1,), -places)), context=wide))


@feel("decimal(n: number, scale: number)")
def to_scale(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, decimal.ROUND_HALF_EVEN)


@feel("floor(n: number, scale: number?)")
def floor(n: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(n, scale, decimal.ROUND_FLOOR)


@feel("ceiling(n: number, scale: number?)")
def ceiling(n: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(n, scale, decimal.ROUND_CEILING)


@feel("round up(n: number, scale: number?)")
def round_up(n: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(n, scale, decimal.ROUND_UP)


@feel("round down(n: number, scale: number?)")
def round_down(n: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(n, scale, decimal.ROUND_DOWN)


@feel("round half up(n: number, scale: number?)")
def round_half_up(n: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(n, scale, decimal.ROUND_HALF_UP)


@feel("round half down(n: number, scale: number?)")
def round_half_down(n: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(n, scale, decimal.ROUND_HALF_DOWN)


@feel("abs(n: any)")
def absolute(n: Value) -> Value:
    value = n[0] if isinstance(n, list) and len(n) == 1 else n
    if isinstance(value, Decimal):
        return NUMBERS.abs(value)
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(abs(value.nanos))
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(abs(value.months))
    raise FeelError("abs: n must be a number or a duration")


@feel("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if divisor == 0:
        raise FeelError("modulo: the divisor is zero")
    remainder = NUMBERS.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = NUMBERS.add(remainder, divisor)
    return remainder


@feel("sqrt(number: number)")
def sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise FeelError("sqrt: the number is negative")
    return NUMBERS.sqrt(number)


@feel("log(number: number)")
def log(number: Decimal) -> Decimal:
    if number <= 0:
        raise FeelError("log: the number must be above zero")
    return NUMBERS.ln(number)


@feel("exp(number: number)")
def exp(number: Decimal) -> Decimal:
    return NUMBERS.exp(number)


@feel("odd(number: number)")
def odd(number: Decimal) -> bool:
    return abs(_whole(number)) % 2 == 1


@feel("even(number: number)")
def even(number: Decimal) -> bool:
    return abs(_whole(number)) % 2 == 0


def _whole(number: Decimal) -> Decimal:
    if number != number.to_integral_value():
        return Decimal("0.5")
    return NUMBERS.remainder(number, Decimal(2)) if number.adjusted() < 34 else Decimal(0)


@feel("random number()")
def random_number() -> Decimal:
    return Decimal(repr(random.random()))  # noqa: S311 - FEEL's draw, not a secret
