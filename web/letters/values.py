"""How a value is written on paper: text with its own direction, dates and numbers in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from babel.dates import format_date
from babel.numbers import format_decimal

from engine.clock import TIMEZONE

Language = Literal["ar", "en"]

LOCALES: Mapping[str, str] = {"ar": "ar_JO", "en": "en_GB"}
_LONGEST_WORD = 40
_UNBROKEN = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
_BREAK_HERE = "\u200b"
_DIGIT = re.compile(r"[0-9]")
_DIRECTION_MARKS = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def clean(text: str) -> str:
    """`text` without what could make it look like another text: control characters and marks that
    turn the direction; very long words may break."""
    kept = "".join(
        letter
        for letter in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        if letter == "\n"
        or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _DIRECTION_MARKS)
    )
    return _UNBROKEN.sub(lambda word: word.group() + _BREAK_HERE, kept)


def isolated(text: str) -> str:
    """`text` within a sentence, in the direction of its own first letter; what stands beside it
    keeps its place."""
    return f"\u2068{clean(text)}\u2069" if text else ""


def direction(text: str, language: str) -> str:
    """`rtl` or `ltr` by the first letter; ids and numbers run from left to right."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    if _DIGIT.search(text):
        return "ltr"
    return "rtl" if language == "ar" else "ltr"


def written(text: object, language: str) -> dict[str, Any]:
    """A value for a template: its paragraphs, each with the direction of its own."""
    paragraphs = [line.strip() for line in clean(str(text)).split("\n")]
    return {
        "kind": "value",
        "lines": [{"t": line, "dir": direction(line, language)} for line in paragraphs if line],
    }


def written_list(texts: Sequence[object], language: str) -> dict[str, Any]:
    """Several values, one below the other."""
    lines = [line for text in texts for line in written(text, language)["lines"]]
    return {"kind": "value", "lines": lines}


def day(value: date | datetime, language: str) -> str:
    """22 تشرين الثاني 2026, 22 November 2026; a moment counts as its day in Amman."""
    if isinstance(value, datetime):
        value = value.astimezone(TIMEZONE).date()
    return format_date(value, "d MMMM y", locale=LOCALES[language])


def moment(value: datetime, language: str) -> str:
    """22 تشرين الثاني 2026، 14:05 in Amman."""
    local = value.astimezone(TIMEZONE)
    comma = "،" if language == "ar" else ","
    return f"{day(local, language)}{comma} {local:%H:%M}"


def number(value: float, language: str) -> str:
    """1,234.5 with Latin digits in both languages."""
    return format_decimal(value, locale=LOCALES[language], numbering_system="latn")


def parsed_day(value: object) -> date | None:
    """The date of `2026-11-22`; None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def parsed_moment(value: object) -> datetime | None:
    """The moment of `2026-11-22T12:05:00Z`; None for anything else or without an offset."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
