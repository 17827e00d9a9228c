"""Words of FEEL: where a name ends, which depends on the names in scope (DMN 10.3.1.2).

`Monthly Salary * 12` and `Student's name` cannot be split without knowing the names; `a-b` is one
name when the scope has it and a subtraction otherwise. Unknown names are taken as the longest run
of words that holds no keyword.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_CLAUSES = ("if", "then", "else", "for", "return", "some", "every", "satisfies", "instance")
_OPERATORS = ("and", "or", "between", "in", "function", "external", "true", "false", "null")
KEYWORDS = frozenset((*_CLAUSES, *_OPERATORS))

# Marks that only steer the direction of text come along when Arabic is copied: they are space.
_DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_NO_DIRECTION = {ord(mark): " " for mark in _DIRECTION}
SPACE = re.compile(rf"(?:[\s{_DIRECTION}\u0085\u180e\u200b]|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)+")
NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NAME_SYMBOLS = "./-'’+*"
_LETTERS = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Pc", "So", "Sk"))
_PARTS = _LETTERS | frozenset(("Mn", "Mc", "Nd", "No"))


def is_name_start(char: str) -> bool:
    if char.isascii():
        return char.isalpha() or char in "_?"
    return unicodedata.category(char) in _LETTERS or char in "\u200c\u200d"


def is_name_part(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "_?"
    return unicodedata.category(char) in _PARTS or char in "\u200c\u200d\u00b7"


def word_end(text: str, at: int) -> int:
    """Where the run of name characters that starts at `at` ends."""
    end, size = at, len(text)
    while end < size and is_name_part(text[end]):
        end += 1
    return end


def skip_space(text: str, at: int) -> int:
    match = SPACE.match(text, at)
    return match.end() if match else at


def normal_name(name: str) -> str:
    """A name with each run of white space as one blank, none at its ends."""
    return " ".join(name.translate(_NO_DIRECTION).split())


@lru_cache(maxsize=4096)
def name_parts(name: str) -> tuple[str, ...]:
    """Words, symbols and blanks: `A-b  c` is ("A", "-", "b", " ", "c")."""
    parts: list[str] = []
    at, name = 0, " ".join(name.split())
    while at < len(name):
        end = max(word_end(name, at), at + 1)
        parts.append(name[at:end])
        at = end
    return tuple(parts)


class NameTable:
    """The names of more than one word or with symbols in them, found by their first word.

    `base` holds more names, shared between tables.
    """

    __slots__ = ("base", "by_word")

    def __init__(self, names: Iterable[str] = (), base: NameTable | None = None) -> None:
        self.by_word: dict[str, list[tuple[str, ...]]] = {}
        self.base = base
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        parts = name_parts(name)
        if len(parts) > 1:
            known = self.by_word.setdefault(parts[0], [])
            if parts not in known:
                known.append(parts)
                known.sort(key=len, reverse=True)

    def match(self, text: str, at: int, word: str) -> tuple[str, int] | None:
        """The longest name at `at`, whose first word is `word`, and where it ends."""
        outer = None if self.base is None else self.base.match(text, at, word)
        for parts in self.by_word.get(word, ()):
            end = _match_parts(text, at, parts)
            if end is not None and (outer is None or end >= outer[1]):
                return "".join(parts), end
        return outer


def _match_parts(text: str, at: int, parts: tuple[str, ...]) -> int | None:
    for part in parts:
        if part == " ":
            after = skip_space(text, at)
            if after == at:
                return None
            at = after
            continue
        if not text.startswith(part, at):
            return None
        at += len(part)
        if is_name_part(part[-1]) and at < len(text) and is_name_part(text[at]):
            return None
    return at


def label_end(text: str, at: int) -> int | None:
    """Where the colon stands if `name:` (an argument or context key) begins at `at`."""
    end = at
    while end < len(text):
        char = text[end]
        if char == ":":
            return end if end > at else None
        fits = is_name_part(char) or char in _NAME_SYMBOLS or char in _DIRECTION
        if not fits and not char.isspace():
            return None
        end += 1
    return None
