"""Collects what is wrong with a form file."""

from __future__ import annotations

from dmn import FileFinding

_MOST = 200


class Findings:
    """A growing list of findings; at most a few hundred are kept."""

    def __init__(self) -> None:
        self._found: list[FileFinding] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, element: str | None, rule: str, message: str, suggestion: str) -> None:
        """Notes one finding about the component `element` (its key, else its id)."""
        finding = FileFinding(element, rule, message, suggestion)
        if len(self._found) < _MOST and finding not in self._found:
            self._found.append(finding)

    def all(self) -> tuple[FileFinding, ...]:
        """Everything found, in the file's order."""
        return tuple(self._found)
