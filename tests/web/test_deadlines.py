"""A deadline that is a date is kept as the midnight after it, and shown as the day itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import TIMEZONE
from engine.records import SYSTEM
from tests.web.driver import Pages
from web.context import LANGUAGE_COOKIE
from web.formats import due, due_day, is_late

END_OF_THE_8TH = datetime(2026, 1, 9, tzinfo=TIMEZONE).astimezone(UTC)
"""The installation's clock starts on 4 January 2026, 10:00 in Amman."""


@pytest.fixture
def reading(pages: Pages) -> Iterator[Pages]:
    """A page is being drawn, in English."""
    with pages.app.test_request_context("/", headers={"Cookie": f"{LANGUAGE_COOKIE}=en"}):
        yield pages


@pytest.mark.parametrize(
    ("now", "words", "late"),
    [
        ("2026-01-04T10:00+03:00", "in 4 days", False),
        ("2026-01-07T10:00+03:00", "tomorrow", False),
        ("2026-01-08T00:00+03:00", "today", False),
        ("2026-01-08T23:59+03:00", "today", False),
        ("2026-01-09T00:00+03:00", "1 day late", True),
        ("2026-01-10T10:00+03:00", "2 days late", True),
    ],
)
def test_it_is_the_last_day_in_time(reading: Pages, now: str, words: str, late: bool) -> None:
    reading.product.engine.advance.advance(SYSTEM, target=datetime.fromisoformat(now))
    assert due(END_OF_THE_8TH) == words
    assert is_late(END_OF_THE_8TH) is late
    assert due_day(END_OF_THE_8TH) == "8 January 2026"


def test_a_deadline_with_an_hour_is_late_on_its_own_day(reading: Pages) -> None:
    noon = datetime(2026, 1, 8, 12, tzinfo=TIMEZONE)
    reading.product.engine.advance.advance(SYSTEM, target=noon + timedelta(hours=1))
    assert due(noon) == "late today"
    assert due_day(noon) == "8 January 2026"
