"""Conversions: string, number, range, and boolean negation (DMN table 68, 69)."""

from __future__ import annotations

import re
from decimal import Decimal

from ..comparison import order, same
from ..errors import DmnError, FeelError
from ..formatting import text_of
from ..lexis import NameTable
from ..nodes import Call, Literal, Name, Negate, Node, RangeLiteral
from ..parser import parse_expression
from ..runtime import Run
from ..temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from ..values import NUMBERS, Range, Value
from .signature import feel

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


@feel("not(negand: boolean|null)")
def negation(negand: bool | None) -> bool | None:
    return None if negand is None else not negand


@feel("string(from: any)")
def to_string(value: Value) -> str | None:
    return None if value is None else text_of(value)


@feel("number(from: string)")
def number(text: str) -> Decimal:
    if _NUMBER.fullmatch(text) is None:
        raise FeelError(f"number: {text!r} is not a number")
    return NUMBERS.create_decimal(text)


@feel("number(from: string, grouping separator: string|null, decimal separator: string|null)")
def number_grouped(text: str, grouping: str | None, point: str | None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise FeelError("number: separators are a blank, a comma or a period")
    if grouping is not None and grouping == point:
        raise FeelError("number: the two separators must differ")
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(".", "x").replace(",", ".")
    return number(plain)


@feel("is(value1: any, value2: any)")
def is_same(value1: Value, value2: Value) -> bool:
    return same(value1, value2)


_READERS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


@feel("range(from: string)", needs_run=True)
def to_range(run: Run, text: str) -> Range:
    try:
        node = parse_expression(text, NameTable(("date and time",)), NameTable())
    except DmnError:
        raise FeelError(f"range: {text!r} is not a range such as [1..10]") from None
    if not isinstance(node, RangeLiteral) or node.form != "interval" or node.end_point is None:
        raise FeelError(f"range: {text!r} is not a range such as [1..10]")
    start, end = _end_point(node.start), _end_point(node.end_point)
    if start is None and end is None:
        raise FeelError("range: both end points are null")
    if start is not None and end is not None:
        sign = order(start, end)
        if sign is None or sign > 0:
            raise FeelError("range: the end points must be of one kind, the lower first")
    return Range(start, end, node.start_included, node.end_included)


def _end_point(node: Node) -> Value:
    """Only literals may stand in the text of a range, not names or calculations."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negate):
        value = _end_point(node.operand)
        if isinstance(value, Decimal):
            return NUMBERS.minus(value)
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.arguments) == 1:
        reader = _READERS.get(node.function.name)
        argument = node.arguments[0]
        if reader and isinstance(argument, Literal) and isinstance(argument.value, str):
            return reader(argument.value)
    raise FeelError("range: the end points must be literals")
