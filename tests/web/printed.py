"""Reads printed documents back."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import lru_cache

from pypdf import PdfReader

_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@lru_cache(maxsize=8)
def pages_of(pdf: bytes) -> tuple[str, ...]:
    """The text of each page without blanks: in Arabic they stand where the reader guesses."""
    assert pdf.startswith(b"%PDF-"), pdf[:20]
    return tuple(_plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages)


def text_of(pdf: bytes) -> str:
    """The text of all pages."""
    return "".join(pages_of(pdf))


def has(pdf: bytes, words: str) -> bool:
    """Whether every word of `words` is printed."""
    text = text_of(pdf)
    return all(_plain(word) in text for word in words.split())


def says(pdf: bytes, words: str) -> bool:
    """As `has`, by letters alone, and one word in five (at least one) may be lost: readers of PDF
    take words with vowel marks apart that run from right to left."""
    text = _bare(text_of(pdf))
    wanted = [_bare(_plain(word)) for word in words.split()]
    lost = [word for word in wanted if word not in text]
    return len(lost) <= max(1, len(wanted) // 5) and len(lost) < max(2, len(wanted))


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _plain(text: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"\s", "", bare)
