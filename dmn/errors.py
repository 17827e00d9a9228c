"""What can go wrong: exceptions while reading, diagnostics while evaluating."""

from __future__ import annotations

from dataclasses import dataclass


class DmnError(Exception):
    """Something is wrong with a DMN file or a FEEL text; the message names it and the way out."""


class FeelSyntaxError(DmnError):
    """A FEEL text cannot be read. `line` and `column` count from 1."""

    def __init__(self, message: str, text: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column}) in FEEL: {shorten(text)}")
        self.message = message
        self.text = text
        self.line = line
        self.column = column


class UnknownDecisionError(DmnError, KeyError):
    """No decision or decision service of that id or name is in the file."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class FileFinding:
    """One thing wrong in a DMN file. `element_id` is None when the file as a whole is meant."""

    element_id: str | None
    rule: str
    message: str
    suggestion: str


class DmnFileError(DmnError):
    """A DMN file cannot be used; `findings` lists every reason found."""

    def __init__(self, file: str, findings: tuple[FileFinding, ...]) -> None:
        lines = "; ".join(f"{f.element_id or 'file'}: {f.message}" for f in findings[:5])
        more = f" (and {len(findings) - 5} more)" if len(findings) > 5 else ""
        super().__init__(f"{file or 'the DMN file'} cannot be used: {lines}{more}")
        self.findings = findings


@dataclass(frozen=True)
class Diagnostic:
    """Why an evaluation, or a part of it, gave null. `text` is the FEEL expression meant."""

    message: str
    text: str


class FeelError(DmnError):
    """A value cannot be made or used so. Inside an evaluation it becomes null and a Diagnostic;
    only the functions that read and convert single values raise it to their caller."""


class LimitExceeded(FeelError):
    """The evaluation as a whole is given up: too many steps, too deep, too large."""


def shorten(text: str) -> str:
    """One line of at most 300 characters, for messages."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 300 else flat[:297] + "..."
