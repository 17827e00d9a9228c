"""Every remark about a file is made in Arabic too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bpmn import Finding
from engine.finding_words import ARABIC, worded

ROOT = Path(__file__).parents[2]
SAYING = {"error", "warning", "finding", "add", "FileFinding", "_refuse", "UnacceptableXml"}
"""The calls that make remarks; the rule stands before a message and a suggestion."""
PLACES = (
    "bpmn",
    "dmn/model",
    "dmn/untrusted_xml.py",
    "forms",
    "engine/source_files.py",
    "engine/deployment_plan.py",
)
CHECKED_BY_KIND = {"form", "decision", "process", "job-type"}


def rules() -> set[str]:
    """The rules of every remark that the code can make."""
    found: set[str] = set()
    for room in PLACES:
        place = ROOT / room
        for path in [place] if place.is_file() else place.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in SAYING:
                    found |= _rule(node)
    return found


def _name(called: ast.expr) -> str:
    return getattr(called, "attr", "") or getattr(called, "id", "")


def _rule(call: ast.Call) -> set[str]:
    for position, argument in enumerate(call.args):
        text = argument.value if isinstance(argument, ast.Constant) else None
        if isinstance(text, str) and re.fullmatch(r"[a-z]+([-_][a-z]+)*", text):
            return {text} if len(call.args) - position >= 3 else set()
    return set()


def test_every_rule_has_its_arabic() -> None:
    known = rules()
    assert len(known) > 100  # else the search above has gone blind
    assert known | CHECKED_BY_KIND == set(ARABIC)


@pytest.mark.parametrize("rule", sorted(ARABIC))
def test_the_arabic_is_a_sentence_and_an_advice(rule: str) -> None:
    for words in ARABIC[rule]:
        assert words.endswith(".") or words.endswith("=.")
        assert re.search("[ء-ي]", words)


def finding(rule: str, message: str) -> Finding:
    return Finding("a.bpmn", "e", rule, "error", message, "Do it.")


def test_the_names_that_matter_are_kept() -> None:
    said = finding("unknown-name", 'ask: The condition reads "client_age", which nothing writes.')
    message, advice = worded(said)
    assert message.en == said.message
    assert message.ar == "يقرأ العنصر اسماً لا يكتبه شيء: \u2068client_age\u2069"
    assert (advice.en, advice.ar) == ("Do it.", ARABIC["unknown-name"][1])


def test_an_apostrophe_is_no_quotation() -> None:
    message, _ = worded(finding("message-name", "The message's name is the event's."))
    assert message.ar == ARABIC["message-name"][0]
    message, _ = worded(finding("unknown_source", "nothing offers the source 'vacancies'"))
    assert message.ar.endswith(": \u2068vacancies\u2069")


def test_an_unknown_rule_still_says_something_in_arabic() -> None:
    message, _ = worded(finding("brand-new", "This is new."))
    assert "يحتاج إلى تصحيح" in message.ar
    assert "This is new." in message.ar
