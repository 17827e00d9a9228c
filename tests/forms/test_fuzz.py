"""Whatever JSON comes in, there are errors by field or clean answers that stay as they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms import Form, FormErrors, FormFileError, compile_form

DEFINITIONS = Path(__file__).parents[2] / "forms" / "definitions"
GOLDEN = Path(__file__).parent / "golden"
FORMS = {p.stem: compile_form(p.read_bytes(), file=p.name) for p in DEFINITIONS.glob("*.form")}
NOW = datetime(2019, 5, 14, 7, 0, tzinfo=UTC)
GENERATED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
dates = st.dates(datetime(2018, 1, 1).date(), datetime(2021, 1, 1).date()).map(str)  # noqa: DTZ001
moments = st.datetimes(datetime(2018, 1, 1), datetime(2021, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.isoformat()
)


def likely(form: Form, key: str) -> st.SearchStrategy[Any]:
    """Mostly answers of the right kind for a field."""
    field = form.fields[key]
    plain = [dates, moments, st.booleans(), st.integers(-5, 400), st.text(max_size=20)]
    if field.choices:
        one = st.sampled_from([choice.value for choice in field.choices])
        plain = [one, one, st.lists(one, max_size=4), st.booleans()]
    if field.items:
        row = st.fixed_dictionaries(
            {},
            optional={
                item.key: (
                    st.sampled_from([c.value for c in item.choices])
                    if item.choices
                    else st.one_of(plain)
                )
                for item in field.items
            },
        )
        plain = [st.lists(row, max_size=3), json_values]
    return st.one_of(*plain, json_values)


@st.composite
def submissions(draw: st.DrawFn) -> tuple[Form, dict[str, Any], dict[str, Any]]:
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    keys = draw(st.sets(st.sampled_from(sorted(form.fields)), max_size=len(form.fields)))
    data = {key: draw(likely(form, key)) for key in sorted(keys)}
    if draw(st.integers(0, 9)) == 0:
        data[draw(st.text())] = draw(json_values)
    variables = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "client_group": st.sampled_from(["A", "B", "C", None]),
                "stable_clock_from": dates,
                "proposed_group": st.sampled_from(["A", "B", "C", "postponed", None]),
                "employment_start_date": dates,
                "client_agreement_at": moments,
                "data_sharing_consent": st.booleans(),
                "parameters": st.just({"minimum_wage_jod_month": 220}),
            },
        )
    )
    return form, data, variables


def outcome(form: Form, data: Any, **ask: Any) -> tuple[Any, dict[str, list[str]] | None]:
    """The clean answers, or the errors."""
    try:
        return form.validate(data, **ask), None
    except FormErrors as error:
        return None, error.errors


def is_form_or_has_findings(content: bytes) -> bool:
    """Nothing but findings comes of a wrong file."""
    try:
        compile_form(content, file="any.form")
    except FormFileError as error:
        return bool(error.findings)
    return True


@GENERATED
@given(submissions(), st.sampled_from(["ar", "en"]))
def test_errors_by_field_or_stable_answers(
    generated: tuple[Form, dict[str, Any], dict[str, Any]], language: str
) -> None:
    form, data, variables = generated
    options = {path: ["s1"] for path in form.references()}
    ask: dict[str, Any] = {
        "variables": variables,
        "options": options,
        "now": NOW,
        "language": language,
    }
    clean, errors = outcome(form, data, **ask)
    if errors is not None:
        assert errors
        for path, messages in errors.items():
            assert path.encode()
            assert messages
            assert all(isinstance(one, str) and "{" not in one for one in messages)
        return
    assert set(clean) == form.writes
    json.dumps(clean, allow_nan=False).encode()
    assert form.validate(clean, **ask) == clean


@st.composite
def nearly_good(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(sorted(FORMS)))
    case: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    for key in draw(st.lists(st.sampled_from(sorted(FORMS[name].writes)), max_size=2)):
        case["data"][key] = draw(likely(FORMS[name], key))
    return name, case


@GENERATED
@given(nearly_good())
def test_good_submissions_with_a_few_answers_changed(
    generated: tuple[str, dict[str, Any]],
) -> None:
    form, case = FORMS[generated[0]], generated[1]
    ask = {"variables": case["variables"], "options": case["options"], "now": NOW}
    clean, errors = outcome(form, case["data"], **ask)
    if errors is None:
        assert set(clean) == form.writes
        assert form.validate(clean, **ask) == clean


@GENERATED
@given(st.sampled_from(sorted(FORMS)), json_values)
def test_any_json_as_the_whole_submission(name: str, data: Any) -> None:
    clean, errors = outcome(FORMS[name], data, variables={}, now=NOW)
    assert errors or set(clean) == FORMS[name].writes


@GENERATED
@given(st.sampled_from(sorted(FORMS)), st.dictionaries(st.text(), json_values, max_size=3))
def test_prefill_of_any_case(name: str, variables: dict[str, Any]) -> None:
    form = FORMS[name]
    for key in form.fields:
        variables.setdefault(key, variables.get("", "x"))
    assert form.defaults(variables, NOW).keys() <= form.fields.keys()


@GENERATED
@given(st.one_of(st.binary(), json_values.map(lambda value: json.dumps(value).encode())))
def test_any_file_is_a_form_or_has_findings(content: bytes) -> None:
    assert is_form_or_has_findings(content)


@GENERATED
@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(["textfield", "number", "select", "dynamiclist", "group"])},
            optional={
                "key": st.sampled_from(["a", "b"]) | json_values,
                "path": json_values,
                "label": json_values,
                "properties": json_values,
                "validate": json_values,
                "values": json_values,
                "components": json_values,
                "conditional": st.fixed_dictionaries({"hide": json_values}) | json_values,
            },
        ),
        max_size=3,
    )
)
def test_any_components_are_read_or_have_findings(components: list[Any]) -> None:
    content = json.dumps({"id": "x", "components": components}).encode()
    assert is_form_or_has_findings(content)
