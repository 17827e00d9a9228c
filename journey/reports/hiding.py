"""Hiding small numbers, and others that would give them away (reports.md 4, P)."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

SMALL = 5
"""Counts below this are hidden from readers outside the branch."""

K = TypeVar("K", bound=Hashable)

Sum = tuple[K, Sequence[K]]
"""A whole and its parts."""


def is_small(number: int) -> bool:
    """Whether a count points at too few people; none at all points at nobody."""
    return 0 < number < SMALL


def hidden(counts: Mapping[K, int], sums: Collection[Sum[K]]) -> frozenset[K]:
    """The keys whose count must not be shown.

    Small counts, and then, for every whole that is the sum of its parts, the next smallest, until
    nobody can subtract the shown ones and be left with a small one: at least two of the numbers of
    a sum are hidden, and those hidden among the parts of a shown whole make up `SMALL` together.
    """
    found = {key for key, number in counts.items() if is_small(number)}
    changed = True
    while changed:
        changed = False
        for whole, parts in sums:
            more = _next(counts, found, whole, [part for part in parts if part in counts])
            if more is not None:
                found.add(more)
                changed = True
    return frozenset(found)


def _next(counts: Mapping[K, int], found: set[K], whole: K, parts: Sequence[K]) -> K | None:
    taken = [part for part in parts if part in found]
    if whole in found:
        if taken or not parts:
            return None
    elif not taken or (len(taken) > 1 and sum(counts[part] for part in taken) >= SMALL):
        return None
    rest = [part for part in parts if part not in found and counts[part]]
    if rest:
        return min(rest, key=lambda part: counts[part])
    return None if whole in found else whole
