"""The view of a form: order, words in both languages, what is hidden, errors at their fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from forms import Form, Visibility, compile_form, compile_schema, hidden_fields, render_view
from forms.marked_text import blocks
from forms.view import FormView, Part, Question, Rows, Section, Text

NOW = datetime(2019, 5, 14, 7, 0, tzinfo=UTC)
YES_NO = [{"value": "true", "label": "نعم"}, {"value": "false", "label": "لا"}]


@dataclass(frozen=True)
class Offer:
    value: str
    label_ar: str
    label_en: str


def all_parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Section):
            yield from all_parts(part.parts)
        if isinstance(part, Rows):
            for row in part.rows:
                yield from all_parts(row.parts)


def questions(view: FormView) -> dict[str, Question]:
    return {part.path: part for part in all_parts(view.parts) if isinstance(part, Question)}


def draw(form: Form, data: dict[str, Any] | None = None, **more: Any) -> FormView:
    return render_view(form, data or {}, language=more.pop("language", "en"), now=NOW, **more)


def test_every_shipped_form_shows_each_of_its_questions_once_in_order(
    shipped: dict[str, Form], parameters: dict[str, Any]
) -> None:
    for form in shipped.values():
        view = draw(form, {key: "x" for key, field in form.fields.items() if field.read_only})
        shown = [
            part.path
            for part in all_parts(view.parts)
            if isinstance(part, Question | Rows) and "." not in part.path
        ]
        drawn = [key for key in form.fields if key in shown]
        assert shown == drawn, form.id
        held = hidden_fields(form, {}, {}, NOW).held
        answerable = {key for key, field in form.fields.items() if not field.read_only}
        assert answerable - held == answerable & set(shown), form.id


@pytest.mark.parametrize("language", ["ar", "en"])
def test_words_are_in_the_readers_language(shipped: dict[str, Form], language: str) -> None:
    form = shipped["job_readiness_interview"]
    view = draw(form, language=language)
    found = questions(view)["can_start_within_week"]
    field = form.fields["can_start_within_week"]
    assert view.title == (form.title_en if language == "en" else form.title_ar)
    assert (found.label, found.hint) == (
        (field.label_en, field.hint_en) if language == "en" else (field.label_ar, field.hint_ar)
    )
    assert found.number == "1"
    assert [pick.label for pick in found.picks] == (
        ["Yes", "No"] if language == "en" else ["نعم", "لا"]
    )


def test_the_title_is_not_repeated_among_the_texts(shipped: dict[str, Form]) -> None:
    for form in shipped.values():
        texts = [part for part in all_parts(draw(form).parts) if isinstance(part, Text)]
        words = [span.text for text in texts for b in text.blocks for ln in b.lines for span in ln]
        assert form.title_en not in words, form.id


def test_answers_stand_typed_and_in_words(make_form: Any, component: Any) -> None:
    form = make_form(
        component("datetime", "day", subtype="date"),
        component("datetime", "at", subtype="datetime"),
        component("number", "wage", properties={"type": "money", "unit": "د", "unit.en": "JOD"}),
        component("radio", "work", values=YES_NO, properties={"type": "boolean"}),
        component("checklist", "ways", values=[{"value": "bus", "label": "حافلة"}]),
        component("checkbox", "agreed"),
        component("select", "place", properties={"source": "places"}),
    )
    data = {
        "day": "2019-03-31",
        "at": "2019-03-31T06:30:00Z",
        "wage": 1260.5,
        "work": False,
        "ways": ["bus"],
        "agreed": True,
        "place": "z",
    }
    found = questions(draw(form, data, options={"place": [Offer("z", "الزرقاء", "Zarqa")]}))
    assert (found["day"].kind, found["day"].typed) == ("date", "31/03/2019")
    assert (found["at"].typed, found["at"].typed_time) == ("31/03/2019", "09:30")
    assert (found["wage"].typed, found["wage"].shown, found["wage"].unit) == (
        "1260.5",
        ("1,260.500",),
        "JOD",
    )
    assert [pick.chosen for pick in found["work"].picks] == [False, True]
    assert (found["work"].shown, found["ways"].shown) == (("FALSE",), ("BUS",))
    assert (found["agreed"].kind, found["agreed"].shown) == ("tick", ("Yes",))
    assert (found["place"].kind, found["place"].shown) == ("select", ("Zarqa",))


def test_what_could_not_be_read_is_shown_as_it_was_typed(make_form: Any, component: Any) -> None:
    form = make_form(
        component("datetime", "day", subtype="date"),
        component("datetime", "at", subtype="datetime"),
        component("number", "age"),
    )
    found = questions(draw(form, {"day": "soon", "at": "31/13/2019 09:30", "age": "six"}))
    assert found["day"].typed == "soon"
    assert (found["at"].typed, found["at"].typed_time) == ("31/13/2019", "09:30")
    assert found["age"].typed == "six"


def test_errors_stand_at_their_fields_and_in_the_summary_in_the_forms_order(
    make_form: Any, component: Any
) -> None:
    rows = {
        "type": "dynamiclist",
        "path": "steps",
        "label": "خطوات",
        "properties": {"label.en": "Steps"},
        "components": [component("textfield", "what")],
    }
    form = make_form(component("datetime", "day", subtype="date"), rows)
    errors = {
        "steps.1.what": ["This field is required."],
        "unknown": ["No field."],
        "day": ["Enter 2019-05-14 or later."],
    }
    view = draw(form, {"steps": [{"what": "x"}, {}]}, errors=errors)
    assert [(line.path, line.label, line.text) for line in view.errors] == [
        ("", "", "No field."),
        ("day", "day", "Enter 14/05/2019 or later."),
        ("steps.1.what", "Steps (2) – what", "This field is required."),
    ]
    assert questions(view)["steps.1.what"].errors == ("This field is required.",)


def test_a_hidden_question_with_an_error_is_shown(make_form: Any, component: Any) -> None:
    form = make_form(
        component("textfield", "kind"),
        component("textfield", "more", conditional={"hide": "=kind = null"}),
    )
    assert questions(draw(form))["more"].hidden
    assert not questions(draw(form, {"kind": "x"}))["more"].hidden
    assert not questions(draw(form, errors={"more": ["Required."]}))["more"].hidden


def test_what_the_case_hides_is_not_on_the_page_at_all(shipped: dict[str, Form]) -> None:
    form = shipped["mol_acceptance"]
    variables = {"data_sharing_consent": False, "client_goals_text": "secret goals"}
    data = form.defaults(variables, NOW)
    view = draw(form, data, visibility=hidden_fields(form, {}, variables, NOW))
    assert "secret goals" not in repr(view)
    agreed = {**variables, "data_sharing_consent": True}
    view = draw(form, form.defaults(agreed, NOW), visibility=hidden_fields(form, {}, agreed, NOW))
    assert questions(view)["client_goals_text"].shown == ("secret goals",)
    assert not questions(view)["client_goals_text"].hidden


def test_a_section_is_hidden_with_all_that_is_in_it(make_form: Any, component: Any) -> None:
    hide = {"hide": "=kind = null"}
    group = {
        "type": "group",
        "label": "قسم",
        "properties": {"label.en": "Part"},
        "conditional": hide,
        "components": [
            component("textfield", "more"),
            {"type": "text", "text": "نص", "properties": {"text.en": "Words"}},
        ],
    }
    form = make_form(component("textfield", "kind"), group)
    for answers, hidden in (({}, True), ({"kind": "x"}, False)):
        sections = [part for part in draw(form, answers).parts if isinstance(part, Section)]
        assert [(part.label, part.hidden) for part in sections] == [("", False), ("Part", hidden)]


def test_a_required_list_offers_a_first_row_with_its_defaults(shipped: dict[str, Form]) -> None:
    view = draw(shipped["individual_action_plan"])
    rows = next(part for part in all_parts(view.parts) if isinstance(part, Rows))
    assert len(rows.rows) == 1
    assert rows.template is not None
    status = questions(view)["steps.0.step_status"]
    assert [pick.value for pick in status.picks if pick.chosen] == ["planned"]
    assert rows.template.path == "steps.__index__"
    for name in ("step_text", "responsible", "due_date", "step_status"):
        assert questions(view)[f"steps.0.{name}"].required, name


def test_required_follows_the_answers(shipped: dict[str, Form]) -> None:
    form = shipped["contact_review"]
    assert not questions(draw(form))["contact_decision_reason"].required
    answered = questions(draw(form, {"contact_decision": "non_cooperation"}))
    assert answered["contact_decision_reason"].required
    assert answered["contact_decision_reason"].may_change


def test_a_schema_gives_the_same_form_again(shipped: dict[str, Form]) -> None:
    for form in shipped.values():
        again = compile_schema(json.loads(json.dumps(dict(form.schema))))
        assert (again.fields, again.names) == (form.fields, form.names)
        assert compile_schema(form.schema) is again


def test_static_texts_know_paragraphs_lists_and_bold_only() -> None:
    found = blocks("first\nline\n\n1. **One**: a\n2. two\n- point\n# Head\n<b>x</b>")
    assert [block.kind for block in found] == ["p", "numbers", "points", "heading", "p"]
    assert found[0].lines[0][0].text == "first line"
    assert [(span.text, span.strong) for span in found[1].lines[0]] == [
        ("One", True),
        (": a", False),
    ]
    assert found[4].lines[0][0].text == "<b>x</b>"


def test_hidden_fields_never_raises_for_an_expression_that_cannot_be_evaluated(
    file_of: Any, component: Any
) -> None:
    form = compile_form(
        file_of(
            component("textfield", "a", conditional={"hide": "=never_written > 3"}),
            component("textfield", "b", properties={"required_if": "=never_written > 3"}),
        ),
        file="probe.form",
    )
    seen = hidden_fields(form, {"a": "x"}, {}, NOW)
    assert seen == Visibility(frozenset({"a"}), frozenset({"a"}), frozenset())
