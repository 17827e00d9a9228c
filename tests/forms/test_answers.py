"""Each answer type: what is accepted, what it becomes, what is refused with which words."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

AB = [{"value": "a", "label": "أ"}, {"value": "b", "label": "ب"}]
YES_NO = [{"value": "true", "label": "نعم"}, {"value": "false", "label": "لا"}]


@pytest.fixture(scope="module")
def form(make_form: Any, component: Any) -> Any:
    return make_form(
        component("textfield", "line", validate={"maxLength": 10, "minLength": 2}),
        component("textarea", "lines"),
        component("textfield", "code", validate={"pattern": "^[A-Z]{2}[0-9]{1,3}$"}),
        component("textfield", "mail", validate={"validationType": "email"}),
        component("textfield", "phone", validate={"validationType": "phone"}),
        component("textfield", "nid", properties={"type": "national_id"}),
        component("number", "whole", decimalDigits=0, validate={"min": 0, "max": 60}),
        component("number", "decimal", validate={"min": 0.2}),
        component("number", "money", properties={"type": "money", "max": "5000"}),
        component("checkbox", "box"),
        component("radio", "yes", values=YES_NO, properties={"type": "boolean"}),
        component("radio", "one", values=AB),
        component("checklist", "many", values=AB),
        component("select", "ref", properties={"source": "catalogue"}),
        component("taglist", "refs", properties={"source": "catalogue"}),
        component("datetime", "day", subtype="date"),
        component("datetime", "moment", subtype="datetime"),
        component("datetime", "clock", subtype="time"),
    )


OPTIONS = {"ref": ["x", "y"], "refs": ["x", "y"]}


@pytest.mark.parametrize(
    ("key", "given", "clean"),
    [
        ("line", "  مرحبا ", "مرحبا"),
        ("line", "", None),
        ("line", None, None),
        ("lines", "a\r\nb\tc ", "a\nb\tc"),
        ("code", "AB12", "AB12"),
        ("mail", "sara@example.com", "sara@example.com"),
        ("phone", "+962 7 9000 0000", "+962 7 9000 0000"),
        ("nid", "٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("nid", " 9871234567 ", "9871234567"),
        ("whole", 3.0, 3),
        ("whole", 0, 0),
        ("whole", 60, 60),
        ("decimal", 0.2, 0.2),
        ("decimal", 12.5, 12.5),
        ("money", 220.125, 220.125),
        ("money", 300.0, 300),
        ("box", True, True),
        ("yes", False, False),
        ("yes", "", None),
        ("one", "b", "b"),
        ("many", ["b", "a", "b"], ["b", "a"]),
        ("many", None, []),
        ("ref", "x", "x"),
        ("refs", ["y"], ["y"]),
        ("day", "2019-02-28", "2019-02-28"),
        ("moment", "2019-05-14T10:30", "2019-05-14T07:30:00Z"),
        ("moment", "2019-05-14T10:30:15.123456789+03:00", "2019-05-14T07:30:15Z"),
        ("moment", "2019-01-14T10:30", "2019-01-14T08:30:00Z"),
        ("moment", "2019-05-14T10:30:00Z", "2019-05-14T10:30:00Z"),
        ("clock", "09:30:59", "09:30"),
    ],
)
def test_accepted(form: Any, answer: Any, key: str, given: Any, clean: Any) -> None:
    found = answer(form, {key: given}, options=OPTIONS)[key]
    assert found == clean
    assert type(found) is type(clean)


@pytest.mark.parametrize(
    ("key", "given", "words"),
    [
        ("line", 5, "Enter text"),
        ("line", "x", "at least 2"),
        ("line", "x" * 11, "at most 10"),
        ("line", "a\x00b", "not allowed"),
        ("line", "a\nb", "not allowed"),
        ("line", "\ud800x", "not allowed"),
        ("line", "a\u202eb", "not allowed"),
        ("line", ["a"], "Enter text"),
        ("lines", "x" * 5_001, "at most 5000"),
        ("code", "ab1", "form asked for"),
        ("code", "AB12345", "form asked for"),
        ("mail", "sara at example", "e-mail"),
        ("phone", "call me", "phone number"),
        ("nid", "123", "10 digits"),
        ("nid", "1234567890" + " " * 95 + "1", "10 digits"),
        ("whole", "3", "Enter a number"),
        ("whole", True, "Enter a number"),
        ("whole", 2.5, "whole number"),
        ("whole", 61, "from 0 to 60"),
        ("whole", -1, "from 0 to 60"),
        ("whole", 10**400, "too large"),
        ("whole", float("nan"), "Enter a number"),
        ("whole", float("inf"), "Enter a number"),
        ("decimal", 0.1, "0.2 or more"),
        ("money", 220.1234, "3 decimal"),
        ("money", 5000.001, "5000 or less"),
        ("money", 1e300, "too large"),
        ("box", "yes", "true or false"),
        ("box", 1, "true or false"),
        ("yes", "true", "true or false"),
        ("one", "c", "a (A), b (B)"),
        ("one", ["a"], "Choose one of"),
        ("many", "a", "list of choices"),
        ("many", ["a", "c"], "Choose one of"),
        ("many", ["a"] * 1001, "More was chosen"),
        ("ref", "z", "not available"),
        ("ref", {"x": 1}, "not available"),
        ("refs", ["x", "z"], "not available"),
        ("day", "2019-02-29", "valid date"),
        ("day", "14.05.2019", "valid date"),
        ("day", "0019-05-14", "valid date"),
        ("day", 20190514, "valid date"),
        ("day", "2019-W20-2", "valid date"),
        ("moment", "2019-05-14", "date and time"),
        ("moment", "2019-05-14T25:00", "date and time"),
        ("moment", "2019-05-14T10:00+99:00", "date and time"),
        ("clock", "24:00", "valid time"),
    ],
)
def test_refused(form: Any, errors_of: Any, key: str, given: Any, words: str) -> None:
    errors = errors_of(form, {key: given}, options=OPTIONS)
    assert set(errors) == {key}
    assert words in errors[key][0]


def test_text_is_in_composed_form(form: Any, answer: Any) -> None:
    decomposed = unicodedata.normalize("NFD", "أخذ")
    assert answer(form, {"line": decomposed})["line"] == "أخذ"


def test_every_answer_is_in_the_result(form: Any, answer: Any) -> None:
    clean = answer(form, {})
    assert set(clean) == form.writes == set(form.fields)
    assert clean["many"] == []
    assert clean["refs"] == []
    assert clean["box"] is False
    assert all(clean[key] is None for key in set(clean) - {"many", "refs", "box"})


def test_a_reference_without_offered_options_is_refused(form: Any, errors_of: Any) -> None:
    assert set(errors_of(form, {"ref": "x"})) == {"ref"}


@pytest.mark.parametrize("data", [None, [], "x", 5, {1: "a"}])
def test_answers_are_an_object(form: Any, errors_of: Any, data: Any) -> None:
    assert set(errors_of(form, data)) == {"_"}


def test_unknown_fields_are_refused_by_name(form: Any, errors_of: Any) -> None:
    errors = errors_of(form, {"lien": "x", "y" * 5000: 1, "\ud800": 1})
    assert set(errors) == {"lien", "y" * 100, "?"}
    assert errors["lien"] == ["The form has no field of this name."]


def test_errors_speak_the_callers_language(form: Any, errors_of: Any) -> None:
    arabic = errors_of(form, {"whole": 61, "one": "c"}, language="ar")
    assert arabic["whole"] == ["أدخل قيمة من 0 إلى 60."]
    assert arabic["one"] == ["اختر أحد الخيارات: a (أ)، b (ب)."]
    assert errors_of(form, {"whole": 61}, language="fr") == {"whole": arabic["whole"]}
