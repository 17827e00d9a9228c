"""Regular expressions from form files, allowed only where matching cannot take long.

A pattern is read by a small grammar of its own (literals, classes, groups, alternation, counts) and
refused when it repeats a repetition or repeats too often. With texts of at most `MAX_TEXT`
characters what remains is polynomial of low degree.
"""

from __future__ import annotations

import re

MAX_PATTERN = 200
MAX_TEXT = 200
"""A field with a pattern takes no longer text than this."""

_MAX_REPEATS = 3
_MAX_COUNT = 200
_ESCAPES = frozenset("dDwWsSbnrt")
_COUNT = re.compile(r"\{(\d{1,4})(,(\d{1,4})?)?\}")


class PatternRefused(Exception):
    """The pattern is malformed or could take too long; the text says which."""


def compile_pattern(text: str) -> re.Pattern[str]:
    """The pattern, matched anywhere in a text as form-js does. Raises PatternRefused."""
    if len(text) > MAX_PATTERN:
        raise PatternRefused(f"it is longer than {MAX_PATTERN} characters")
    reader = _Reader(text)
    reader.alternatives(depth=0)
    if reader.at != len(text):
        raise PatternRefused(f"')' without '(' at character {reader.at + 1}")
    repeats = reader.repeats + (0 if text.startswith("^") and not reader.top_alternatives else 1)
    if repeats > _MAX_REPEATS:
        raise PatternRefused("it repeats in too many places; anchor it with ^ or use exact counts")
    try:
        return re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternRefused(f"it cannot be read: {error}") from error


class _Reader:
    """Walks over the pattern once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.repeats = 0
        self.top_alternatives = False

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def alternatives(self, depth: int) -> bool:
        """One or more branches. Returns whether anything inside has a variable length."""
        if depth > 10:
            raise PatternRefused("its groups nest too deep")
        varies = False
        while True:
            varies = self.branch(depth) or varies
            if self.peek() != "|":
                return varies
            self.at += 1
            varies = True
            if depth == 0:
                self.top_alternatives = True

    def branch(self, depth: int) -> bool:
        varies = False
        while self.at < len(self.text) and self.peek() not in "|)":
            inner = self.atom(depth)
            varies = self.quantifier(inner) or varies
        return varies

    def atom(self, depth: int) -> bool:
        char = self.peek()
        self.at += 1
        if char == "(":
            return self.group(depth)
        if char == "[":
            self.char_class()
        elif char == "\\":
            self.escape()
        elif char in "*+?{":
            raise PatternRefused(f"nothing to repeat at character {self.at}")
        return False

    def group(self, depth: int) -> bool:
        if self.peek() == "?":
            if not self.text.startswith("?:", self.at):
                raise PatternRefused("look-around and named groups are not supported")
            self.at += 2
        varies = self.alternatives(depth + 1)
        if self.peek() != ")":
            raise PatternRefused("'(' without ')'")
        self.at += 1
        return varies

    def char_class(self) -> None:
        if self.peek() == "^":
            self.at += 1
        first = True
        while first or self.peek() != "]":
            if self.at >= len(self.text):
                raise PatternRefused("'[' without ']'")
            char = self.text[self.at]
            self.at += 1
            first = False
            if char == "\\":
                self.escape()

    def escape(self) -> None:
        char = self.peek()
        if not char:
            raise PatternRefused("it ends with a backslash")
        if char.isalnum() and char not in _ESCAPES:
            raise PatternRefused(f"\\{char} is not supported")
        self.at += 1

    def quantifier(self, inner_varies: bool) -> bool:
        """Reads `? * + {n} {n,m}` behind an atom. Returns whether the length varies."""
        char = self.peek()
        if not char or char not in "*+?{":
            return inner_varies
        if char == "?":
            self.at += 1
            self.no_second()
            return True
        if char in "*+":
            self.at += 1
            most: int | None = None
            least = 0
        else:
            least, most = self.count()
        self.no_second()
        if inner_varies and most != 1:
            raise PatternRefused("it repeats something that itself varies")
        if most == least:
            return False
        self.repeats += 1
        return True

    def count(self) -> tuple[int, int | None]:
        found = _COUNT.match(self.text, self.at)
        if found is None:
            raise PatternRefused(f"'{{' without a count at character {self.at + 1}")
        self.at = found.end()
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if max(least, most or 0) > _MAX_COUNT:
            raise PatternRefused(f"it counts beyond {_MAX_COUNT}")
        return least, most

    def no_second(self) -> None:
        if self.peek() and self.peek() in "*+?{":
            raise PatternRefused("two counts follow each other")
