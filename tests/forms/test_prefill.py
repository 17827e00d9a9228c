"""What the empty form shows, and where its options come from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

NO = {"prefill": "no"}


def test_variables_then_defaults(make_form: Any, component: Any, now: datetime) -> None:
    form = make_form(
        component("textfield", "name"),
        component("datetime", "day", subtype="date", properties={"default": "=today()"}),
        component("textfield", "fresh", properties=NO),
        component("number", "age", decimalDigits=0),
        component("textfield", "plain", defaultValue="x"),
        component("textfield", "unknown", properties={"default": "=nothing.there"}),
        component(
            "datetime",
            "end",
            subtype="date",
            properties={"default": '=date(day) + duration("P10D")'},
        ),
        component("datetime", "at", subtype="datetime", properties={"default": "=now()"}),
    )
    variables = {"name": "Sara", "fresh": "old", "age": "old", "secret": 1}
    assert form.defaults(variables, now) == {
        "name": "Sara",
        "day": "2019-05-14",
        "plain": "x",
        "end": "2019-05-24",
        "at": "2019-05-14T07:00:00Z",
    }
    assert form.defaults({"day": "2019-01-01"}, now)["end"] == "2019-01-11"


def test_what_is_hidden_from_the_reader_is_not_sent(
    make_form: Any, component: Any, now: datetime
) -> None:
    form = make_form(
        component("textfield", "plan", disabled=True, conditional={"hide": "=consent != true"}),
        component("textfield", "open", disabled=True),
    )
    assert form.defaults({"plan": "p", "open": "o", "consent": False}, now) == {"open": "o"}
    assert form.defaults({"plan": "p", "consent": True}, now) == {"plan": "p"}


def test_rows_show_their_own_columns_only(make_form: Any, component: Any, now: datetime) -> None:
    steps = {
        "type": "dynamiclist",
        "path": "steps",
        "label": "خطوات",
        "properties": {"label.en": "Steps"},
        "components": [component("textfield", "step", disabled=True)],
    }
    form = make_form(steps)
    assert form.fields["steps"].read_only
    assert form.writes == frozenset()
    assert form.defaults({"steps": [{"step": "a", "secret": 1}, 7]}, now) == {
        "steps": [{"step": "a"}]
    }
    assert form.defaults({"steps": "none"}, now) == {}


def test_references_and_names(make_form: Any, component: Any) -> None:
    steps = {
        "type": "dynamiclist",
        "path": "steps",
        "label": "خطوات",
        "properties": {"label.en": "Steps"},
        "components": [
            component("select", "who", properties={"source": "case_workers", "source.unit": "own"}),
            component("textfield", "what", conditional={"hide": "=who = null or outside or own"}),
        ],
    }
    form = make_form(component("checkbox", "own"), steps)
    source, properties = form.references()["steps.who"]
    assert source == "case_workers"
    assert properties["source.unit"] == "own"
    assert form.names == {"outside"}
    assert [field.path for field in form.fields["steps"].items] == ["steps.who", "steps.what"]
