"""Forms, letters and case files as PDF: complete, safe, in both languages."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from engine.wording import Text
from tests.web.papers import (
    FACTS,
    FORMS,
    HOSTILE,
    LANGUAGES,
    NOW,
    a_case_file,
    a_referral,
    form_named,
    printing_in,
)
from tests.web.printed import has, pages_of, says, text_of
from web.letters import (
    FormOnPaper,
    LettersUnavailable,
    case_pdf,
    form_pdf,
    referral_letter,
    typesetting,
)
from web.letters.qr import qr_svg
from web.letters.values import clean
from web.letters.wording import WORDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_every_form_prints_blank_with_each_question(name: str, language: str) -> None:
    form = form_named(name)
    pdf = form_pdf(FormOnPaper(form), FACTS, printing_in(language), blank=True)
    for field in form.fields.values():
        if not field.read_only:
            assert says(pdf, clean(field.label(language))), field.key
    assert has(pdf, "R-2026-000123")
    assert has(pdf, "22 تشرين الثاني 2026" if language == "ar" else "22 November 2026")
    assert len(pages_of(pdf)) <= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_printed_as_text_whatever_they_hold(language: str) -> None:
    form = form_named("provider_feedback")
    data = {"feedback_note": HOSTILE, "job_title": HOSTILE, "service_result": "employed"}
    pdf = form_pdf(FormOnPaper(form, data), FACTS, printing_in(language))
    assert has(pdf, HOSTILE)
    assert "root:" not in text_of(pdf)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_at_all_can_be_printed(text: str, language: str) -> None:
    form = form_named("provider_feedback")
    paper = FormOnPaper(form, {"feedback_note": text, "actual_result": text})
    facts = replace(FACTS, person=text, task=Text(text, text), journey_number=text)
    assert form_pdf(paper, facts, printing_in(language)).startswith(b"%PDF-")
    assert referral_letter(a_referral(person=text), printing_in(language)).startswith(b"%PDF-")


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
    form = form_named("provider_feedback")
    data = {"service_result": "dropped_out", "feedback_date": "2026-11-20", "wage_level_jod": None}
    pdf = form_pdf(FormOnPaper(form, data), FACTS, printing_in("en"))
    text = text_of(pdf)
    assert "20November2026" in text
    assert re.sub(r"\s", "", form.fields["wage_level_jod"].label_en) not in text
    assert "Notanswered" in text  # the note to the Fund is asked of everybody


def test_an_unfinished_form_has_room_for_what_is_not_answered_yet() -> None:
    form = form_named("provider_feedback")
    data = {"service_result": "dropped_out"}
    pdf = form_pdf(FormOnPaper(form, data, final=False), FACTS, printing_in("en"))
    assert has(pdf, "Conducted on paper on")
    assert says(pdf, form.fields["wage_level_jod"].label_en)
    assert "Notanswered" not in text_of(pdf)
    closed = replace(FACTS, completed_at=NOW, completed_by=None)
    assert has(form_pdf(FormOnPaper(form, data), closed, printing_in("en")), "was not completed")


def test_choices_of_a_source_are_printed_by_name_in_both_languages() -> None:
    from engine.ports import Option

    form = form_named("provider_contact")
    options = {"destination": (Option("mol:irbid/a", "مكتب إربد", "Irbid office"),)}
    paper = FormOnPaper(form, {"destination": "mol:irbid/a"}, options)
    assert has(form_pdf(paper, FACTS, printing_in("en")), "Irbid office")
    assert "mol:irbid/a" not in text_of(form_pdf(paper, FACTS, printing_in("ar")))


def test_a_long_answer_flows_over_pages_and_a_long_word_breaks() -> None:
    form = form_named("provider_feedback")
    lines = "\n".join(f"Line number {n} of a long report." for n in range(150))
    paper = FormOnPaper(form, {"feedback_note": lines, "job_title": "x" * 500})
    pages = pages_of(form_pdf(paper, FACTS, printing_in("en")))
    assert len(pages) > 2
    assert "Linenumber149" in pages[-1]
    assert [f"Page{n}of{len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_referral_letter_names_one_person_and_fits_one_page(language: str) -> None:
    pdf = referral_letter(a_referral(), printing_in(language))
    assert len(pages_of(pdf)) == 1
    text = text_of(pdf)
    for wanted in ("0000000001", "+962790000000", "R-2026-000123", "thenanownshop(2027)"):
        assert wanted in text
    month = "December" if language == "en" else "كانون"
    assert has(pdf, f"6 {month} 2026")


def test_without_consent_nothing_but_the_referral_itself_is_told() -> None:
    pdf = referral_letter(a_referral(shared=()), printing_in("en"))
    assert not has(pdf, "What the client agrees to share")
    assert not has(pdf, "Able to work")
    assert has(referral_letter(a_referral(able_to_work=True), printing_in("en")), "Able to work")


def test_the_letters_code_says_how_to_answer() -> None:
    assert has(referral_letter(a_referral(is_link=True), printing_in("en")), "without an account")
    assert has(referral_letter(a_referral(is_link=False), printing_in("en")), "sign in")
    assert qr_svg("https://a.example/r/1") != qr_svg("https://a.example/r/2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_file_tells_everything_in_order(language: str) -> None:
    pdf = case_pdf(a_case_file(), printing_in(language))
    assert has(pdf, HOSTILE)
    assert has(pdf, "Ready for a job")
    assert has(pdf, "Well done")
    assert has(pdf, WORDS["no_attachments"].in_language("en")) is (language == "en")
    assert "R-2026-000123" in text_of(pdf)


def test_a_case_file_without_the_right_to_the_person_says_so() -> None:
    pdf = case_pdf(a_case_file(person=None), printing_in("en"))
    assert "0000000001" not in text_of(pdf)
    assert has(pdf, WORDS["identity_hidden"].en)


def test_the_document_says_its_title_language_and_is_tagged_for_screen_readers() -> None:
    for language in LANGUAGES:
        reader = PdfReader(io.BytesIO(referral_letter(a_referral(), printing_in(language))))
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"].startswith(language)
        assert root["/MarkInfo"]["/Marked"]
        assert reader.metadata is not None
        assert reader.metadata.title == WORDS["letter_title"].in_language(language)
        assert "إيمان" not in str(reader.metadata)


def test_the_same_data_prints_the_same_bytes_from_many_threads() -> None:
    def make(_number: int) -> bytes:
        return referral_letter(a_referral(), printing_in("ar"))

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
