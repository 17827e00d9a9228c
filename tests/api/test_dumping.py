"""Answers go out as marshmallow itself would write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.dumping import Plan
from api.fields import Choice, Day, Integer, Many, Moment, Part, Text
from api.shapes import Answer, page_of
from engine.records import TaskState


class Place(Answer):
    """Something inside something."""

    code = Text()
    beds = Integer(allow_none=True, metadata={"always": False})


class House(Answer):
    """One of every kind of field."""

    name = Text(allow_none=True)
    number = Integer()
    state = Choice(TaskState)
    built = Day(allow_none=True)
    seen_at = Moment(allow_none=True)
    words = Many(Text())
    tags = Many(Text())
    home = Part(Place, allow_none=True)
    places = Many(Part(Place))
    other = Text(attribute="nickname")
    kind = Text(dump_default="house")


def places() -> st.SearchStrategy[Any]:
    whole = st.builds(SimpleNamespace, code=st.text(), beds=st.none() | st.integers())
    return whole | st.fixed_dictionaries({"code": st.text()}, optional={"beds": st.integers()})


houses = st.builds(
    SimpleNamespace,
    name=st.none() | st.text(),
    number=st.integers() | st.booleans(),
    state=st.sampled_from(TaskState),
    built=st.none() | st.dates(),
    seen_at=st.none() | st.datetimes(timezones=st.just(timezone(timedelta(hours=3)))),
    words=st.lists(st.text()),
    tags=st.frozensets(st.text()),
    home=st.none() | places(),
    places=st.lists(places(), max_size=3),
    nickname=st.text(),
)


@given(houses)
def test_one_object(house: SimpleNamespace) -> None:
    assert House().dump(house) == ma.Schema.dump(_stock(House()), house)


@given(st.lists(houses, max_size=3))
def test_a_page(found: list[SimpleNamespace]) -> None:
    page = {"items": found, "next_cursor": None}
    schema = page_of(House)()
    assert schema.dump(page) == ma.Schema.dump(_stock(schema), page)


def test_several() -> None:
    two = [{"code": "a", "beds": 1}, {"code": "b"}]
    assert Place(many=True).dump(two) == Place().dump(two, many=True) == two


def test_what_a_plan_cannot_do_is_said_at_once() -> None:
    class Deep(ma.Schema):
        inner = ma.fields.String(attribute="a.b")

    with pytest.raises(TypeError, match="inner"):
        Plan(Deep())


def test_a_moment_is_written_in_utc() -> None:
    class When(Answer):
        at = Moment()

    there = datetime(2026, 5, 20, 3, 0, tzinfo=timezone(timedelta(hours=3)))
    assert When().dump({"at": there}) == {"at": there.astimezone(UTC).strftime("%FT%TZ")}


def _stock(schema: ma.Schema) -> ma.Schema:
    """The schema with those inside it, their `dump` the library's."""
    for one in _all(schema):
        one.dump = ma.Schema.dump.__get__(one)  # type: ignore[method-assign]
    return schema


def _all(schema: ma.Schema) -> Iterator[ma.Schema]:
    yield schema
    for field in schema.dump_fields.values():
        inner = field.inner if isinstance(field, ma.fields.List) else field
        if isinstance(inner, ma.fields.Nested):
            yield from _all(inner.schema)
