"""The exception by which a connector throws a BPMN error into the case that called it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BpmnErrorThrown(Exception):
    """The outside system answered with an error that the diagram handles: an error boundary event
    or event sub-process with this `code` catches it; without one it is an incident."""

    def __init__(
        self, code: str, message: str = "", variables: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.variables: dict[str, Any] = dict(variables or {})
