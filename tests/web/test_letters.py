"""The printed documents: every form, hostile answers, directions, many hands at once."""

from __future__ import annotations

import importlib
import io
import json
import re
import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from engine.wording import Text
from forms import Form, FormFileError, compile_form
from tests.web.printed import has, pages_of, says, text_of
from web.letters import (
    CaseFile,
    FormOnPaper,
    Happening,
    LettersUnavailable,
    PersonFacts,
    Printing,
    Referral,
    Remark,
    TaskFacts,
    case_pdf,
    form_pdf,
    referral_letter,
    typesetting,
)
from web.letters.conditions import asked_when
from web.letters.qr import qr_svg
from web.letters.values import clean, day, direction, isolated, moment
from web.letters.wording import MILESTONES, STAGES, WORDS

pdfium: Any = importlib.import_module("pypdfium2")  # which has no types
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, 5, 30, 123456, tzinfo=UTC)
BRANCH = Text("فرع صندوق المعونة الوطنية - إربد", "National Aid Fund branch, Irbid")
HOSTILE = '#read("/etc/passwd") *bold* $x^2$ `raw` <label> @cite #[a] \\u{41} // no /* no */ = no'
LANGUAGES = ("ar", "en")


def _form(name: str) -> Form:
    path = ROOT / "forms" / "definitions" / f"{name}.form"
    return compile_form(path.read_bytes(), file=path.name)


FORMS = sorted(path.stem for path in (ROOT / "forms" / "definitions").glob("*.form"))
FACTS = TaskFacts(
    task="مقابلة الاستعداد الوظيفي",
    branch=BRANCH,
    journey_number="R-2026-000123",
    person="إيمان الغيثي",
    national_id="0000000001",
    due_at=NOW,
    address="https://rihla.example.jo/q/0123.7",
)


def _printing(language: str) -> Printing:
    return Printing(language, NOW, "أخصائي الحالة")


def _referral(**changes: Any) -> Referral:
    plan = FormOnPaper(
        _form("individual_action_plan"),
        {
            "client_goals_text": "العمل في مصنع قريب\nthen an own shop (2027)",
            "steps": [
                {
                    "step_text": "تحديث السيرة الذاتية",
                    "responsible": "client",
                    "due_date": "2026-12-01",
                    "step_status": "planned",
                }
            ],
        },
    )
    referral = Referral(
        journey_number="R-2026-000123",
        issued_on=date(2026, 11, 22),
        branch=BRANCH,
        worker="أخصائي الحالة",
        destination=Text("مركز التدريب المهني", "Vocational training centre"),
        destination_address="Irbid, University Street 12",
        person="إيمان الغيثي",
        national_id="0000000001",
        phone="+962 7 9000 0000",
        group=Text("ب", "B"),
        service=Text("التدريب", "Training"),
        deadline=date(2026, 12, 6),
        address="https://rihla.example.jo/r/secret",
        shared=[(plan, {key: WORDS[key] for key in ("client_goals_text", "steps")})],
    )
    return replace(referral, **changes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_every_form_prints_blank_with_each_question(name: str, language: str) -> None:
    form = _form(name)
    pdf = form_pdf(FormOnPaper(form), FACTS, _printing(language), blank=True)
    for field in form.fields.values():
        if not field.read_only:
            assert says(pdf, clean(field.label(language))), field.key
    assert has(pdf, "R-2026-000123")
    assert has(pdf, "22 تشرين الثاني 2026" if language == "ar" else "22 November 2026")
    assert len(pages_of(pdf)) <= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_printed_as_text_whatever_they_hold(language: str) -> None:
    form = _form("provider_feedback")
    data = {"feedback_note": HOSTILE, "job_title": HOSTILE, "service_result": "employed"}
    pdf = form_pdf(FormOnPaper(form, data), FACTS, _printing(language))
    assert has(pdf, HOSTILE)
    assert "root:" not in text_of(pdf)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_at_all_can_be_printed(text: str, language: str) -> None:
    form = _form("provider_feedback")
    paper = FormOnPaper(form, {"feedback_note": text, "actual_result": text})
    facts = replace(FACTS, person=text, task=text, journey_number=text)
    assert form_pdf(paper, facts, _printing(language)).startswith(b"%PDF-")
    assert referral_letter(_referral(person=text), _printing(language)).startswith(b"%PDF-")


def test_templates_reach_no_file_beyond_their_folder_and_no_package(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret", encoding="utf-8")
    typesetting._compiler.cache_clear()
    compiler = typesetting._compiler("form")
    typesetting._compiler.cache_clear()  # nobody else is to print with this one
    for attempt in (f'#read("{outside}")', '#read("../wording.py")', '#import "@preview/a:0.1.0"'):
        with pytest.raises(typst.TypstError):
            compiler.compile(attempt.encode(), format="pdf")


def test_a_finished_form_leaves_out_what_was_not_asked_and_says_what_was_not_answered() -> None:
    form = _form("provider_feedback")
    data = {"service_result": "dropped_out", "feedback_date": "2026-11-20", "wage_level_jod": None}
    pdf = form_pdf(FormOnPaper(form, data), FACTS, _printing("en"))
    text = text_of(pdf)
    assert "20November2026" in text
    assert re.sub(r"\s", "", form.fields["wage_level_jod"].label_en) not in text
    assert "Notanswered" in text  # the note to the Fund is asked of everybody


def test_an_unfinished_form_has_room_for_what_is_not_answered_yet() -> None:
    form = _form("provider_feedback")
    data = {"service_result": "dropped_out"}
    pdf = form_pdf(FormOnPaper(form, data, final=False), FACTS, _printing("en"))
    assert has(pdf, "Conducted on paper on")
    assert says(pdf, form.fields["wage_level_jod"].label_en)
    assert "Notanswered" not in text_of(pdf)
    closed = replace(FACTS, completed_at=NOW, completed_by="")
    assert has(form_pdf(FormOnPaper(form, data), closed, _printing("en")), "was not completed")


def test_choices_of_a_source_are_printed_by_name_in_both_languages() -> None:
    from engine.ports import Option

    form = _form("provider_contact")
    options = {"destination": (Option("mol:irbid/a", "مكتب إربد", "Irbid office"),)}
    paper = FormOnPaper(form, {"destination": "mol:irbid/a"}, options)
    assert has(form_pdf(paper, FACTS, _printing("en")), "Irbid office")
    assert "mol:irbid/a" not in text_of(form_pdf(paper, FACTS, _printing("ar")))


def test_a_long_answer_flows_over_pages_and_a_long_word_breaks() -> None:
    form = _form("provider_feedback")
    lines = "\n".join(f"Line number {n} of a long report." for n in range(150))
    paper = FormOnPaper(form, {"feedback_note": lines, "job_title": "x" * 500})
    pages = pages_of(form_pdf(paper, FACTS, _printing("en")))
    assert len(pages) > 2
    assert "Linenumber149" in pages[-1]
    assert [f"Page{n}of{len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_referral_letter_names_one_person_and_fits_one_page(language: str) -> None:
    pdf = referral_letter(_referral(), _printing(language))
    assert len(pages_of(pdf)) == 1
    text = text_of(pdf)
    for wanted in ("0000000001", "+962790000000", "R-2026-000123", "thenanownshop(2027)"):
        assert wanted in text
    month = "December" if language == "en" else "كانون"
    assert has(pdf, f"6 {month} 2026")


def test_without_consent_nothing_but_the_referral_itself_is_told() -> None:
    pdf = referral_letter(_referral(shared=()), _printing("en"))
    assert not has(pdf, "What the client agrees to share")
    assert not has(pdf, "Able to work")
    assert has(referral_letter(_referral(able_to_work=True), _printing("en")), "Able to work")


def test_the_letters_code_says_how_to_answer() -> None:
    assert has(referral_letter(_referral(is_link=True), _printing("en")), "without an account")
    assert has(referral_letter(_referral(is_link=False), _printing("en")), "sign in")
    assert qr_svg("https://a.example/r/1") != qr_svg("https://a.example/r/2")


def _case_file(**changes: Any) -> CaseFile:
    answers = FormOnPaper(_form("grouping_decision"), {"client_group": "A"})
    case = CaseFile(
        journey_number="R-2026-000123",
        cycle_no=2,
        branch=BRANCH,
        stage="referred",
        opened_at=NOW,
        closed_at=None,
        group="A",
        grouped_on=date(2026, 11, 22),
        stable_count=0,
        person=PersonFacts("إيمان الغيثي", "0000000001", "female", age=36),
        milestones={"opened": NOW},
        happenings=[
            Happening(
                NOW,
                "Grouping",
                "worker",
                answers,
                version=2,
                reason=HOSTILE,
                proposals=["Ready for a job"],
            )
        ],
        open_tasks=[("Action plan", NOW)],
        remarks=[Remark(NOW, "head", "Well done")],
        enclosures=[],
    )
    return replace(case, **changes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_file_tells_everything_in_order(language: str) -> None:
    pdf = case_pdf(_case_file(), _printing(language))
    assert has(pdf, HOSTILE)
    assert has(pdf, "Ready for a job")
    assert has(pdf, "Well done")
    assert has(pdf, WORDS["no_attachments"].in_language("en")) is (language == "en")
    assert "R-2026-000123" in text_of(pdf)


def test_a_case_file_without_the_right_to_the_person_says_so() -> None:
    pdf = case_pdf(_case_file(person=None), _printing("en"))
    assert "0000000001" not in text_of(pdf)
    assert has(pdf, WORDS["identity_hidden"].en)


def test_the_document_says_its_title_language_and_is_tagged_for_screen_readers() -> None:
    for language in LANGUAGES:
        reader = PdfReader(io.BytesIO(referral_letter(_referral(), _printing(language))))
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"].startswith(language)
        assert root["/MarkInfo"]["/Marked"]
        assert reader.metadata is not None
        assert reader.metadata.title == WORDS["letter_title"].in_language(language)
        assert "إيمان" not in str(reader.metadata)


def test_the_same_data_prints_the_same_bytes_from_many_threads() -> None:
    def make(_number: int) -> bytes:
        return referral_letter(_referral(), _printing("ar"))

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(24)))
    assert len(set(made)) == 1


def test_missing_fonts_are_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    typesetting._fonts.cache_clear()
    monkeypatch.setattr(typesetting, "FONTS", tmp_path)
    with pytest.raises(LettersUnavailable, match="make install"):
        typesetting._fonts()
    typesetting._fonts.cache_clear()


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
    fields = _form("provider_feedback").fields
    words = _bare(asked_when(hide, fields, "en"))
    if told.startswith("Only"):
        assert words.startswith("Only if the answer to «")
        assert words.endswith(fields["service_result"].choices[3].label_en)
    else:
        assert told in words


def _bare(text: str) -> str:
    return re.sub("[\u2068\u2069]", "", text)


def test_a_name_within_a_sentence_keeps_what_follows_in_its_place() -> None:
    """`irbid · 4` would else be read as one run from left to right, the day before the place."""
    assert isolated("أخصائي · irbid") == "\u2068أخصائي · irbid\u2069"
    assert isolated("a\u2069b\u202e") == "\u2068ab\u2069"
    remark = Remark(NOW, "أخصائي · irbid", "x")
    pdf = case_pdf(_case_file(remarks=[remark]), _printing("ar"))
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
    pdf = form_pdf(FormOnPaper(form), FACTS, _printing("en"), blank=True)
    assert has(pdf, "Very important #not-a-heading")
    assert "**" not in text_of(pdf)


@pytest.mark.parametrize("table", [WORDS, STAGES, MILESTONES])
def test_every_fixed_word_stands_in_both_languages(table: dict[str, Text]) -> None:
    for key, text in table.items():
        names = {name for _, name, _, _ in string.Formatter().parse(text.ar) if name}
        assert names == {n for _, n, _, _ in string.Formatter().parse(text.en) if n}, key
        assert text.ar.strip(), key
        assert text.en.strip() or key == "honoured", key
