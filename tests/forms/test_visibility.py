"""Hidden fields, required-if, limits by FEEL, rows, and expressions that cannot be evaluated."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from forms import FormExpressionError

YES_NO = [{"value": "true", "label": "نعم"}, {"value": "false", "label": "لا"}]


def hidden(text: str) -> dict[str, str]:
    return {"hide": text}


def test_a_hidden_answer_is_dropped_and_not_required(
    make_form: Any, component: Any, answer: Any, errors_of: Any
) -> None:
    form = make_form(
        component("radio", "work", values=YES_NO, properties={"type": "boolean"}),
        component(
            "textfield", "job", conditional=hidden("=work != true"), validate={"required": True}
        ),
    )
    assert answer(form, {"work": False, "job": "x"}) == {"work": False, "job": None}
    assert answer(form, {"job": 12345}) == {"work": None, "job": None}
    assert errors_of(form, {"work": True}) == {"job": ["This field is required."]}
    assert errors_of(form, {"work": True, "job": "  "}) == {"job": ["This field is required."]}
    assert answer(form, {"work": True, "job": "x"}) == {"work": True, "job": "x"}


def test_a_wrong_answer_hides_what_depends_on_it(
    make_form: Any, component: Any, errors_of: Any
) -> None:
    form = make_form(
        component("number", "age"),
        component("textfield", "more", conditional=hidden("=not(age > 5)")),
    )
    assert set(errors_of(form, {"age": "six", "more": 7})) == {"age"}


def test_hiding_follows_hidden_answers_whatever_the_order(
    make_form: Any, component: Any, answer: Any
) -> None:
    form = make_form(
        component("textfield", "third", conditional=hidden("=second = null")),
        component("textfield", "second", conditional=hidden("=first = null")),
        component("textfield", "first"),
    )
    assert answer(form, {"third": "c", "second": "b"}) == {
        "third": None,
        "second": None,
        "first": None,
    }
    assert answer(form, {"third": "c", "second": "b", "first": "a"})["third"] == "c"


def test_a_group_hides_what_is_in_it(make_form: Any, component: Any, answer: Any) -> None:
    group = {
        "type": "group",
        "label": "قسم",
        "properties": {"label.en": "Section"},
        "conditional": hidden("=open != true"),
        "components": [component("textfield", "inside", validate={"required": True})],
    }
    form = make_form(component("checkbox", "open"), group)
    assert answer(form, {"inside": "x"}) == {"open": False, "inside": None}
    assert answer(form, {"open": True, "inside": "x"})["inside"] == "x"


def test_required_if(make_form: Any, component: Any, answer: Any, errors_of: Any) -> None:
    form = make_form(
        component("number", "wage"),
        component("textfield", "why", properties={"required_if": "=wage > 400"}),
        component("checkbox", "seen", properties={"required_if": "=wage > 1000"}),
    )
    assert answer(form, {"wage": 300})["why"] is None
    assert set(errors_of(form, {"wage": 500})) == {"why"}
    assert set(errors_of(form, {"wage": 1500, "why": "x"})) == {"seen"}
    assert answer(form, {})["why"] is None  # not known yet: not required


def test_limits_by_expression_use_the_day_in_jordan(
    make_form: Any, component: Any, errors_of: Any
) -> None:
    form = make_form(
        component("datetime", "day", subtype="date", properties={"min": "=today()"}),
        component("datetime", "moment", subtype="datetime", properties={"max": "=now()"}),
        component(
            "datetime",
            "later",
            subtype="date",
            properties={"max": '=date(day) + duration("P20D")'},
        ),
        component("datetime", "in_day", subtype="datetime", properties={"max": "=today()"}),
    )
    night = datetime(2019, 5, 14, 22, 30, tzinfo=UTC)  # half past one on the 15th in Amman
    assert errors_of(form, {"day": "2019-05-14"}, now=night) == {
        "day": ["Enter 2019-05-15 or later."]
    }
    assert errors_of(form, {"day": "2019-05-15"}, now=night) == {}
    assert errors_of(form, {"moment": "2019-05-15T01:31"}, now=night) == {
        "moment": ["Enter 2019-05-15 01:30 or earlier."]
    }
    assert errors_of(form, {"moment": "2019-05-15T01:30"}, now=night) == {}
    assert set(errors_of(form, {"day": "2019-05-15", "later": "2019-06-05"}, now=night)) == {
        "later"
    }
    assert errors_of(form, {"later": "2030-01-01"}, now=night) == {}  # no first day, no limit
    assert errors_of(form, {"in_day": "2019-05-15T23:59"}, now=night) == {}
    assert set(errors_of(form, {"in_day": "2019-05-16T00:00"}, now=night)) == {"in_day"}


def test_warnings_never_refuse(make_form: Any, component: Any, now: datetime) -> None:
    form = make_form(
        component(
            "number",
            "wage",
            properties={"warn_min": "=parameters.minimum", "warn_max": "1000"},
        )
    )
    variables = {"parameters": {"minimum": 220}}
    ask = {"variables": variables, "now": now, "language": "en"}
    assert form.validate({"wage": 100}, **ask) == {"wage": 100}
    assert "220" in form.warnings({"wage": 100}, **ask)["wage"][0]
    assert "1000" in form.warnings({"wage": 2000}, **ask)["wage"][0]
    assert form.warnings({"wage": 300}, **ask) == {}
    assert form.warnings({"wage": 100}, variables={}, now=now) == {}


@pytest.mark.parametrize("text", ["=missing > 5", "=5", '="yes"', "=variable + 1 > 2"])
def test_an_expression_without_a_usable_value_is_an_error_of_the_form(
    make_form: Any, component: Any, answer: Any, text: str
) -> None:
    form = make_form(component("textfield", "note", conditional=hidden(text)))
    with pytest.raises(FormExpressionError, match="note") as found:
        answer(form, {}, {"variable": None})
    assert found.value.form == "probe"
    assert found.value.what == "hide"


def test_a_limit_without_a_value_is_an_error_of_the_form(
    make_form: Any, component: Any, answer: Any
) -> None:
    form = make_form(
        component("datetime", "day", subtype="date", properties={"min": "=date(grouping_date)"})
    )
    assert answer(form, {}) == {"day": None}  # nothing to compare
    with pytest.raises(FormExpressionError, match="grouping_date"):
        answer(form, {"day": "2019-05-14"})
    assert answer(form, {"day": "2019-05-14"}, {"grouping_date": "2019-05-14"})["day"]


@pytest.fixture(scope="module")
def listed(make_form: Any, component: Any) -> Any:
    kinds = [{"value": "child", "label": "طفل"}, {"value": "other", "label": "آخر"}]
    return make_form(
        component("checkbox", "has"),
        {
            "type": "dynamiclist",
            "path": "people",
            "label": "الأشخاص",
            "properties": {"label.en": "People", "min_items": "1", "max_items": "3"},
            "validate": {"required": True},
            "conditional": hidden("=not(has)"),
            "components": [
                component("radio", "kind", values=kinds, validate={"required": True}),
                component("number", "age", decimalDigits=0, validate={"min": 0, "required": True}),
                component(
                    "textfield", "school", conditional=hidden('=kind != "child" or not(has)')
                ),
            ],
        },
    )


def test_rows_are_checked_with_their_paths(listed: Any, errors_of: Any) -> None:
    errors = errors_of(
        listed,
        {"has": True, "people": [{"kind": "child", "age": -1}, {"kind": "x", "spare": 1}, 5]},
    )
    assert set(errors) == {
        "people.0.age",
        "people.1.kind",
        "people.1.age",
        "people.1.spare",
        "people.2",
    }


def test_rows_have_visibility_of_their_own(listed: Any, answer: Any) -> None:
    rows = [{"kind": "child", "age": 5, "school": "a"}, {"kind": "other", "age": 70, "school": "b"}]
    assert answer(listed, {"has": True, "people": rows})["people"] == [
        {"kind": "child", "age": 5, "school": "a"},
        {"kind": "other", "age": 70, "school": None},
    ]
    assert answer(listed, {"has": False, "people": rows})["people"] == []


def test_the_number_of_rows_is_limited(listed: Any, errors_of: Any) -> None:
    row = {"kind": "child", "age": 1}
    assert errors_of(listed, {"has": True}) == {"people": ["This field is required."]}
    assert errors_of(listed, {"has": True, "people": []}) == {"people": ["This field is required."]}
    assert "At most 3" in errors_of(listed, {"has": True, "people": [row] * 4})["people"][0]
    assert "list of rows" in errors_of(listed, {"has": True, "people": {}})["people"][0]


def test_read_only_and_fixed_fields(make_form: Any, component: Any, answer: Any) -> None:
    form = make_form(
        component("textfield", "proposal", disabled=True, validate={"required": True}),
        component("textfield", "why", conditional=hidden('=proposal = "A"')),
        component("checkbox", "flag", disabled=True, properties={"fixed": "=true"}),
    )
    assert form.writes == {"why", "flag"}
    assert answer(form, {"proposal": "B", "why": "x", "flag": False}, {"proposal": "A"}) == {
        "why": None,
        "flag": True,
    }
    assert answer(form, {"why": "x"}, {"proposal": "B"}) == {"why": "x", "flag": True}
