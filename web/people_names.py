"""What those who work on cases are called, on pages and on paper."""

from __future__ import annotations

from collections.abc import Iterable

from engine.agenda import CalendarEntry
from engine.links import HOLDER
from engine.wording import Text

LINK_HOLDER = Text("شريك عبر رابط", "A partner, through a link")
"""Who answered through a signed link has no account and no name here."""


def is_link_holder(username: str) -> bool:
    """Whether somebody acted through a signed link."""
    return username.startswith(HOLDER)


def names_in(entries: Iterable[CalendarEntry]) -> dict[str, Text]:
    """User name → name, of who did or holds a task in the calendar of a case."""
    return {
        one.who: LINK_HOLDER if is_link_holder(one.who) else Text.worded(one.who_name)
        for one in entries
        if one.who and one.who_name
    }
