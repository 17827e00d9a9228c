"""How words stand on paper: directions, days, conditions, names, fixed words."""

from __future__ import annotations

import json
import string
from datetime import UTC, date, datetime

import pytest

from engine.wording import Text
from forms import FormFileError, compile_form
from tests.web.papers import (
    FACTS,
    NOW,
    a_case_file,
    bare,
    form_named,
    pdfium,
    printing_in,
)
from tests.web.printed import has, text_of
from web.letters import (
    FormOnPaper,
    Remark,
    case_pdf,
    form_pdf,
)
from web.letters.conditions import asked_when
from web.letters.values import clean, day, direction, isolated, moment
from web.letters.wording import MILESTONES, STAGES, WORDS


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("R-2026-000123", "ar", "ltr"),
        ("0000000001", "ar", "ltr"),
        ("+962 7 9000 0000", "ar", "ltr"),
        ("22 تشرين الثاني 2026", "en", "rtl"),
        ("إربد (VTC)", "en", "rtl"),
        ("—", "ar", "rtl"),
        ("", "en", "ltr"),
    ],
)
def test_each_value_runs_in_its_own_direction(text: str, language: str, expected: str) -> None:
    assert direction(text, language) == expected


def test_marks_that_turn_the_direction_and_control_characters_are_taken_out() -> None:
    assert clean("a\u202eb\u2066c\x00d\te\r\nf") == "abcd e\nf"
    assert max(len(part) for part in clean("x" * 200).split("\u200b")) <= 40


def test_days_have_levantine_months_and_latin_digits() -> None:
    assert day(date(2026, 11, 22), "ar") == "22 تشرين الثاني 2026"
    assert day(date(2026, 11, 22), "en") == "22 November 2026"
    late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert day(late, "en") == "23 November 2026"
    assert moment(late, "ar") == "23 تشرين الثاني 2026، 01:30"


@pytest.mark.parametrize(
    ("hide", "told"),
    [
        ('=service_result != "employed"', "Only if the answer to «Service result»: Employed"),
        (
            '=not(service_result = "completed" or service_result = "dropped_out")',
            " or ",
        ),
        ("=data_sharing_consent != true", "Answer if it applies"),
        ("=a > 3", "Answer if it applies"),
        ('=service_result = "employed"', "Answer if it applies"),
    ],
)
def test_conditions_are_told_in_words(hide: str, told: str) -> None:
    fields = form_named("provider_feedback").fields
    words = bare(asked_when(hide, fields, "en"))
    if told.startswith("Only"):
        assert words.startswith("Only if the answer to «")
        assert words.endswith(fields["service_result"].choices[3].label_en)
    else:
        assert told in words


def test_a_name_within_a_sentence_keeps_what_follows_in_its_place() -> None:
    """`irbid · 4` would else be read as one run from left to right, the day before the place."""
    assert isolated("أخصائي · irbid") == "\u2068أخصائي · irbid\u2069"
    assert isolated("a\u2069b\u202e") == "\u2068ab\u2069"
    remark = Remark(NOW, "أخصائي · irbid", "x")
    pdf = case_pdf(a_case_file(remarks=[remark]), printing_in("ar"))
    with pdfium.PdfDocument(pdf) as document:
        text = document[len(document) - 1].get_textpage()
        found = text.search("irbid").get_next()
        assert found is not None
        place, line, _, _ = text.get_charbox(found[0])
        days = text.search("22")
        lefts = []
        while (day_at := days.get_next()) is not None:
            left, bottom, _, _ = text.get_charbox(day_at[0])
            if abs(bottom - line) < 3:
                lefts.append(left)
        text.close()
    assert lefts, "the day stands on the same line"
    assert max(lefts) < place, "read from the right: first the place, then the day"


def test_a_form_with_prose_markup_prints_without_its_signs() -> None:
    content = {
        "type": "default",
        "id": "plain",
        "components": [
            {"type": "text", "text": "# عنوان", "properties": {"text.en": "# Title"}},
            {
                "type": "text",
                "text": "**مهم** جداً",
                "properties": {"text.en": "**Very** important #not-a-heading"},
            },
        ],
    }
    try:
        form = compile_form(json.dumps(content).encode(), file="plain.form")
    except FormFileError as error:
        pytest.fail(str(error))
    pdf = form_pdf(FormOnPaper(form), FACTS, printing_in("en"), blank=True)
    assert has(pdf, "Very important #not-a-heading")
    assert "**" not in text_of(pdf)


@pytest.mark.parametrize("table", [WORDS, STAGES, MILESTONES])
def test_every_fixed_word_stands_in_both_languages(table: dict[str, Text]) -> None:
    for key, text in table.items():
        names = {name for _, name, _, _ in string.Formatter().parse(text.ar) if name}
        assert names == {n for _, n, _, _ in string.Formatter().parse(text.en) if n}, key
        assert text.ar.strip(), key
        assert text.en.strip() or key == "honoured", key
