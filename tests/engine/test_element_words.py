"""What people read about an element comes from the diagram, in both languages."""

from __future__ import annotations

from dataclasses import replace

from bpmn.model import Element, Kind, Wording
from engine.element_words import words_of
from engine.wording import Text

ELEMENT = Element(id="ask", kind=Kind.USER_TASK, name="اسأل", documentation="", scope="")


def test_an_element_without_english_is_called_by_its_name() -> None:
    words = words_of(ELEMENT)
    assert words.name == Text("اسأل", "اسأل")
    assert words.purpose is None


def test_the_english_name_and_the_purpose_stand_beside_it() -> None:
    said = Wording(name_en="Ask", purpose_ar="اسأل العميل.", purpose_en="Ask the client.")
    words = words_of(replace(ELEMENT, wording=said))
    assert words.name == Text("اسأل", "Ask")
    assert words.purpose == Text("اسأل العميل.", "Ask the client.")


def test_a_purpose_in_one_language_is_said_in_that_one() -> None:
    words = words_of(replace(ELEMENT, wording=Wording(purpose_en="Ask the client.")))
    assert words.purpose == Text("Ask the client.", "Ask the client.")
