"""Reads a pattern of XPath's regular expressions (XML Schema part 2, appendix F, plus the
additions of XPath functions 5.6.1) into a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .errors import FeelError
from .regex_classes import CLASS_ESCAPES, block_or_category

MAX_PATTERN = 2_000
MAX_REPEAT = 1_000
_MAX_NEST = 100
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPABLE = "\\|.?*+(){}[]-^$"
_Test: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True)
class CharTest:
    test: _Test


@dataclass(frozen=True)
class Sequence:
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Alternation:
    options: tuple[Part, ...]


@dataclass(frozen=True)
class Repeat:
    inner: Part
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True)
class Group:
    inner: Part
    number: int


@dataclass(frozen=True)
class Anchor:
    at_start: bool


@dataclass(frozen=True)
class BackReference:
    number: int


Part: TypeAlias = CharTest | Sequence | Alternation | Repeat | Group | Anchor | BackReference


def parse_regex(pattern: str, flags: str) -> tuple[Part, int]:
    """The tree and the number of groups. Raises FeelError naming what is wrong."""
    if set(flags) - set("smixq"):
        raise FeelError(f"the flags {flags!r} of a regular expression may be s, m, i, x, q")
    if len(pattern) > MAX_PATTERN:
        raise FeelError(f"a regular expression has at most {MAX_PATTERN} characters")
    reader = _Reader(pattern, flags)
    if "q" in flags:
        return Sequence(tuple(CharTest(reader.literal(char)) for char in pattern)), 0
    tree = reader.alternation()
    if reader.at < len(reader.text):
        raise reader.fail("a bracket closes that was not opened")
    return tree, reader.groups


def _without_space(pattern: str) -> str:
    """White space goes, also after a backslash, but not inside a character class."""
    result: list[str] = []
    depth = 0
    escaped = False
    for char in pattern:
        if depth == 0 and char in " \t\n\r":
            continue
        if not escaped:
            depth += (char == "[") - (char == "]")
        escaped = char == "\\" and not escaped
        result.append(char)
    return "".join(result)


class _Reader:
    def __init__(self, pattern: str, flags: str) -> None:
        spaced = "x" in flags and "q" not in flags
        self.text = _without_space(pattern) if spaced else pattern
        self.folds = "i" in flags
        self.dot_all = "s" in flags
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.nest = 0

    def fail(self, message: str) -> FeelError:
        return FeelError(f"the regular expression {self.text[:60]!r} is wrong: {message}")

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, symbol: str) -> bool:
        if self.text.startswith(symbol, self.at):
            self.at += len(symbol)
            return True
        return False

    def literal(self, char: str) -> _Test:
        if self.folds:
            folded = char.casefold()
            return lambda found: found.casefold() == folded
        return lambda found: found == char

    def alternation(self) -> Part:
        self.nest += 1
        if self.nest > _MAX_NEST:
            raise self.fail("it is nested too deep")
        options = [self._sequence()]
        while self.take("|"):
            options.append(self._sequence())
        self.nest -= 1
        return options[0] if len(options) == 1 else Alternation(tuple(options))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self._quantified(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _quantified(self, part: Part) -> Part:
        bounds = self._quantifier()
        if bounds is None:
            return part
        if isinstance(part, Anchor):
            raise self.fail("an anchor cannot be repeated")
        greedy = not self.take("?")
        if self.peek() and self.peek() in "*+?{":
            raise self.fail("a quantifier follows a quantifier")
        return Repeat(part, bounds[0], bounds[1], greedy)

    def _quantifier(self) -> tuple[int, int | None] | None:
        for symbol, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.take(symbol):
                return bounds
        if not self.take("{"):
            return None
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at : max(end, self.at)].partition(",")
        digits = set(low + high) <= set("0123456789")
        if end < 0 or not low or not digits or max(len(low), len(high)) > 6:
            raise self.fail("a quantifier is like {2}, {2,} or {2,5}")
        self.at = end + 1
        least = int(low)
        most = least if not comma else (int(high) if high else None)
        if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
            raise self.fail(f"a quantifier goes up to {MAX_REPEAT}, the lower number first")
        return least, most

    def _atom(self) -> Part:  # noqa: PLR0911 - one return per kind of atom
        char = self.text[self.at]
        self.at += 1
        if char == "(":
            return self._group()
        if char == "[":
            return CharTest(self._class())
        if char == ".":
            if self.dot_all:
                return CharTest(lambda found: True)
            return CharTest(lambda found: found not in "\n\r")
        if char in "^$":
            return Anchor(char == "^")
        if char == "\\":
            return self._escape()
        if char in "*+?{}]":
            raise self.fail(f"{char!r} stands alone; write \\{char} for the character itself")
        return CharTest(self.literal(char))

    def _group(self) -> Part:
        number = 0
        if not self.take("?:"):
            if self.peek() == "?":
                raise self.fail("a group begins with ( or (?:")
            self.groups += 1
            number = self.groups
        inner = self.alternation()
        if not self.take(")"):
            raise self.fail("a bracket is not closed")
        if not number:
            return inner
        self.closed.add(number)
        return Group(inner, number)

    def _escape(self) -> Part:
        char = self.peek()
        if char.isascii() and char.isdigit():
            return self._back_reference()
        return CharTest(self._escaped_test())

    def _back_reference(self) -> Part:
        number = int(self.peek())
        self.at += 1
        while self.peek().isascii() and self.peek().isdigit():
            longer = number * 10 + int(self.peek())
            if longer > self.groups:
                break
            number = longer
            self.at += 1
        if number not in self.closed:
            raise self.fail(f"there is no finished group {number} to refer back to")
        return BackReference(number)

    def _escaped_test(self) -> _Test:
        char = self.peek()
        self.at += 1
        if char in CLASS_ESCAPES and char:
            return CLASS_ESCAPES[char]
        if char and char in "pP":
            end = self.text.find("}", self.at)
            if not self.take("{") or end < 0:
                raise self.fail("\\p is followed by a category such as {L}")
            test = block_or_category(self.text[self.at : end])
            self.at = end + 1
            return test if char == "p" else lambda found: not test(found)
        return self.literal(self._single_escape(char))

    def _single_escape(self, char: str) -> str:
        if char in _SINGLE:
            return _SINGLE[char]
        if char and char in _ESCAPABLE:
            return char
        raise self.fail(f"\\{char} has no meaning")

    def _class(self) -> _Test:
        negative = self.take("^")
        tests: list[_Test] = []
        excluded: _Test | None = None
        while not self.take("]") or not (tests or excluded):
            if self.at >= len(self.text):
                raise self.fail("a character class is not closed")
            if tests and self.text.startswith("-[", self.at):
                self.at += 2
                self.nest += 1
                if self.nest > _MAX_NEST:
                    raise self.fail("it is nested too deep")
                excluded = self._class()
                self.nest -= 1
                if not self.take("]"):
                    raise self.fail("a subtraction ends its character class")
                break
            if self.text[self.at - 1] == "]" and not tests:
                raise self.fail("a character class is empty")
            tests.append(self._class_part())
        return _class_test(tuple(tests), negative, excluded)

    def _class_part(self) -> _Test:
        start = self._class_char()
        if not isinstance(start, str):
            return start
        following = self.text[self.at + 1 : self.at + 2]
        if self.peek() != "-" or following in ("", "]", "["):
            return self.literal(start)
        self.at += 1
        end = self._class_char()
        if not isinstance(end, str) or end < start:
            raise self.fail("a range in a character class goes from lower to higher")
        if not self.folds:
            return lambda found: start <= found <= end
        return lambda found: any(
            start <= form <= end for form in (found, found.lower(), found.upper())
        )

    def _class_char(self) -> str | _Test:
        char = self.peek()
        self.at += 1
        if char == "[":
            raise self.fail("write \\[ for the character itself")
        if char != "\\":
            return char
        escape = self.peek()
        if escape and escape in "nrt" + _ESCAPABLE:
            self.at += 1
            return self._single_escape(escape)
        return self._escaped_test()


def _class_test(tests: tuple[_Test, ...], negative: bool, excluded: _Test | None) -> _Test:
    def test(found: str) -> bool:
        inside = any(part(found) for part in tests) is not negative
        return inside and not (excluded is not None and excluded(found))

    return test
