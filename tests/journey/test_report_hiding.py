"""Small numbers stay hidden, also from who can subtract."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journey.reports.hiding import SMALL, hidden, is_small

Counts = dict[str, int]
numbers = st.lists(st.integers(min_value=0, max_value=40), min_size=1, max_size=8)


def of(parts: list[int]) -> tuple[Counts, list[tuple[str, list[str]]]]:
    """Parts and their whole."""
    counts = {str(place): number for place, number in enumerate(parts)}
    return {**counts, "whole": sum(parts)}, [("whole", list(counts))]


def test_nothing_small_hides_nothing() -> None:
    counts, sums = of([0, 5, 30])
    assert hidden(counts, sums) == frozenset()


def test_one_small_part_takes_the_next_smallest_with_it() -> None:
    counts, sums = of([3, 30, 20])
    assert hidden(counts, sums) == {"0", "2"}


def test_a_part_that_could_be_subtracted_hides_the_whole() -> None:
    counts, sums = of([3, 0, 0])
    assert hidden(counts, sums) == {"0", "whole"}


def test_two_small_parts_that_make_up_too_little_take_a_third() -> None:
    counts, sums = of([1, 1, 30, 40])
    assert hidden(counts, sums) == {"0", "1", "2"}


@given(numbers)
def test_the_shown_numbers_never_give_a_small_one_away(parts: list[int]) -> None:
    counts, sums = of(parts)
    taken = hidden(counts, sums)
    assert {key for key, number in counts.items() if is_small(number)} <= taken
    gone = [key for key in counts if key in taken and key != "whole"]
    if "whole" not in taken and gone:
        assert len(gone) > 1
        assert sum(counts[key] for key in gone) >= SMALL
    if "whole" in taken and not gone:
        assert not any(counts[key] for key in counts if key != "whole")


@given(numbers, numbers)
def test_a_number_hidden_in_one_sum_is_hidden_in_every_other(
    first: list[int], second: list[int]
) -> None:
    length = min(len(first), len(second))
    columns = {"a": first[:length], "b": second[:length]}
    counts = {f"{name}{n}": value for name, part in columns.items() for n, value in enumerate(part)}
    rows = [f"row{n}" for n in range(length)]
    counts |= {f"row{n}": first[n] + second[n] for n in range(length)}
    counts |= {f"{name}*": sum(part) for name, part in columns.items()}
    sums = [(f"{name}*", [f"{name}{n}" for n in range(length)]) for name in columns]
    sums += [(row, [f"a{n}", f"b{n}"]) for n, row in enumerate(rows)]
    taken = hidden(counts, sums)
    for whole, parts in sums:
        gone = [part for part in parts if part in taken]
        if whole not in taken and gone:
            assert len(gone) > 1
