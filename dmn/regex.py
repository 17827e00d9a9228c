"""Regular expressions as FEEL has them (XPath fn:matches over XML Schema's), that cannot hang.

Python's `re` differs in syntax and can take exponential time. Here a pattern becomes a small
program, run by a backtracking loop that never visits the same step at the same position twice:
time grows with pattern times text. Only back-references switch that memory off; then the count of
steps is bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from .errors import FeelError
from .regex_parser import (
    Alternation,
    Anchor,
    BackReference,
    CharTest,
    Group,
    Part,
    Repeat,
    Sequence,
    parse_regex,
)
from .runtime import Run

MAX_PROGRAM = 5_000
_STEPS_PER_SPEND = 64
_CHAR, _SPLIT, _JUMP, _SAVE, _START, _END, _BACK, _MATCH, _EMPTY = range(9)
_JUMPS = (_JUMP, _EMPTY)

Span: TypeAlias = "tuple[int, int] | None"
_Instruction = tuple[int, int, int, "Callable[[str], bool] | None"]


class Regex:
    """A compiled pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        tree, self.groups = parse_regex(pattern, flags)
        self._folds = "i" in flags
        self._multiline = "m" in flags
        self._program: list[_Instruction] = []
        self._has_back_reference = False
        self._emit(tree)
        self._add(_MATCH)

    def _add(self, kind: int, a: int = 0, b: int = 0, test: CharTest | None = None) -> int:
        if len(self._program) >= MAX_PROGRAM:
            raise FeelError("the regular expression is too large")
        self._program.append((kind, a, b, None if test is None else test.test))
        return len(self._program) - 1

    def _patch(self, at: int, a: int, b: int = 0) -> None:
        self._program[at] = (self._program[at][0], a, b, None)

    def _emit(self, part: Part) -> None:
        if isinstance(part, CharTest):
            self._add(_CHAR, test=part)
        elif isinstance(part, Sequence):
            for inner in part.parts:
                self._emit(inner)
        elif isinstance(part, Alternation):
            self._emit_alternation(part)
        elif isinstance(part, Repeat):
            self._emit_repeat(part)
        elif isinstance(part, Group):
            self._add(_SAVE, part.number * 2)
            self._emit(part.inner)
            self._add(_SAVE, part.number * 2 + 1)
        elif isinstance(part, Anchor):
            self._add(_START if part.at_start else _END)
        elif isinstance(part, BackReference):
            self._has_back_reference = True
            self._add(_BACK, part.number)

    def _emit_alternation(self, part: Alternation) -> None:
        jumps: list[int] = []
        for option in part.options[:-1]:
            split = self._add(_SPLIT)
            self._emit(option)
            jumps.append(self._add(_JUMP))
            self._patch(split, split + 1, len(self._program))
        self._emit(part.options[-1])
        for jump in jumps:
            self._patch(jump, len(self._program))

    def _emit_repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            self._emit(part.inner)
        if part.most is None:
            split = self._add(_SPLIT)
            self._emit(part.inner)
            self._add(_EMPTY, split)
            self._choose(split, split + 1, len(self._program), part.greedy)
            return
        splits: list[int] = []
        for _ in range(part.most - part.least):
            splits.append(self._add(_SPLIT))
            self._emit(part.inner)
        for split in splits:
            self._choose(split, split + 1, len(self._program), part.greedy)

    def _choose(self, split: int, inside: int, after: int, greedy: bool) -> None:
        self._patch(split, *((inside, after) if greedy else (after, inside)))

    def search(self, text: str, at: int, run: Run) -> list[Span] | None:
        """The first match from `at` on: the spans of the whole and of each group, or None.

        Raises LimitExceeded when it takes too many steps.
        """
        visited: set[int] | None = None if self._has_back_reference else set()
        for start in range(at, len(text) + 1):
            found = self._match(text, start, run, visited)
            if found is not None:
                return found
        return None

    def _match(  # noqa: PLR0912 - one branch per instruction; calls would cost more
        self, text: str, start: int, run: Run, visited: set[int] | None
    ) -> list[Span] | None:
        program, size = self._program, len(text)
        width = len(program)
        slots: tuple[int, ...] = (-1,) * (2 * self.groups + 2)
        stack: list[tuple[int, int, tuple[int, ...]]] = [(0, start, slots)]
        steps = 0
        while stack:
            pc, at, saved = stack.pop()
            while True:
                steps += 1
                if steps % _STEPS_PER_SPEND == 0:
                    run.spend(4)
                if visited is not None:
                    key = at * width + pc
                    if key in visited:
                        break
                    visited.add(key)
                kind, a, b, test = program[pc]
                if kind == _CHAR:
                    if at >= size or test is None or not test(text[at]):
                        break
                    at += 1
                elif kind == _SPLIT:
                    stack.append((b, at, saved))
                    pc = a
                    continue
                elif kind in _JUMPS:
                    pc = a
                    continue
                elif kind == _SAVE:
                    saved = (*saved[:a], at, *saved[a + 1 :])
                elif kind == _START:
                    if not (at == 0 or (self._multiline and text[at - 1] == "\n")):
                        break
                elif kind == _END:
                    if not (at == size or (self._multiline and text[at] == "\n")):
                        break
                elif kind == _BACK:
                    end = self._after_reference(text, at, saved, a)
                    if end is None:
                        break
                    at = end
                else:
                    return _spans(saved, start, at)
                pc += 1
        return None

    def _after_reference(
        self, text: str, at: int, saved: tuple[int, ...], number: int
    ) -> int | None:
        begin, end = saved[2 * number], saved[2 * number + 1]
        if begin < 0 or end < 0:
            return at
        wanted, found = text[begin:end], text[at : at + end - begin]
        if self._folds:
            wanted, found = wanted.casefold(), found.casefold()
        return at + end - begin if wanted == found else None


def _spans(saved: tuple[int, ...], start: int, end: int) -> list[Span]:
    groups: list[Span] = [(start, end)]
    for number in range(1, len(saved) // 2):
        first, last = saved[2 * number], saved[2 * number + 1]
        groups.append((first, last) if first >= 0 and last >= 0 else None)
    return groups


@lru_cache(maxsize=256)
def compile_regex(pattern: str, flags: str) -> Regex:
    """Raises FeelError when the pattern or the flags are wrong, or too large."""
    return Regex(pattern, flags)
