"""FEEL's values in Python, and the way from and to plain JSON.

number: Decimal (34 digits, half-even) · string: str · boolean: bool · null: None · list: list ·
context: dict · range: Range · function: Function · temporal values: see `temporal`.
"""

from __future__ import annotations

import datetime as py
import decimal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from .errors import FeelError, LimitExceeded
from .temporal import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)
from .temporal_text import from_python, to_python

if TYPE_CHECKING:
    from .runtime import Run

Value: TypeAlias = Any
"""A FEEL value; the language is dynamically typed, so this is the honest type."""

# IEEE 754-2008 decimal128, as DMN 10.3.2.3.1 asks.
NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)

MAX_NODES = 1_000_000
"""A value with more parts than this is refused: nested sharing can make a small one endless."""

MAX_NESTING = 200


@dataclass(frozen=True, slots=True)
class Range:
    """A range of values. `form` is "interval" for `[a..b]`, else the operator of `(< 10)`.

    In an interval a null end point is unknown; in the other forms it is unbounded.
    """

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    form: str = "interval"


class Function(ABC):
    """Anything FEEL can call. `parameters` are the names for calls with named arguments."""

    name: str
    parameters: tuple[str, ...]

    @abstractmethod
    def call(self, run: Run, arguments: list[Value]) -> Value:
        """Raises FeelError when the arguments do not fit."""

    @abstractmethod
    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        """Raises FeelError when the arguments do not fit."""


class Walk:
    """Counts the parts of a value while it is walked through."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_NODES

    def step(self, parts: int = 1) -> None:
        """Raises LimitExceeded when the value has too many parts."""
        self.left -= parts
        if self.left < 0:
            raise LimitExceeded(f"a value has more than {MAX_NODES} parts")


_FEEL_TYPES: tuple[type, ...] = (
    FeelDate,
    FeelTime,
    FeelDateTime,
    DaysTimeDuration,
    YearsMonthsDuration,
    Range,
    Function,
)
_LARGE = 10**34
_PLAIN = frozenset((str, bool, type(None)))


def from_json(value: object) -> Value:
    """The FEEL value of plain JSON (or of Python's temporal types).

    Numbers become exact decimals (a float by the digits it prints). Strings stay strings.
    Raises FeelError for anything else, for NaN and infinity and for endless nesting.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, int) and -_LARGE < value < _LARGE:
        return Decimal(value)
    if kind is int or kind is Decimal or kind is float:
        return _number(value)
    return _convert(value, 0, Walk())


def _number(value: object) -> Decimal:
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)  # type: ignore[arg-type]  # int or Decimal by the caller's check
        if not number.is_finite():
            raise FeelError(f"{value} is not a number that FEEL knows")
        return NUMBERS.plus(number) if len(number.as_tuple().digits) > 34 else number
    except (decimal.DecimalException, ValueError):
        raise FeelError("a number is larger than FEEL knows") from None


def _convert(value: object, depth: int, walk: Walk) -> Value:  # noqa: PLR0911 - one return per kind
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (list, tuple, Mapping)):
        if depth >= MAX_NESTING:
            raise FeelError(f"the value is nested more than {MAX_NESTING} deep")
        walk.step(1 + len(value))
        if isinstance(value, Mapping):
            return {str(key): _convert(entry, depth + 1, walk) for key, entry in value.items()}
        return [_convert(entry, depth + 1, walk) for entry in value]
    if isinstance(value, _FEEL_TYPES):
        return value
    if isinstance(value, (py.date, py.time, py.timedelta)):
        return from_python(value)
    raise FeelError(f"FEEL has no value for a {kind.__name__}")


def to_json(value: Value) -> Any:
    """Plain JSON: an integral number as int, else float; temporal values as ISO text.

    Raises TypeError for ranges and functions, and for values too large to write down.
    """
    try:
        return _to_json(value, Walk())
    except (LimitExceeded, RecursionError) as error:
        raise TypeError(f"the value cannot be written as JSON: {error}") from None


def _to_json(value: Value, walk: Walk) -> Any:
    walk.step()
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Decimal):
        if abs(value.adjusted()) > 300 and value:
            raise TypeError("the number is too large for JSON")
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_to_json(entry, walk) for entry in value]
    if isinstance(value, dict):
        return {key: _to_json(entry, walk) for key, entry in value.items()}
    if isinstance(value, (Range, Function)):
        raise TypeError(f"a {kind_of(value)} cannot be written as JSON")
    if isinstance(value, _FEEL_TYPES):
        return str(value)
    return _to_json(from_json(value), walk)


def as_python(value: Value, walk: Walk | None = None) -> Any:
    """Like the FEEL value, but with Python's own datetime, date, time and timedelta inside.

    Raises FeelError for a year outside 1 to 9999.
    """
    if isinstance(value, (list, dict)):
        walk = walk or Walk()
        walk.step(1 + len(value))
        if isinstance(value, list):
            return [as_python(entry, walk) for entry in value]
        return {key: as_python(entry, walk) for key, entry in value.items()}
    if isinstance(value, (FeelDate, FeelTime, FeelDateTime, DaysTimeDuration)):
        return to_python(value)
    return value


_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    list: "list",
    dict: "context",
    Range: "range",
    FeelDate: "date",
    FeelTime: "time",
    FeelDateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
}


def kind_of(value: Value) -> str:
    """The FEEL name of the value's type, for messages and type tests."""
    return _KINDS.get(type(value), "function")
