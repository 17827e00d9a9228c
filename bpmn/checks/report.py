"""Collects the findings of one check."""

from __future__ import annotations

from bpmn.finding import Finding
from bpmn.model import Element, Process


class Report:
    """Findings about one process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.findings: list[Finding] = []

    def error(self, element_id: str | None, rule: str, message: str, suggestion: str) -> None:
        """Something that forbids deployment."""
        self._add(element_id, rule, message, suggestion, warning=False)

    def warning(self, element_id: str | None, rule: str, message: str, suggestion: str) -> None:
        """Something doubtful."""
        self._add(element_id, rule, message, suggestion, warning=True)

    def _add(
        self, element_id: str | None, rule: str, message: str, suggestion: str, *, warning: bool
    ) -> None:
        element = self.process.elements.get(element_id or "")
        if element is not None and english_label(element) != element.id:
            message = f"{english_label(element)}: {message}"
        self.findings.append(
            Finding(
                self.process.file,
                element_id,
                rule,
                "warning" if warning else "error",
                message,
                suggestion,
            )
        )


def english_label(element: Element) -> str:
    """What a finding, which is English, calls an element: its English name where it has one."""
    return element.wording.name_en or element.label
