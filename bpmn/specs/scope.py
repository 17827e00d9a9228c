"""The specification of one scope: a process, the inside of a sub-process, or the rounds of a
multi-instance activity."""

from __future__ import annotations

from bpmn.model import Element, Kind, Process
from bpmn.specs.base import ElementSpec
from bpmn.spiff import BpmnProcessSpec

ScopeName = tuple[str, str, bool]
"""Process key, element id (`""` for the process), whether it holds multi-instance rounds."""


class ScopeSpec(BpmnProcessSpec):
    """Holds the element specs of one scope by element id."""

    task_specs: dict[str, ElementSpec]

    def __init__(self, process: Process, scope: str, *, rounds: bool = False) -> None:
        super().__init__(process.key)
        self.task_specs.clear()  # the library's own start and end are not needed
        self.process = process
        self.scope = scope
        self.rounds = rounds
        self.event_starts: tuple[Element, ...] = ()
        if not rounds:
            self.event_starts = tuple(
                start
                for element in process.children(scope)
                if element.kind == Kind.EVENT_SUB_PROCESS
                for start in process.children(element.id)
                if start.kind == Kind.START_EVENT
            )

    @property
    def scope_name(self) -> ScopeName:
        """What the saved state calls this."""
        return (self.process.key, self.scope, self.rounds)
