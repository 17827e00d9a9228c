"""Answers that fit their columns, and answers that do not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import fields
from journey.fields import Reader, Unfit


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        (fields.day, "2019-05-14", date(2019, 5, 14)),
        (fields.day, "2019-05-13T21:30:00Z", date(2019, 5, 14)),
        (fields.moment, "2019-05-14T12:00:00+03:00", datetime(2019, 5, 14, 9, tzinfo=UTC)),
        (fields.moment, "2026-01-05T12:00:00", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        (fields.flag, False, False),
        (fields.count, 3, 3),
        (fields.count, 3.0, 3),
        (fields.amount, 220, 220.0),
        (fields.code, "phone", "phone"),
        (fields.codes, ["a", "b"], ["a", "b"]),
    ],
)
def test_what_fits(reader: Reader, value: object, read: object) -> None:
    assert reader(value) == read


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (fields.day, "14 May"),
        (fields.day, 20190514),
        (fields.moment, "soon"),
        (fields.flag, "yes"),
        (fields.flag, 1),
        (fields.count, True),
        (fields.count, 2.5),
        (fields.count, 2**31),
        (fields.amount, "220"),
        (fields.amount, float("nan")),
        (fields.amount, 1e9),
        (fields.code, "x" * 121),
        (fields.codes, "a"),
        (fields.codes, [1]),
    ],
)
def test_what_does_not(reader: Reader, value: object) -> None:
    with pytest.raises(Unfit):
        reader(value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(_JSON)
def test_anything_either_fits_or_is_unfit(value: Any) -> None:
    for reader in (
        fields.day,
        fields.moment,
        fields.flag,
        fields.count,
        fields.amount,
        fields.code,
        fields.codes,
    ):
        try:
            reader(value)
        except Unfit:
            continue
