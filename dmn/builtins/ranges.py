"""Functions that say how points and ranges lie to each other (DMN table 79, Allen's relations).

Each takes points (any value with an order) or ranges. A point is the range that holds it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..comparison import order
from ..errors import FeelError
from ..values import Range, Value, kind_of
from .signature import feel


@dataclass(frozen=True)
class Span:
    """A range or point with its end points; None is unbounded where `Range` says so."""

    start: Value
    end: Value
    start_in: bool
    end_in: bool


def _span(function: str, value: Value, ranges_only: bool = False) -> Span:
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, Range):
        if value.form == "!=" or (value.form == "interval" and None in (value.start, value.end)):
            raise FeelError(f"{function}: the range has an end point that is not known")
        return Span(value.start, value.end, value.start_included, value.end_included)
    if ranges_only:
        raise FeelError(f"{function}: must be a range, but is {kind_of(value)}")
    if order(value, value) is None:
        raise FeelError(f"{function}: {kind_of(value)} has no order")
    return Span(value, value, True, True)


def _order(left: Value, right: Value) -> int:
    sign = order(left, right)
    if sign is None:
        raise FeelError(f"cannot compare {kind_of(left)} with {kind_of(right)}")
    return sign


def _starts(a: Span, b: Span) -> int:
    """The order of two starts: unbounded first, included before excluded."""
    if a.start is None or b.start is None:
        return (a.start is not None) - (b.start is not None)
    return _order(a.start, b.start) or (b.start_in - a.start_in)


def _ends(a: Span, b: Span) -> int:
    """The order of two ends: unbounded last, excluded before included."""
    if a.end is None or b.end is None:
        return (b.end is not None) - (a.end is not None)
    return _order(a.end, b.end) or (a.end_in - b.end_in)


def _gap(a: Span, b: Span) -> int:
    """-1 when a ends before b starts, 0 when they share just that point, 1 when they overlap."""
    if a.end is None or b.start is None:
        return 1
    sign = _order(a.end, b.start)
    return sign if sign else (0 if a.end_in and b.start_in else -1)


def _before(a: Span, b: Span) -> bool:
    return _gap(a, b) < 0


def _meets(a: Span, b: Span) -> bool:
    return _gap(a, b) == 0


def _overlaps(a: Span, b: Span) -> bool:
    return _gap(a, b) >= 0 and _gap(b, a) >= 0


def _overlaps_before(a: Span, b: Span) -> bool:
    return _starts(a, b) < 0 and _ends(a, b) <= 0 and _gap(a, b) >= 0


def _finishes(a: Span, b: Span) -> bool:
    return _ends(a, b) == 0 and _starts(a, b) >= 0


def _includes(a: Span, b: Span) -> bool:
    return _starts(a, b) <= 0 and _ends(b, a) <= 0


def _starts_with(a: Span, b: Span) -> bool:
    return _starts(a, b) == 0 and _ends(a, b) <= 0


def _coincides(a: Span, b: Span) -> bool:
    return _starts(a, b) == 0 and _ends(a, b) == 0


def _swapped(relation: Callable[[Span, Span], bool]) -> Callable[[Span, Span], bool]:
    return lambda a, b: relation(b, a)


_ANY = (("point1", "point2"), ("point", "range"), ("range", "point"), ("range1", "range2"))
_RANGES = (("range1", "range2"),)
_RELATIONS: dict[str, tuple[Callable[[Span, Span], bool], tuple[tuple[str, str], ...]]] = {
    "before": (_before, _ANY),
    "after": (_swapped(_before), _ANY),
    "meets": (_meets, _RANGES),
    "met by": (_swapped(_meets), _RANGES),
    "overlaps": (_overlaps, _RANGES),
    "overlaps before": (_overlaps_before, _RANGES),
    "overlaps after": (_swapped(_overlaps_before), _RANGES),
    "finishes": (_finishes, (("point", "range"), ("range1", "range2"))),
    "finished by": (_swapped(_finishes), (("range", "point"), ("range1", "range2"))),
    "includes": (_includes, (("range", "point"), ("range1", "range2"))),
    "during": (_swapped(_includes), (("point", "range"), ("range1", "range2"))),
    "starts": (_starts_with, (("point", "range"), ("range1", "range2"))),
    "started by": (_swapped(_starts_with), (("range", "point"), ("range1", "range2"))),
    "coincides": (_coincides, (("point1", "point2"), ("range1", "range2"))),
}


def _register(
    name: str, relation: Callable[[Span, Span], bool], shapes: tuple[tuple[str, str], ...]
) -> None:
    ranges_only = shapes is _RANGES

    def call(left: Value, right: Value) -> bool:
        return relation(_span(name, left, ranges_only), _span(name, right, ranges_only))

    for first, second in shapes:
        feel(f"{name}({first}: point, {second}: point)")(call)


for _name, (_relation, _shapes) in _RELATIONS.items():
    _register(_name, _relation, _shapes)
