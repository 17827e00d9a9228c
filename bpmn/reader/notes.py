"""What one reading collects: findings, compiled expressions, and the time it may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from bpmn.finding import BpmnFileError, Finding
from bpmn.model import Value
from dmn import BuiltinFunction, FeelSyntaxError, compile_expression

MAX_SECONDS = 5.0
MAX_FINDINGS = 200
_NOTHING = compile_expression("null")


class Notes:
    """Findings of one file. Raises BpmnFileError by itself when time is up or all is wrong."""

    def __init__(
        self,
        file: str,
        functions: Mapping[str, BuiltinFunction] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.file = file
        self.functions = functions
        self.findings: list[Finding] = []
        self._clock = clock
        self._deadline = clock() + MAX_SECONDS
        self._values: dict[str, Value] = {}

    def tick(self) -> None:
        """To be called once per element read."""
        if self._clock() > self._deadline:
            self.error(
                None,
                "time",
                f"Reading the file took longer than {MAX_SECONDS:.0f} s.",
                "Split the process.",
            )
            raise BpmnFileError(self.findings)

    def error(self, element_id: str | None, rule: str, message: str, suggestion: str) -> None:
        """Adds a reason to refuse the file."""
        self.findings.append(Finding(self.file, element_id, rule, "error", message, suggestion))
        if len(self.findings) >= MAX_FINDINGS:
            raise BpmnFileError(self.findings)

    def warning(self, element_id: str | None, rule: str, message: str, suggestion: str) -> None:
        """Adds a remark that does not refuse the file."""
        self.findings.append(Finding(self.file, element_id, rule, "warning", message, suggestion))

    def refuse(self) -> None:
        """Raises BpmnFileError when there was any error so far."""
        if any(finding.severity == "error" for finding in self.findings):
            raise BpmnFileError(self.findings)

    def value(self, text: str, element_id: str | None, what: str) -> Value:
        """Text as it stands, or FEEL after a `=`; FEEL that does not parse is a finding."""
        text = text.strip()
        if not text.startswith("="):
            return Value(text)
        return self.feel(text[1:], element_id, what)

    def feel(self, text: str, element_id: str | None, what: str) -> Value:
        """FEEL with or without a `=` before it."""
        text = text.strip().removeprefix("=").strip()
        known = self._values.get(text)
        if known is not None:
            return known
        self.tick()
        try:
            value = Value(text, compile_expression(text, functions=self.functions))
        except FeelSyntaxError as error:
            self.error(
                element_id,
                "expression",
                f"The {what} is not valid FEEL: {text}: {error}",
                "Correct the expression.",
            )
            # The file is refused; nothing else is to be said of what stands here.
            return Value(text, _NOTHING)
        self._values[text] = value
        return value
