"""Functions of lists (DMN table 76). Positions count from 1, from the end when negative."""

from __future__ import annotations

import functools
from collections import Counter
from decimal import Decimal

from ..comparison import equals, order
from ..errors import FeelError, LimitExceeded
from ..runtime import Run, check_list
from ..values import MAX_NESTING, NUMBERS, Function, Value
from .signature import feel


def _numbers(function: str, entries: list[Value]) -> list[Decimal]:
    if not all(isinstance(entry, Decimal) for entry in entries):
        raise FeelError(f"{function}: the list must hold numbers only")
    return entries


def _not_empty(function: str, entries: list[Value]) -> None:
    if not entries:
        raise FeelError(f"{function}: the list is empty")


@feel("list contains(list: list, element: any)")
def list_contains(entries: list[Value], element: Value) -> bool:
    return any(equals(entry, element) is True for entry in entries)


@feel("count(list: list)")
def count(entries: list[Value]) -> Decimal:
    return Decimal(len(entries))


def _extreme(function: str, entries: list[Value], sign: int) -> Value:
    _not_empty(function, entries)
    best = entries[0]
    if order(best, best) is None:
        raise FeelError(f"{function}: the elements have no order")
    for entry in entries[1:]:
        compared = order(entry, best)
        if compared is None:
            raise FeelError(f"{function}: the elements cannot be compared with each other")
        if compared == sign:
            best = entry
    return best


@feel("min(list: any*)")
def minimum(entries: list[Value]) -> Value:
    return _extreme("min", entries, -1)


@feel("max(list: any*)")
def maximum(entries: list[Value]) -> Value:
    return _extreme("max", entries, 1)


def _total(numbers: list[Decimal]) -> Decimal:
    return functools.reduce(NUMBERS.add, numbers, Decimal(0))


@feel("sum(list: any*)")
def total(entries: list[Value]) -> Decimal:
    _not_empty("sum", entries)
    return _total(_numbers("sum", entries))


@feel("product(list: any*)")
def product(entries: list[Value]) -> Decimal:
    _not_empty("product", entries)
    return functools.reduce(NUMBERS.multiply, _numbers("product", entries), Decimal(1))


@feel("mean(list: any*)")
def mean(entries: list[Value]) -> Decimal:
    _not_empty("mean", entries)
    return NUMBERS.divide(_total(_numbers("mean", entries)), Decimal(len(entries)))


@feel("median(list: any*)")
def median(entries: list[Value]) -> Decimal:
    _not_empty("median", entries)
    numbers = sorted(_numbers("median", entries))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@feel("stddev(list: any*)")
def stddev(entries: list[Value]) -> Decimal:
    """The sample's standard deviation."""
    if len(entries) < 2:
        raise FeelError("stddev: the list needs two numbers at least")
    numbers = _numbers("stddev", entries)
    middle = NUMBERS.divide(_total(numbers), Decimal(len(numbers)))
    gaps = [NUMBERS.subtract(number, middle) for number in numbers]
    squares = _total([NUMBERS.multiply(gap, gap) for gap in gaps])
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(numbers) - 1)))


@feel("mode(list: any*)")
def mode(entries: list[Value]) -> list[Value]:
    """The numbers that occur most, ascending."""
    counted = Counter(_numbers("mode", entries))
    most = max(counted.values(), default=0)
    return sorted(number for number, times in counted.items() if times == most)


def _any_of(function: str, entries: list[Value], decisive: bool) -> bool | None:
    if any(entry is not None and not isinstance(entry, bool) for entry in entries):
        raise FeelError(f"{function}: the list must hold booleans only")
    if decisive in entries:
        return decisive
    return None if None in entries else not decisive


@feel("all(list: any*)")
def every(entries: list[Value]) -> bool | None:
    return _any_of("all", entries, False)


@feel("any(list: any*)")
def some(entries: list[Value]) -> bool | None:
    return _any_of("any", entries, True)


@feel("sublist(list: list, start position: number, length: number?|null)")
def sublist(entries: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value]:
    begin = _index("sublist", entries, start)
    if length is None:
        return entries[begin:]
    if length < 0 or begin + length > len(entries):
        raise FeelError(f"sublist: there are no {length} elements from position {start}")
    return entries[begin : begin + int(length)]


def _index(function: str, entries: list[Value], position: Decimal) -> int:
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(entries):
        raise FeelError(f"{function}: the list of {len(entries)} has no position {position}")
    return int(position) - 1 if position > 0 else len(entries) + int(position)


@feel("append(list: list, item: rest*)")
def append(entries: list[Value], items: list[Value]) -> list[Value]:
    check_list(len(entries) + len(items))
    return entries + items


@feel("concatenate(list: rest*)")
def concatenate(lists: list[Value]) -> list[Value]:
    result: list[Value] = []
    for entries in lists:
        if entries is None:
            raise FeelError("concatenate: a list is null")
        result.extend(entries if isinstance(entries, list) else [entries])
        check_list(len(result))
    return result


@feel("union(list: rest*)", needs_run=True)
def union(run: Run, lists: list[Value]) -> list[Value]:
    return distinct_values(run, concatenate(lists))


@feel("insert before(list: list, position: number, newItem: any)")
def insert_before(entries: list[Value], position: Decimal, item: Value) -> list[Value]:
    begin = _index("insert before", entries, position)
    check_list(len(entries) + 1)
    return [*entries[:begin], item, *entries[begin:]]


@feel("remove(list: list, position: number)")
def remove(entries: list[Value], position: Decimal) -> list[Value]:
    begin = _index("remove", entries, position)
    return [*entries[:begin], *entries[begin + 1 :]]


@feel("list replace(list: list, position: any, newItem: any)", needs_run=True)
def list_replace(run: Run, entries: list[Value], position: Value, item: Value) -> list[Value]:
    if isinstance(position, Function):
        return list_replace_matching(run, entries, position, item)
    if not isinstance(position, Decimal):
        raise FeelError("list replace: position must be a number, or a function that matches")
    begin = _index("list replace", entries, position)
    return [*entries[:begin], item, *entries[begin + 1 :]]


@feel("list replace(list: list, match: function, newItem: any)", needs_run=True)
def list_replace_matching(
    run: Run, entries: list[Value], match: Function, item: Value
) -> list[Value]:
    result: list[Value] = []
    for entry in entries:
        met = match.call(run, [entry, item])
        if not isinstance(met, bool):
            raise FeelError("list replace: the matching function must give a boolean")
        result.append(item if met else entry)
    return result


@feel("reverse(list: list)")
def reverse(entries: list[Value]) -> list[Value]:
    return entries[::-1]


@feel("index of(list: list, match: any)")
def index_of(entries: list[Value], match: Value) -> list[Value]:
    return [Decimal(at) for at, entry in enumerate(entries, 1) if equals(entry, match) is True]


@feel("distinct values(list: list)", needs_run=True)
def distinct_values(run: Run, entries: list[Value]) -> list[Value]:
    result: list[Value] = []
    seen: set[object] = set()
    for entry in entries:
        if entry is None or isinstance(entry, (str, bool, Decimal)):
            mark = (type(entry), entry)
            if mark in seen:
                continue
            seen.add(mark)
        else:
            run.spend(len(result))
            if any(equals(entry, known) is True for known in result):
                continue
        result.append(entry)
    return result


@feel("flatten(list: list)", needs_run=True)
def flatten(run: Run, entries: list[Value]) -> list[Value]:
    result: list[Value] = []
    _flatten(run, entries, result, 0)
    return result


def _flatten(run: Run, entries: list[Value], result: list[Value], depth: int) -> None:
    if depth > MAX_NESTING:
        raise LimitExceeded("the list is nested too deep to be flattened")
    run.spend(1 + len(entries) // 4)
    for entry in entries:
        if isinstance(entry, list):
            _flatten(run, entry, result, depth + 1)
        else:
            result.append(entry)
    check_list(len(result))


@feel("sort(list: list, precedes: function?)", needs_run=True)
def sort(run: Run, entries: list[Value], precedes: Function | None = None) -> list[Value]:
    """Stable. Without a function by FEEL's own order."""

    def compare(left: Value, right: Value) -> int:
        run.spend(1)
        if precedes is None:
            sign = order(left, right)
            if sign is None:
                raise FeelError("sort: the elements cannot be compared with each other")
            return sign
        for sign, pair in ((-1, [left, right]), (1, [right, left])):
            first = precedes.call(run, pair)
            if not isinstance(first, bool):
                raise FeelError("sort: the function must give a boolean")
            if first:
                return sign
        return 0

    return sorted(entries, key=functools.cmp_to_key(compare))
