"""The base schemas of bodies, queries and answers, and pages of lists."""

# ruff: noqa: RUF012  the message tables are read by marshmallow and never changed

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from api.dumping import Plan
from api.fields import Code, Many, Part, QueryInteger, Text


class Body(ma.Schema):
    """Base of what callers send: unknown fields are refused."""

    error_messages = {"unknown": "unknown", "type": "object"}

    class Meta:
        unknown = ma.RAISE


class Query(ma.Schema):
    """Base of query strings: an unknown filter is refused, never silently ignored."""

    error_messages = {"unknown": "unknown", "type": "object"}

    class Meta:
        unknown = ma.RAISE


class Answer(ma.Schema):
    """Base of what the API sends: every field is there; `None` goes out as null.

    A field with `always=False` in its metadata may be missing. Bounds are promises of callers, not
    ours: they are left out of the description of answers.
    """

    _plan: Plan | None = None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for field in self.declared_fields.values():
            field.required = bool(field.metadata.get("always", True))
            field.validators = [
                rule
                for rule in field.validators
                if not isinstance(rule, validate.Length | validate.Range)
            ]

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """As marshmallow does it, by a plan that is made once."""
        if self._plan is None:
            self._plan = Plan(self)
        if self.many if many is None else many:
            return [self._plan.dump(one) for one in obj]
        return self._plan.dump(obj)


class Paged(Query):
    """How much of a list, and from where (keyset paging)."""

    limit = QueryInteger(low=1, high=200, load_default=50, metadata={"description": "Page size."})
    cursor = Code(high=500, metadata={"description": "`next_cursor` of the page before."})


_pages: dict[type[Answer], type[Answer]] = {}


def page_of(item: type[Answer]) -> type[Answer]:
    """The schema of one page of `item`s: `{items, next_cursor}`."""
    if item not in _pages:
        name = f"{item.__name__}Page"
        body: Mapping[str, Any] = {
            "items": Many(Part(item)),
            "next_cursor": Text(allow_none=True),
            "__doc__": f"One page of {item.__name__}.",
            "__module__": item.__module__,
        }
        _pages[item] = type(name, (Answer,), dict(body))
    return _pages[item]
