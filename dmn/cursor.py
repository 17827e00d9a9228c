"""The reading position in a FEEL text: space, symbols, words, names, numbers and strings."""

from __future__ import annotations

import decimal
import re
from collections.abc import Iterable
from decimal import Decimal

from .errors import FeelSyntaxError
from .lexis import (
    KEYWORDS,
    NUMBER,
    NameTable,
    is_name_part,
    is_name_start,
    label_end,
    normal_name,
    skip_space,
    word_end,
)
from .values import NUMBERS

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Cursor:
    """Knows the names in scope, because they decide where a name ends."""

    def __init__(self, text: str, scope: NameTable, members: NameTable) -> None:
        self.text = text
        self.at = skip_space(text, 0)
        self.end = 0
        self.members = members
        self.scopes = [scope]

    def fail(self, message: str, at: int | None = None) -> FeelSyntaxError:
        where = self.at if at is None else at
        line = self.text.count("\n", 0, where) + 1
        column = where - (self.text.rfind("\n", 0, where) + 1) + 1
        return FeelSyntaxError(message, self.text, line, column)

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        if self.at >= len(self.text):
            return self.fail(f"the text ends where {wanted} should follow")
        found = self.word() or self.text[self.at]
        return self.fail(f"found {found!r} where {wanted} should stand")

    def move(self, at: int) -> None:
        self.end = at
        self.at = skip_space(self.text, at)

    def at_end(self) -> bool:
        return self.at >= len(self.text)

    def sees(self, symbol: str) -> bool:
        return self.text.startswith(symbol, self.at)

    def take(self, symbol: str) -> bool:
        if self.text.startswith(symbol, self.at):
            self.move(self.at + len(symbol))
            return True
        return False

    def expect(self, symbol: str, place: str) -> None:
        if not self.take(symbol):
            raise self.unexpected(f"{symbol!r} {place}")

    def word(self) -> str:
        """The word here, or "" when no name starts here."""
        if self.at >= len(self.text) or not is_name_start(self.text[self.at]):
            return ""
        return self.text[self.at : word_end(self.text, self.at)]

    def take_word(self, word: str) -> bool:
        if self.word() == word:
            self.move(self.at + len(word))
            return True
        return False

    def expect_word(self, word: str, place: str) -> None:
        if not self.take_word(word):
            raise self.unexpected(f"{word!r} {place}")

    def name(self, tables: Iterable[NameTable], what: str) -> str:
        """Reads a name: the longest known one, else the run of words up to a keyword."""
        word = self.word()
        if not word:
            raise self.unexpected(what)
        best: tuple[str, int] | None = None
        for table in tables:
            found = table.match(self.text, self.at, word)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        if best is not None:
            self.move(best[1])
            return best[0]
        if word in KEYWORDS:
            raise self.unexpected(what)
        return self._words(word)

    def _words(self, word: str) -> str:
        words = [word]
        self.move(self.at + len(word))
        while self.at < len(self.text) and is_name_part(self.text[self.at]):
            following = self.text[self.at : word_end(self.text, self.at)]
            if following in KEYWORDS:
                break
            words.append(following)
            self.move(self.at + len(following))
        return " ".join(words)

    def label(self) -> str | None:
        """Reads `name:` or `"name":` if one stands here."""
        if self.at >= len(self.text):
            return None
        if self.sees('"'):
            match = _STRING.match(self.text, self.at)
            after = skip_space(self.text, match.end()) if match else self.at
            if match is None or not self.text.startswith(":", after):
                return None
            self.move(after + 1)
            return _unescape(match[1])
        if not is_name_start(self.text[self.at]):
            return None
        end = label_end(self.text, self.at)
        if end is None:
            return None
        name = normal_name(self.text[self.at : end])
        self.move(end + 1)
        return name

    def number(self) -> Decimal | None:
        match = NUMBER.match(self.text, self.at)
        if match is None:
            return None
        try:
            number = NUMBERS.create_decimal(match[0])
        except decimal.DecimalException:
            raise self.fail("the number is larger than FEEL knows") from None
        self.move(match.end())
        return number

    def string(self) -> str:
        match = _STRING.match(self.text, self.at)
        if match is None:
            raise self.fail("the string has no closing quotation mark")
        self.move(match.end())
        return _unescape(match[1])


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_escaped, text)
    return _SURROGATES.sub(_joined_pair, plain)


def _escaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    return _ESCAPED.get(code, "\\" + code)


def _joined_pair(match: re.Match[str]) -> str:
    high, low = (ord(char) for char in match[0])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
