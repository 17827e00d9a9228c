"""Frozen records of a form as it stands on a page, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


class Offered(Protocol):
    """One choice of a source."""

    @property
    def value(self) -> str: ...
    @property
    def label_ar(self) -> str: ...
    @property
    def label_en(self) -> str: ...


@dataclass(frozen=True)
class Span:
    """A piece of text, perhaps in bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph (one line), or a list of lines. `kind`: p, heading, numbers, points."""

    kind: str
    lines: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class Text:
    """A static text."""

    path: str
    blocks: tuple[Block, ...]
    hidden: bool
    kind: str = "text"


@dataclass(frozen=True)
class Line:
    """A separator."""

    kind: str = "rule"
    hidden: bool = False


@dataclass(frozen=True)
class Pick:
    """One option of a question."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One question. `kind` is what it is answered with: line, long, digits (an identity number),
    whole, decimal, money, date, datetime, time, one (round buttons), select, many (boxes), tick
    (one box), or shown (read only)."""

    kind: str
    path: str
    label: str
    hint: str = ""
    number: str = ""
    unit: str = ""
    typed: str = ""
    """What stands in the box: the answer as one types it, or the text that could not be read."""
    typed_time: str = ""
    picks: tuple[Pick, ...] = ()
    shown: tuple[str, ...] = ()
    """The answer in words, for reading."""
    is_code: bool = False
    """The answer in words is a number, date or code, which runs from left to right."""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    hidden: bool = False
    required: bool = False
    may_change: bool = False
    """Other answers decide whether it is required."""
    longest: int | None = None
    sensitive: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to read."""
        return bool(self.shown)


@dataclass(frozen=True)
class Row:
    """One row of a list; `index` is part of its fields' paths."""

    index: int
    path: str
    parts: tuple[Part, ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """A list with its rows. `template` is an empty row whose index is written `__index__`."""

    path: str
    label: str
    rows: tuple[Row, ...]
    template: Row | None
    hint: str = ""
    number: str = ""
    errors: tuple[str, ...] = ()
    hidden: bool = False
    required: bool = False
    may_change: bool = False
    read_only: bool = False
    least: int = 0
    most: int = 0
    kind: str = "rows"

    @property
    def is_answered(self) -> bool:
        """Whether there is a row to read."""
        return bool(self.rows)


@dataclass(frozen=True)
class Section:
    """A group of questions; hidden when all in it is."""

    path: str
    label: str
    parts: tuple[Part, ...]
    hidden: bool
    kind: str = "section"

    @property
    def is_answered(self) -> bool:
        """Whether anything in it can be read."""
        return any(_is_answered(part) for part in self.parts)


Part: TypeAlias = Text | Line | Question | Rows | Section


@dataclass(frozen=True)
class ErrorLine:
    """One line of the summary; `path` is "" when the error is about the whole form."""

    path: str
    label: str
    text: str


@dataclass(frozen=True)
class FormView:
    """A whole form on a page."""

    id: str
    title: str
    language: str
    parts: tuple[Part, ...]
    errors: tuple[ErrorLine, ...]
    is_conditional: bool
    """Whether answers show and hide questions."""
    rules: str
    """JSON for the browser: which answers show, hide and require what."""


def _is_answered(part: Part) -> bool:
    return isinstance(part, Question | Rows | Section) and part.is_answered


def all_hidden(parts: Sequence[Part]) -> bool:
    """Whether nothing of a group is to be seen."""
    return bool(parts) and all(part.hidden or isinstance(part, Line) for part in parts)
