"""What makes a form file unusable, each with the component and a way out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forms import FormFileError, compile_form
from forms.support import REFUSED_TYPES

YES_NO = [{"value": "true", "label": "نعم"}, {"value": "false", "label": "لا"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"[]", "JSON object"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"id": "x", "id": "y"}', "stands twice"),
        (b'{"id": NaN}', "not a JSON number"),
        (b"[" * 100_000, "deep"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "deeper"),
        (b" " * 600_000, "larger"),
        (b'{"id": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_unreadable_files(content: bytes, words: str) -> None:
    with pytest.raises(FormFileError, match=words) as found:
        compile_form(content, file="bad.form")
    assert found.value.findings[0].rule == "unreadable"
    assert "bad.form" in str(found.value)


def test_a_form_needs_id_and_components(rules_of: Any) -> None:
    assert rules_of(id="") == {"form_id"}
    assert rules_of(id="../x") == {"form_id"}
    assert rules_of(components=None) == {"no_components"}
    assert rules_of(type="wizard") == {"form_type"}
    assert rules_of(pages=[]) == {"unknown_attribute"}
    assert rules_of(schemaVersion=18, exporter={"name": "x"}) == set()


@pytest.mark.parametrize("kind", sorted(REFUSED_TYPES))
def test_refused_components(rules_of: Any, component: Any, kind: str) -> None:
    assert "refused_component" in rules_of(component(kind, "x"))


@pytest.mark.parametrize(
    ("rule", "kind", "more"),
    [
        ("unknown_component", "slider", {}),
        ("unknown_component", None, {}),
        ("unknown_attribute", "textfield", {"onclick": "alert(1)"}),
        ("refused_attribute", "select", {"valuesKey": "x"}),
        ("refused_attribute", "number", {"serializeToString": True}),
        ("unknown_property", "textfield", {"properties": {"lable.en": "x"}}),
        ("unknown_validation", "textfield", {"validate": {"maximum": 5}}),
        ("bad_property", "textfield", {"properties": {"number": 5}}),
        ("bad_feel", "textfield", {"conditional": {"hide": "=a ++ b"}}),
        ("bad_feel", "textfield", {"properties": {"required_if": "=if a then"}}),
        ("not_feel", "textfield", {"conditional": {"hide": "a = b"}}),
        ("not_feel", "textfield", {"properties": {"default": "today()"}}),
        ("bad_pattern", "textfield", {"validate": {"pattern": "(a+)+$"}}),
        ("bad_validation", "textfield", {"validate": {"validationType": "iban"}}),
        ("bad_type", "textfield", {"properties": {"type": "integer"}}),
        ("bad_type", "datetime", {"subtype": "week"}),
        ("bad_type", "datetime", {"subtype": "date", "properties": {"type": "datetime"}}),
        ("bad_limit", "textfield", {"properties": {"min": "3"}}),
        ("bad_limit", "number", {"properties": {"min": "three"}}),
        ("bad_limit", "datetime", {"subtype": "date", "properties": {"max": "2019-02-30"}}),
        ("bad_limit", "textfield", {"validate": {"maxLength": 99_999_999}}),
        ("two_limits", "number", {"validate": {"min": 1}, "properties": {"min": "2"}}),
        ("no_options", "radio", {"values": []}),
        ("no_options", "select", {}),
        ("duplicate_option", "radio", {"values": [YES_NO[0], YES_NO[0]]}),
        ("bad_option", "radio", {"values": [{"label": "x", "value": ""}]}),
        ("bad_boolean", "radio", {"values": YES_NO[:1], "properties": {"type": "boolean"}}),
        ("values_and_source", "select", {"values": YES_NO, "properties": {"source": "x"}}),
        ("bad_source", "number", {"properties": {"source": "catalogue"}}),
        ("bad_source", "select", {"properties": {"source": "Kat alogue"}}),
        ("bad_required", "textfield", {"validate": {"required": "=a"}}),
        ("computed_flag", "textfield", {"readonly": "=a"}),
        ("computed_label", "textfield", {"label": "=a"}),
        ("missing_label", "textfield", {"label": ""}),
        ("missing_english", "textfield", {"properties": {"label.en": " "}}),
        ("hint_language", "textfield", {"properties": {"hint.ar": "مساعدة"}}),
        ("hint_language", "textfield", {"description": "مساعدة"}),
        ("fixed_input", "textfield", {"properties": {"fixed": "=1"}}),
        ("bad_prefill", "textfield", {"properties": {"prefill": "maybe"}}),
        ("visibility_circle", "textfield", {"conditional": {"hide": "=x = null"}}),
    ],
)
def test_findings(rules_of: Any, component: Any, rule: str, kind: Any, more: Any) -> None:
    assert rule in rules_of(component(kind, "x", **more))


@pytest.mark.parametrize(
    ("rule", "key"),
    [("bad_key", ""), ("bad_key", "a-b"), ("bad_key", "1a"), ("reserved_key", "date")],
)
def test_keys(rules_of: Any, component: Any, rule: str, key: str) -> None:
    assert rules_of(component("textfield", key)) == {rule}


def test_keys_are_unique_across_groups_but_not_across_rows(rules_of: Any, component: Any) -> None:
    field = component("textfield", "x")
    group = {"type": "group", "label": "أ", "properties": {"label.en": "A"}, "components": [field]}
    rows = {**group, "type": "dynamiclist", "path": "rows"}
    assert rules_of(field, group) == {"duplicate_key"}
    assert rules_of(field, rows) == set()
    assert rules_of({**rows, "components": [rows]}) >= {"nested_list"}
    assert rules_of({**rows, "components": []}) == {"empty_list"}
    assert rules_of({**group, "path": "deep"}) == {"refused_attribute"}


def test_texts_are_plain_and_in_both_languages(rules_of: Any) -> None:
    def text(arabic: str, **properties: str) -> dict[str, Any]:
        return {"type": "text", "text": arabic, "properties": properties}

    assert rules_of(text("مرحبا", **{"text.en": "Hello"})) == set()
    assert rules_of(text("مرحبا")) == {"missing_english"}
    assert rules_of(text("= now()", **{"text.en": "x"})) == {"computed_text"}
    assert rules_of(text("أجر {{wage}}", **{"text.en": "x"})) == {"computed_text"}


def test_a_finding_names_the_component_and_all_are_told_at_once(
    file_of: Any, component: Any
) -> None:
    content = file_of(component("textfield", "a", label=""), component("html", "b"), 7)
    with pytest.raises(FormFileError) as found:
        compile_form(content, file="probe.form")
    assert [f.element_id for f in found.value.findings] == ["a", "b", "components.2"]
    assert all(f.message and f.suggestion for f in found.value.findings)


def test_unknown_sources(file_of: Any, component: Any) -> None:
    content = file_of(component("select", "x", properties={"source": "moon"}))
    compile_form(content, file="probe.form")
    with pytest.raises(FormFileError, match="moon") as found:
        compile_form(content, file="probe.form", sources={"catalogue"})
    assert found.value.findings[0].element_id == "x"


def test_large_forms_are_refused(rules_of: Any, component: Any) -> None:
    assert rules_of(*(component("textfield", f"f{i}") for i in range(401))) == {"too_large"}


def test_the_same_content_is_compiled_once(file_of: Any, component: Any) -> None:
    content = file_of(component("textfield", "a"))
    assert compile_form(content, file="1") is compile_form(bytes(content), file="2")
    other = compile_form(json.dumps(json.loads(content), indent=1).encode(), file="1")
    assert other.sha256 != compile_form(content, file="1").sha256


def test_the_label_of_a_date_is_where_the_editor_keeps_it(make_form: Any, component: Any) -> None:
    day = component("datetime", "day", subtype="date", dateLabel="تاريخ")
    form = make_form(day)
    assert form.fields["day"].label_ar == "تاريخ"
    assert form.schema["components"][0]["label"] == "تاريخ"
