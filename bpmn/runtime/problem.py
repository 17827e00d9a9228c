"""What can go wrong in a step, and what a caller does about it."""

from __future__ import annotations

from collections.abc import Sequence


class Stuck(Exception):
    """The token cannot go on: it becomes an incident at its element."""

    def __init__(self, kind: str, message: str, diagnostics: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.diagnostics = tuple(diagnostics)


def shown(value: object) -> str:
    """A value of the case for the diagnostics; never for a message, which more people may read."""
    return f"It is {value!r}."[:200]


class UnknownKey(KeyError):
    """Nothing open in the case has this key: it is done, was taken away, or never was."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(key)
        self.what = what
        self.key = key

    def __str__(self) -> str:
        return f"The case has no open {self.what} with the key {self.key}."


class BadValue(ValueError):
    """A variable's value is not plain JSON, or a number is too large to be kept."""


class BadState(ValueError):
    """A saved state cannot be read: another version, another process, or damaged bytes."""


class CaseUnusable(RuntimeError):
    """A step failed half-way; throw this object away and restore the case from its saved state."""


class CannotStart(ValueError):
    """The process has no start event for what was asked."""
