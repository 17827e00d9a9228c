"""The fields accept what the OpenAPI description says, and nothing that merely looks like it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import marshmallow as ma
import pytest

from api.fields import (
    Boolean,
    Choice,
    Code,
    Day,
    Duration,
    Integer,
    Json,
    Many,
    Moment,
    Number,
    QueryBoolean,
    QueryInteger,
    Text,
)
from api.texts import DETAILS, FIELD_MESSAGES, TITLES, field_message
from engine.records import TaskState

GOOD: list[tuple[ma.fields.Field[Any], Any, Any]] = [
    (Integer(), 3.0, 3),
    (Integer(), 0, 0),
    (QueryInteger(low=1, high=200), "200", 200),
    (Number(), 1, 1),
    (Boolean(), False, False),
    (QueryBoolean(), "false", False),
    (Text(), "سطر\nآخر\t", "سطر\nآخر\t"),
    (Day(), "2026-02-28", date(2026, 2, 28)),
    (Moment(), "2026-05-20T11:00:00+03:00", datetime(2026, 5, 20, 8, tzinfo=UTC)),
    (Duration(), "P3W2DT1H30M", timedelta(weeks=3, days=2, hours=1, minutes=30)),
    (Duration(), "PT1M30S", timedelta(seconds=90)),
    (Choice(TaskState), "open", TaskState.OPEN),
    (Many(Integer(), high=2), [1, 2], [1, 2]),
    (Json(), {"a": [1, None]}, {"a": [1, None]}),
]

BAD: list[tuple[ma.fields.Field[Any], Any, str]] = [
    (Integer(), True, "integer"),
    (Integer(), "3", "integer"),
    (Integer(), 3.5, "integer"),
    (Integer(), -1, "range"),
    (Integer(), 2**53, "range"),
    (QueryInteger(low=1, high=200), "201", "range"),
    (QueryInteger(), "٣", "integer"),
    (QueryInteger(), "9" * 5000, "integer"),
    (Number(), "1", "number"),
    (Number(), True, "number"),
    (Boolean(), 1, "boolean"),
    (Boolean(), "true", "boolean"),
    (QueryBoolean(), "yes", "boolean"),
    (Text(), "a\x00b", "characters"),
    (Text(), "\ud800", "characters"),
    (Text(high=3), "abcd", "length"),
    (Text(), 5, "string"),
    (Code(), "", "length"),
    (Day(), "20260228", "date"),
    (Day(), "2026-02-30", "date"),
    (Day(), "2026-W09-1", "date"),
    (Moment(), "2026-05-20T11:00:00", "datetime"),
    (Moment(), "2026-05-20", "datetime"),
    (Moment(), "0001-01-01T00:00:00+14:00", "datetime"),
    (Duration(), "P1Y", "duration"),
    (Duration(), "P", "duration"),
    (Duration(), "P1DT", "duration"),
    (Duration(), "P٣D", "duration"),
    (Choice(TaskState), "OPEN", "choice"),
    (Many(Integer(), high=1), [1, 2], "length"),
    (Many(Integer()), "12", "list"),
    (Json(), [], "object"),
]


@pytest.mark.parametrize(("field", "given", "loaded"), GOOD)
def test_accepts(field: ma.fields.Field[Any], given: Any, loaded: Any) -> None:
    assert field.deserialize(given) == loaded


@pytest.mark.parametrize(("field", "given", "code"), BAD)
def test_refuses_with_a_translatable_code(
    field: ma.fields.Field[Any], given: Any, code: str
) -> None:
    with pytest.raises(ma.ValidationError) as refused:
        field.deserialize(given)
    messages = refused.value.messages
    assert isinstance(messages, list)
    assert messages[0].split("|")[0] == code
    assert field_message(messages[0], "ar") != field_message(messages[0], "en")


def test_moments_go_out_in_utc_with_z() -> None:
    moment = datetime(2026, 5, 20, 8, 0, 0, 5, tzinfo=UTC)
    assert Moment()._serialize(moment, "at", None) == "2026-05-20T08:00:00.000005Z"


def test_every_text_has_both_languages() -> None:
    for texts in (TITLES, DETAILS, FIELD_MESSAGES):
        for code, (arabic, english) in texts.items():
            assert any("\u0600" <= letter <= "\u06ff" for letter in arabic), code
            assert english.isascii(), code
    assert set(TITLES) <= set(DETAILS)
