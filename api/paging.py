"""Pages of lists: the query's part, and pages of lists that are short enough to be read whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from api.reading import FieldErrors
from engine.records import Page, Paging

T = TypeVar("T")


def paging(query: dict[str, Any]) -> Paging:
    """The paging part of a query of `api.fields.Paged`; the filters stay in `query`."""
    return Paging(limit=query.pop("limit"), cursor=query.pop("cursor", None))


def page_of_all(items: Sequence[T], query: dict[str, Any], key: Callable[[T], object]) -> Page[T]:
    """One page of a list that was read whole; `key` is what no two items share.

    The cursor is the last item's key, so that a page stays right when items come and go before it.
    Raises `FieldErrors` for a cursor that names no item.
    """
    wanted = paging(query)
    start = 0
    if wanted.cursor is not None:
        keys = [str(key(item)) for item in items]
        if wanted.cursor not in keys:
            raise FieldErrors({"cursor": ["cursor"]})
        start = keys.index(wanted.cursor) + 1
    found = tuple(items[start : start + wanted.limit])
    more = start + wanted.limit < len(items)
    return Page(found, str(key(found[-1])) if more else None)
