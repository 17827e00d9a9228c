"""The little Markdown of static texts: paragraphs, headings, numbered and dotted lists, bold."""

from __future__ import annotations

import re

from forms.view import Block, Span

_HEADING = re.compile(r"#{1,6}\s+(.*)")
_NUMBERED = re.compile(r"[0-9]+[.)]\s+(.*)")
_POINT = re.compile(r"[-*•]\s+(.*)")
_BOLD = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)")
_KINDS = ((_HEADING, "heading"), (_NUMBERED, "numbers"), (_POINT, "points"))


def blocks(text: str) -> tuple[Block, ...]:
    """The text as blocks; no mark-up of it ever becomes HTML by itself."""
    found: list[tuple[str, list[str]]] = []
    open_paragraph = False
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            open_paragraph = False
            continue
        kind, words = _kind(line)
        if kind == "p" and open_paragraph:
            found[-1][1][-1] += f" {words}"
        elif kind in ("numbers", "points") and found and found[-1][0] == kind:
            found[-1][1].append(words)
        else:
            found.append((kind, [words]))
        open_paragraph = kind == "p"
    return tuple(Block(kind, tuple(_spans(line) for line in lines)) for kind, lines in found)


def _kind(line: str) -> tuple[str, str]:
    for pattern, kind in _KINDS:
        match = pattern.fullmatch(line)
        if match is not None:
            return kind, match[1]
    return "p", line


def _spans(line: str) -> tuple[Span, ...]:
    found = []
    for index, piece in enumerate(_BOLD.split(line)):
        if piece:
            found.append(Span(piece, strong=index % 2 == 1))
    return tuple(found)
