"""What the reader and the checks have to say about a diagram, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One remark about one element of one file; an `error` forbids deployment, a `warning` not."""

    file: str
    element_id: str | None
    rule: str
    severity: Literal["error", "warning"]
    message: str
    suggestion: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.element_id}" if self.element_id else self.file
        return f"{place}: {self.message} {self.suggestion}".rstrip()


class BpmnFileError(Exception):
    """A diagram was refused; `findings` hold every reason that could be found in one reading."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
