"""What people read about an element comes from the diagram, in both languages."""

from __future__ import annotations

from dataclasses import replace

from bpmn import read_diagram
from bpmn.model import Element, Kind, Wording
from engine.element_words import name_of, words_of
from engine.wording import Text
from tests.engine import diagrams as d

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


def test_a_process_is_named_in_english_by_its_own_property() -> None:
    said = d.diagram("p", [d.start(), d.end(), d.chain("start", "end")])
    property_ = b'<zeebe:properties><zeebe:property name="name.en" value="  A journey "/>'
    named = said.replace(b"<zeebe:properties>", property_, 1)
    for content, english in ((said, "p process"), (named, "A journey")):
        process = read_diagram(content, file="p.bpmn").processes["p"]
        assert name_of(process) == Text("p process", english)
