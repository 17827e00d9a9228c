"""Keyset paging: page 1,000 of a list costs what page 1 costs, because no row is counted off."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from engine.errors import Invalid
from engine.records import Paging
from engine.store.schema import Instant
from engine.wording import Text

LIMIT = 200
"""The most items of one page."""


def limit_of(paging: Paging) -> int:
    """How many items the page holds; raises `Invalid` outside 1 to `LIMIT`."""
    if not 1 <= paging.limit <= LIMIT:
        raise Invalid(
            Text(f"الحد limit من 1 إلى {LIMIT}.", f"limit must be from 1 to {LIMIT}."),
            {"limit": [Text(f"من 1 إلى {LIMIT}.", f"Must be from 1 to {LIMIT}.")]},
        )
    return paging.limit


class Keyset:
    """The order of one list: columns that together are unique, all ascending or all descending.

    A cursor is opaque to callers: the sort key of a page's last row and the name of the order,
    so that a cursor of one order is refused by another.
    """

    def __init__(
        self, name: str, columns: Sequence[sa.Column[Any]], *, descending: bool = False
    ) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.descending = descending

    def apply(self, statement: sa.Select[Any], paging: Paging) -> sa.Select[Any]:
        """`statement` in this order, from behind the cursor, with one row more than the page."""
        limit = limit_of(paging)
        if paging.cursor is not None:
            here = sa.tuple_(*self.columns)
            there = sa.tuple_(
                *(
                    sa.bindparam(None, value, type_=column.type, unique=True)
                    for column, value in zip(self.columns, self._values(paging.cursor), strict=True)
                )
            )
            statement = statement.where(here < there if self.descending else here > there)
        return statement.order_by(*self._directed(self.columns)).limit(limit + 1)

    def keys(self, parts: Sequence[sa.Select[Any]], paging: Paging) -> sa.Select[Any] | None:
        """The last columns of this order, the primary keys, of what comes first in any of `parts`
        from behind the cursor, one more than the page; None when there is no part.

        Parts may overlap. Where each has an index in this order, the page costs a page of every
        part, and whole rows are read only for itself (`having`).
        """
        heads = [self.apply(part.with_only_columns(*self.columns), paging) for part in parts]
        if not heads:
            self.apply(sa.select(*self.columns), paging)  # refuses what is refused elsewhere
            return None
        if len(heads) == 1:
            return heads[0].with_only_columns(self.columns[-1])
        merged = sa.union(*(sa.select(head.subquery()) for head in heads)).subquery()
        columns = [merged.c[column.name] for column in self.columns]
        merged_keys = sa.select(columns[-1]).order_by(*self._directed(columns))
        return merged_keys.limit(limit_of(paging) + 1)

    def having(self, statement: sa.Select[Any], keys: sa.Select[Any]) -> sa.Select[Any]:
        """The rows of `statement` that have one of the `keys`, in this order."""
        held = statement.where(self.columns[-1].in_(keys))
        return held.order_by(*self._directed(self.columns))

    def _directed(self, columns: Sequence[Any]) -> list[sa.UnaryExpression[Any]]:
        return [column.desc() if self.descending else column.asc() for column in columns]

    def split(
        self, rows: Sequence[sa.Row[Any]], paging: Paging
    ) -> tuple[Sequence[sa.Row[Any]], str | None]:
        """The page's rows and the cursor of the next page (None when this is the last)."""
        if len(rows) <= paging.limit:
            return rows, None
        page = rows[: paging.limit]
        return page, self._cursor(page[-1])

    def _cursor(self, row: sa.Row[Any]) -> str:
        values = [self._plain(column, row._mapping[column.name]) for column in self.columns]
        return encode_cursor(self.name, values)

    def _values(self, cursor: str) -> list[Any]:
        try:
            return [
                self._restored(column, value)
                for column, value in zip(
                    self.columns, decode_cursor(self.name, cursor), strict=True
                )
            ]
        except (ValueError, TypeError, OverflowError) as error:
            raise not_a_cursor() from error

    @staticmethod
    def _plain(column: sa.Column[Any], value: Any) -> Any:
        if isinstance(column.type, Instant):
            return column.type.process_bind_param(value, None)
        return value

    @staticmethod
    def _restored(column: sa.Column[Any], value: Any) -> Any:
        whole = isinstance(column.type, sa.Integer | Instant)
        if whole and (type(value) is not int or abs(value) >= 1 << 63):
            raise ValueError("not a whole number")
        if not whole and (type(value) is not str or "\0" in value):
            raise ValueError("not a text")
        if isinstance(column.type, Instant):
            return column.type.process_result_value(value, None)
        return value


def encode_cursor(name: str, values: Sequence[Any]) -> str:
    """A cursor of the list `name` behind the item with this sort key."""
    text = json.dumps([name, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(name: str, cursor: str) -> list[Any]:
    """The sort key in a cursor that `encode_cursor` made. Raises `Invalid`."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found = json.loads(text)
        if not isinstance(found, list) or found[:1] != [name]:
            raise ValueError("a cursor of another list")
        return found[1:]
    except (ValueError, RecursionError) as error:
        raise not_a_cursor() from error


def not_a_cursor() -> Invalid:
    """The refusal of a cursor that the list did not give out."""
    return Invalid(
        Text(
            "هذا المؤشر ليس من هذه القائمة؛ ابدأ من جديد بدونه.",
            "The cursor is not one that this list gave out; start again without it.",
        ),
        {"cursor": [Text("ليس من مؤشرات هذه القائمة.", "Not a cursor of this list.")]},
    )
