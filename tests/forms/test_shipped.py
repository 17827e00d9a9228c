"""The shipped forms: complete, in both languages, with a good answer for each."""

from __future__ import annotations

from typing import Any

import pytest

from forms import FieldType, FormErrors
from tests.forms.shipped import (
    FORMS,
    SOURCES,
    check,
    errors_of_case,
    every_field,
    golden,
)


def test_all_are_there(shipped: Any) -> None:
    assert sorted(shipped) == sorted(FORMS)
    assert all(form.id == name for name, form in shipped.items())


def is_arabic(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)


@pytest.mark.parametrize("name", FORMS)
def test_both_languages_everywhere(shipped: Any, name: str) -> None:
    form = shipped[name]
    assert is_arabic(form.title_ar)
    assert form.title_en.isascii() or "–" in form.title_en
    for field in every_field(form):
        pairs = [(field.label_ar, field.label_en)]
        pairs += [(choice.label_ar, choice.label_en) for choice in field.choices]
        if field.hint_ar:
            pairs.append((field.hint_ar, field.hint_en))
        if "unit" in field.properties:
            pairs.append((field.properties["unit"], field.properties["unit.en"]))
        for arabic, english in pairs:
            assert is_arabic(arabic), field.path
            assert english.strip(), field.path
            assert not is_arabic(english), field.path


@pytest.mark.parametrize("name", FORMS)
def test_a_good_submission(shipped: Any, name: str) -> None:
    case = golden(name)
    clean = check(shipped[name], case, case["data"])
    assert clean == case["clean"]
    assert set(clean) == shipped[name].writes
    assert check(shipped[name], case, clean) == clean


@pytest.mark.parametrize("name", FORMS)
def test_every_required_answer_is_required(shipped: Any, name: str) -> None:
    case = golden(name)
    for field in shipped[name].fields.values():
        if not field.required or case["clean"].get(field.key) in (None, []):
            continue
        with pytest.raises(FormErrors) as found:
            check(shipped[name], case, {k: v for k, v in case["data"].items() if k != field.key})
        assert field.key in found.value.errors


@pytest.mark.parametrize("name", FORMS)
def test_prefill_fits_the_form(shipped: Any, name: str) -> None:
    case = golden(name)
    prefill = shipped[name].defaults(case["variables"], case["now"])
    offered = {k: v for k, v in prefill.items() if not shipped[name].fields[k].read_only}
    assert not offered.keys() & errors_of_case(shipped[name], case, offered).keys()


@pytest.mark.parametrize("name", FORMS)
def test_expressions_can_be_evaluated_in_an_empty_case(shipped: Any, name: str) -> None:
    case = {**golden(name), "variables": {}}
    shipped[name].defaults({}, case["now"])
    for data in (dict[str, Any](), case["data"]):
        errors_of_case(shipped[name], case, data)


def test_references_name_known_sources(shipped: Any) -> None:
    named = {source for form in shipped.values() for source, _ in form.references().values()}
    assert named == SOURCES


def test_the_health_answer_goes_to_no_partner(shipped: Any) -> None:
    for name in ("mol_acceptance", "provider_acceptance", "mol_mediation", "provider_feedback"):
        assert not {"health_status", "care_dependants"} & shipped[name].fields.keys()
    assert shipped["job_readiness_interview"].fields["health_status"].properties["sensitive"]


def test_partners_see_the_plan_only_with_consent(shipped: Any) -> None:
    now = golden("mol_acceptance")["now"]
    case = {"goal": "employment", "steps": [{"step_text": "x", "note": "y"}], "client_group": "A"}
    shown = shipped["mol_acceptance"].defaults({**case, "data_sharing_consent": True}, now)
    assert shown == {**case, "steps": [{"step_text": "x"}]}
    for refused in (False, None):
        variables = {**case, "data_sharing_consent": refused}
        assert shipped["mol_acceptance"].defaults(variables, now) == {"client_group": "A"}


def test_the_screening_interview_asks_positively(shipped: Any) -> None:
    fields = shipped["lms_almp_screening_interview"].fields
    assert fields["can_describe_career_goals"].label_ar == "أستطيع وصف أهدافي المهنية"
    assert fields["has_occupation_screening"].label_ar == "لدي مهنة"


def test_no_answer_type_is_forgotten(shipped: Any) -> None:
    used = {field.type for form in shipped.values() for field in every_field(form)}
    unused = {FieldType.NATIONAL_ID, FieldType.TIME, FieldType.MULTI_REFERENCE}
    assert used == set(FieldType) - unused
