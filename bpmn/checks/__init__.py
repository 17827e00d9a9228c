"""Checks a process against what BPMN asks and against the files it is deployed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bpmn.checks.names import check_names
from bpmn.checks.resources import check_resources
from bpmn.checks.structure import check_structure
from bpmn.finding import Finding
from bpmn.model import Process

__all__ = ["Resources", "check_process"]


class DecisionNames(Protocol):
    """What the checks need of a decision."""

    @property
    def names(self) -> frozenset[str]:
        """The variables that the decision reads."""


@dataclass(frozen=True)
class Resources:
    """What is deployed together with the process, or stands already."""

    processes: Mapping[str, Process] = field(default_factory=dict)
    decisions: Mapping[str, DecisionNames] = field(default_factory=dict)
    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Form id to the keys of its fields."""
    job_types: frozenset[str] = frozenset()
    """Connector types that are registered."""
    roles: frozenset[str] = frozenset()
    """Names that candidate and starter groups may have."""
    start_variables: frozenset[str] = frozenset()
    """Variables that whoever starts the process gives, beside those that it declares."""


def check_process(process: Process, resources: Resources) -> tuple[Finding, ...]:
    """Everything that is wrong or doubtful about the process, the reader's warnings first."""
    return (
        *process.warnings,
        *check_structure(process),
        *check_resources(process, resources),
        *check_names(process, resources),
    )
