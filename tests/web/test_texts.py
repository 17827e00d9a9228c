"""Every English text of the pages has its Arabic, and every Arabic text its place."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir

from settings import ROOT
from web.texts import FOLDER, arabic, catalogue

KEYWORDS: dict[str, Any] = {"_": None, "lazy": None, "ngettext": (1, 2), "gettext": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
ARABIC_FORMS = 6

TextId = str | tuple[str, str]


@cache
def _used() -> dict[TextId, str]:
    """Every text of the pages, and a file that has it."""
    found: dict[TextId, str] = {}
    for file, line, text, *_rest in extract_from_dir(
        str(ROOT / "web"), METHODS, keywords=KEYWORDS,
        options_map={"**.html": {"trimmed": "true", "extensions": "jinja2.ext.do"}},
        directory_filter=lambda folder: Path(folder).name not in {"browser", "built", "locale"},
    ):  # fmt: skip
        key = text if isinstance(text, str) else (text[0], text[1])
        found.setdefault(key, f"{file}:{line}")
    return found


def _arabic(text: TextId) -> list[str]:
    message = catalogue().get(text)
    if message is None or not message.string:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_has_its_arabic() -> None:
    missing = {text: place for text, place in _used().items() if not all(_arabic(text) or [""])}
    assert not missing


def test_every_arabic_text_is_used() -> None:
    used = _used()
    assert not [message.id for message in catalogue() if message.id and message.id not in used]


def test_the_arabic_has_the_same_placeholders() -> None:
    for text in _used():
        english = set(PLACEHOLDER.findall(text if isinstance(text, str) else "".join(text)))
        for form in _arabic(text):
            named = set(PLACEHOLDER.findall(form))
            # One, two and none may be said in a word.
            assert named <= english, (text, form)
            if isinstance(text, str):
                assert named == english, (text, form)


def test_plurals_have_all_six_forms() -> None:
    for text in _used():
        if not isinstance(text, str):
            assert len(_arabic(text)) == ARABIC_FORMS, text


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.glob("*.po")))
def test_the_arabic_is_arabic(file: str) -> None:
    """A forgotten English sentence would have no Arabic letter."""
    from babel.messages.pofile import read_po

    with (FOLDER / file).open("rb") as opened:
        for message in read_po(opened, locale="ar"):
            texts = [message.string] if isinstance(message.string, str) else message.string
            for text in (texts or ()) if message.id else ():
                assert not re.search(r"[a-z]{4}", PLACEHOLDER.sub("", text)) or re.search(
                    "[\u0621-\u064a]", text
                ), (file, text)


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "اليوم"), (1, "بعد يوم واحد"), (2, "بعد يومين"), (3, "بعد 3 أيام"), (10, "بعد 10 أيام"),
     (11, "بعد 11 يوماً"), (21, "بعد 21 يوماً"), (99, "بعد 99 يوماً"), (100, "بعد 100 يوم"),
     (103, "بعد 103 أيام")],
)  # fmt: skip
def test_arabic_counts_in_six_forms(count: int, said: str) -> None:
    words = arabic().ngettext("in %(num)s day", "in %(num)s days", count)
    assert words % {"num": count} == said
