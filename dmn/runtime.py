"""What an evaluation carries with it: names, notes for the caller, the clock and its limits."""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias

from .errors import Diagnostic, FeelError, LimitExceeded, shorten
from .values import Value, from_json

MAX_STEPS = 500_000
MAX_SECONDS = 5.0
MAX_LIST = 100_000
MAX_STRING = 1_000_000
MAX_CALLS = 200
MAX_NOTES = 50


@dataclass(frozen=True)
class MatchedRule:
    """A decision table's rule that made the result. `rule_index` counts from 1."""

    decision_id: str
    rule_id: str
    rule_index: int
    annotation: str


class Names(dict[str, Value]):
    """The outermost names: the caller's values, made FEEL values when first read."""

    __slots__ = ("source",)

    source: Mapping[str, object]

    def __init__(self, source: Mapping[str, object]) -> None:
        self.source = source

    def __missing__(self, name: str) -> Value:
        value = from_json(self.source[name])
        self[name] = value
        return value


class Run:
    """One evaluation: collects notes, counts steps and calls."""

    __slots__ = ("_now", "calls", "matched", "notes", "steps", "until")

    def __init__(self, now: py.datetime | None) -> None:
        self._now = now
        self.notes: list[Diagnostic] = []
        self.matched: list[MatchedRule] = []
        self.steps = MAX_STEPS
        self.until = 0.0
        self.calls = 0

    @property
    def now(self) -> py.datetime:
        """The moment of the evaluation, always with a time zone; the same for all of it."""
        if self._now is None:
            self._now = py.datetime.now().astimezone()
        elif self._now.tzinfo is None:
            self._now = self._now.astimezone()
        return self._now

    def note(self, message: str, text: str) -> None:
        if len(self.notes) < MAX_NOTES:
            note = Diagnostic(shorten(message), shorten(text))
            if note not in self.notes:
                self.notes.append(note)

    def spend(self, steps: int) -> None:
        """Raises LimitExceeded when the evaluation has done too much or for too long."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(f"the evaluation took more than {MAX_STEPS} steps")
        time = monotonic()
        if not self.until:
            self.until = time + MAX_SECONDS
        elif time > self.until:
            raise LimitExceeded(f"the evaluation took more than {MAX_SECONDS:.0f} seconds")

    def enter(self) -> None:
        """Counts a call going in. Raises LimitExceeded when calls nest too deep."""
        self.spend(10)
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise LimitExceeded(f"functions call each other more than {MAX_CALLS} deep")


class Frame:
    """One level of names. `item` is the current element of a filter."""

    __slots__ = ("item", "names", "parent", "root", "run")

    def __init__(
        self,
        run: Run,
        root: Names,
        names: dict[str, Value],
        parent: Frame | None = None,
        item: Value = None,
    ) -> None:
        self.run = run
        self.root = root
        self.names = names
        self.parent = parent
        self.item = item

    def inner(self, names: dict[str, Value], item: Value = None) -> Frame:
        return Frame(self.run, self.root, names, self, item)


Code: TypeAlias = Callable[[Frame], Value]
"""A compiled expression."""


def check_list(size: int) -> None:
    """Raises LimitExceeded when a list would grow too long."""
    if size > MAX_LIST:
        raise LimitExceeded(f"a list has more than {MAX_LIST} elements")


def check_string(size: int) -> None:
    """Raises LimitExceeded when a string would grow too long."""
    if size > MAX_STRING:
        raise LimitExceeded(f"a string has more than {MAX_STRING} characters")


def guarded(code: Code, frame: Frame, text: str) -> Value:
    """Runs compiled code; whatever goes wrong is null and a note."""
    try:
        return code(frame)
    except RecursionError:
        frame.run.note("the expression or its values are nested too deep", text)
    except FeelError as error:
        frame.run.note(str(error), text)
    except Exception as error:  # the promise: evaluating never raises, whatever the values
        frame.run.note(f"the expression could not be evaluated: {error}", text)
    return None
