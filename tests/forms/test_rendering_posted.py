"""A posted form as JSON: how people write dates, numbers and times, rows, buttons, and the way
from an answer to its typed form and back."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms import Form, read_posted
from forms.model import FieldType
from forms.posted import ADD, REFRESH, REMOVE
from forms.typed import (
    local_dates,
    read_clock,
    read_day,
    read_moment,
    read_number,
    typed,
    typed_moment,
)

NOW = datetime(2019, 5, 14, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("31/03/2025", "2025-03-31"),
        ("1/3/2025", "2025-03-01"),
        ("1-3-2025", "2025-03-01"),
        ("01.03.2025", "2025-03-01"),
        ("31032025", "2025-03-31"),
        ("2025-03-31", "2025-03-31"),
        ("٣١/٠٣/٢٠٢٥", "2025-03-31"),
        ("۳۱/۰۳/۲۰۲۵", "2025-03-31"),
        ("\u200f31 / 03 / 2025\u200e", "2025-03-31"),
        ("", None),
        ("  ", None),
        ("30/02/2025", "30/02/2025"),
        ("3/31/2025", "3/31/2025"),
        ("31/03/25", "31/03/25"),
        ("tomorrow", "tomorrow"),
        ("31/03/0025", "31/03/0025"),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert read_day(text) == iso


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("09:30", "09:30"),
        ("9:30", "09:30"),
        ("٩:٣٠", "09:30"),
        ("9.30", "09:30"),
        ("0930", "09:30"),
        ("09:30:15", "09:30"),
        ("", None),
        ("24:00", "24:00"),
        ("9", "9"),
    ],
)
def test_times(text: str, clock: str | None) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("260", 260),
        ("1,250", 1250),
        ("1,250.5", 1250.5),
        ("12,5", 12.5),
        ("1٬250٫5", 1250.5),
        ("١٢٫٥", 12.5),
        ("١،٢٥٠", 1250),
        ("-3", -3),
        (" 1 250 ", 1250),
        (".5", 0.5),
        ("", None),
        ("1,2,3", "1,2,3"),
        ("1e9", "1e9"),
        ("nan", "nan"),
        ("ten", "ten"),
    ],
)
def test_numbers(text: str, number: object) -> None:
    found = read_number(text)
    assert found == number
    assert type(found) is type(number)


def test_a_moment_is_local_and_kept_in_utc() -> None:
    assert read_moment("31/03/2025", "9:30") == "2025-03-31T06:30:00Z"
    assert read_moment("", "") is None
    assert typed_moment("2025-03-31T06:30:00Z") == ("31/03/2025", "09:30")


@pytest.mark.parametrize(
    ("day", "clock"), [("31/03/2025", ""), ("", "09:30"), ("31/13/2025", "9:30"), ("x", "y")]
)
def test_half_a_moment_stays_as_it_was_typed(day: str, clock: str) -> None:
    kept = read_moment(day, clock)
    assert kept is not None
    assert typed_moment(kept) == (day, clock)


def test_dates_in_messages_are_written_as_people_write_them() -> None:
    assert local_dates("أدخل 2025-03-31 أو ما بعده.") == "أدخل 31/03/2025 أو ما بعده."
    assert local_dates("such as 2025-03-31T09:30.") == "such as 31/03/2025 09:30."
    assert local_dates("to 2025-03-31 10:00") == "to 31/03/2025 10:00"


MOMENTS = st.integers(0, 40_000_000).map(
    lambda minutes: (datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).strftime(
        "%Y-%m-%dT%H:%M:00Z"
    )
)
ANSWERS: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.DATE: st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat),
    FieldType.TIME: st.times().map(lambda time: time.strftime("%H:%M")),
    FieldType.DATETIME: MOMENTS,
    FieldType.INTEGER: st.integers(-(10**14), 10**14),
    FieldType.DECIMAL: st.decimals(-(10**6), 10**6, places=4).map(float),
    FieldType.MONEY: st.decimals(0, 10**6, places=3).map(float),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.TEXT: st.text(string.ascii_letters + "أبتثج ", min_size=1),
    FieldType.LONG_TEXT: st.text(string.ascii_letters + "أبتثج ", min_size=1),
    FieldType.NATIONAL_ID: st.from_regex(r"[0-9]{10}", fullmatch=True),
    FieldType.REFERENCE: st.sampled_from(["vtc", "mol_zarqa"]),
    FieldType.MULTI_REFERENCE: st.lists(st.sampled_from(["a", "b"]), unique=True),
}


def post(data: dict[str, Any], form: Form) -> MultiDict[str, str]:
    """What a browser posts for a page that shows `data`."""
    found: list[tuple[str, str]] = []
    for key, value in data.items():
        field = form.fields[key]
        for index, row in enumerate(value if field.type is FieldType.LIST else ()):
            for item in field.items:
                found += named(item.type, f"{key}.{index}.{item.key}", row[item.key])
        if field.type is not FieldType.LIST:
            found += named(field.type, key, value)
    return MultiDict(found)


def named(type_: FieldType, name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [(name, one) for one in value]
    if type_ is FieldType.DATETIME:
        day, clock = typed_moment(value)
        return [(name, day), (f"{name}@time", clock)]
    if value is None or (type_ is FieldType.BOOLEAN and value is False):
        return [(name, "false")] if value is False else []
    return [(name, typed(type_, value))]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_answers_come_back_as_they_were(shipped: dict[str, Form], data: Any) -> None:
    form = data.draw(st.sampled_from(list(shipped.values())))

    def one(field: Any) -> Any:
        if field.type is FieldType.LIST:
            rows = st.fixed_dictionaries({item.key: filled(item) for item in field.items})
            return data.draw(st.lists(rows, max_size=3))
        return data.draw(filled(field))

    answers = {key: one(field) for key, field in form.fields.items() if not field.read_only}
    assert read_posted(form, post(answers, form), now=NOW).data == answers


def filled(field: Any) -> st.SearchStrategy[Any]:
    if field.type is FieldType.BOOLEAN:
        return ANSWERS[FieldType.BOOLEAN]
    values = [choice.value for choice in field.choices]
    if field.type is FieldType.MULTI_ENUM:
        return st.lists(st.sampled_from(values), unique=True)
    return st.sampled_from(values) if values else ANSWERS[field.type]


def test_what_is_not_posted_is_not_answered(shipped: dict[str, Form]) -> None:
    for form in shipped.values():
        data = read_posted(form, MultiDict(), now=NOW).data
        assert data.keys() == {key for key, field in form.fields.items() if not field.read_only}
        assert all(value in (None, [], False) for value in data.values())


def test_names_that_are_no_fields_are_ignored(shipped: dict[str, Form]) -> None:
    form = shipped["mol_acceptance"]
    posted = MultiDict({"csrf_token": "t", "client_group": "A", "steps.0.step_text": "x", "_": "y"})
    data = read_posted(form, posted, now=NOW).data
    assert data == {"referral_decision": None, "rejection_reason": None, "acceptance_note": None}


STEP = {"step_text": "x", "responsible": "client", "due_date": "1/6/2019", "step_status": "planned"}


def step(index: int, **more: str) -> dict[str, str]:
    return {f"steps.{index}.{key}": value for key, value in {**STEP, **more}.items()}


def test_rows_keep_their_order_and_rows_nobody_began_are_left_out(shipped: dict[str, Form]) -> None:
    form = shipped["individual_action_plan"]
    offered = {"steps.4.step_text": "", "steps.4.due_date": "", "steps.4.step_status": "planned"}
    posted = MultiDict({**step(10, step_text="last"), **offered, **step(2, step_text="first")})
    steps = read_posted(form, posted, now=NOW).data["steps"]
    assert [row["step_text"] for row in steps] == ["first", "last"]
    assert steps[0]["due_date"] == "2019-06-01"


def test_buttons_add_and_remove_rows_and_ask_for_the_form_again(shipped: dict[str, Form]) -> None:
    form = shipped["individual_action_plan"]
    two = {**step(0, step_text="a"), **step(1, step_text="b")}
    assert not read_posted(form, MultiDict(two), now=NOW).redraw
    removed = read_posted(form, MultiDict({**two, REMOVE: "steps.0"}), now=NOW)
    assert removed.redraw
    assert [row["step_text"] for row in removed.data["steps"]] == ["b"]
    added = read_posted(form, MultiDict({**two, ADD: "steps"}), now=NOW)
    assert added.data["steps"][2] == {"step_status": "planned"}
    assert read_posted(form, MultiDict({**two, REFRESH: "1"}), now=NOW).redraw
    nonsense = read_posted(form, MultiDict({ADD: "goal", REMOVE: "x"}), now=NOW)
    assert nonsense.redraw
    assert nonsense.data["goal"] is None


@pytest.mark.parametrize("index", ["99999", "-1", "x", "1.5", "٣", ""])
def test_odd_row_numbers_are_no_rows(shipped: dict[str, Form], index: str) -> None:
    form = shipped["individual_action_plan"]
    posted = MultiDict({f"steps.{index}.step_text": "x"})
    assert read_posted(form, posted, now=NOW).data["steps"] == []


def test_a_row_default_of_today_counts_as_not_begun(component: Any, make_form: Any) -> None:
    rows = {
        "type": "dynamiclist",
        "path": "visits",
        "label": "زيارات",
        "properties": {"label.en": "Visits"},
        "components": [
            component("datetime", "day", subtype="date", properties={"default": "=today()"}),
            component("textfield", "note"),
        ],
    }
    form = make_form(rows)
    posted = MultiDict({"visits.0.day": "14/05/2019", "visits.0.note": ""})
    assert read_posted(form, posted, now=NOW).data["visits"] == []
    later = NOW + timedelta(days=1)
    assert len(read_posted(form, posted, now=later).data["visits"]) == 1
