"""The tutorials with pictures: nothing is missing, nothing is left over, both languages have the
same steps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from settings import ROOT
from tests.web.browser.pictures import LANGUAGES, TOURS

TUTORIALS = ROOT / "docs" / "tutorials"
IMAGES = TUTORIALS / "images"
LARGEST = 60_000
LARGEST_TOGETHER = 3_000_000
"""Bytes of one picture, and of all of them: they are read on a weak line."""


def steps_of(lang: str, who: str) -> list[tuple[int, str]]:
    """The steps of a tutorial: number and picture of each."""
    text = (TUTORIALS / lang / f"{who}.md").read_text("utf-8")
    found = re.findall(r"^## (\d+)\. .+\n\n!\[.+\]\(\.\./images/(.+)\)\n\n\S", text, re.MULTILINE)
    assert len(found) == len(re.findall(r"^##", text, re.MULTILINE)), "a step without a picture"
    return [(int(number), picture) for number, picture in found]


@pytest.mark.parametrize("who", TOURS)
def test_each_step_has_its_picture_in_both_languages(who: str) -> None:
    steps = {lang: steps_of(lang, who) for lang in LANGUAGES}
    assert len(steps["ar"]) == len(steps["en"]) > 0
    for lang, shown in steps.items():
        assert shown == [(n, f"{lang}-{who}-{n}.webp") for n in range(1, len(shown) + 1)]


def test_the_pictures_are_those_of_the_tutorials() -> None:
    named = {picture for who in TOURS for lang in LANGUAGES for _, picture in steps_of(lang, who)}
    assert {picture.name for picture in IMAGES.iterdir()} == named


def test_the_pictures_are_small() -> None:
    sizes = {picture.name: picture.stat().st_size for picture in IMAGES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    assert sum(sizes.values()) <= LARGEST_TOGETHER


def test_there_are_no_other_tutorials_and_no_dead_links() -> None:
    pages = sorted(TUTORIALS.rglob("*.md"))
    named = {TUTORIALS / lang / f"{who}.md" for lang in LANGUAGES for who in TOURS}
    assert set(pages) == {TUTORIALS / "README.md", *named}
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / Path(target)).exists(), (page.name, target)


def test_arabic_tutorials_read_from_right_to_left() -> None:
    for who in TOURS:
        text = (TUTORIALS / "ar" / f"{who}.md").read_text("utf-8")
        assert text.startswith('<div dir="rtl">\n\n#')
        assert text.endswith("\n</div>\n")


def words_of_the_pages() -> set[str]:
    """Every text that a page or a form may show, in both languages, without what is filled in."""
    shown: set[str] = set()
    for catalogue in sorted((ROOT / "web" / "locale" / "ar").glob("*.po")):
        with catalogue.open("rb") as file:
            for message in read_po(file):
                for part in (message.id, message.string):
                    shown |= {part} if isinstance(part, str) else set(part or ())
    for form in sorted((ROOT / "forms" / "definitions").glob("*.form")):
        shown |= set(re.findall(r'"((?:[^"\\]|\\.)*)"', form.read_text("utf-8")))
    return {text.split(" (%(")[0] for text in shown}


@pytest.mark.parametrize(("lang", "label"), [("en", r"\*\*(.+?)\*\*"), ("ar", "«(.+?)»")])
def test_what_is_to_be_pressed_is_called_so_on_the_pages(lang: str, label: str) -> None:
    known = words_of_the_pages()
    unknown = set()
    for who in TOURS:
        steps = (TUTORIALS / lang / f"{who}.md").read_text("utf-8").partition("\n## ")[2]
        named = (" ".join(found.split()) for found in re.findall(label, steps, re.DOTALL))
        unknown |= {(who, name) for name in named if name not in known}
    assert unknown == set()
