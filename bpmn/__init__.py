"""Reads, checks, runs, saves and restores BPMN processes; the only importer of SpiffWorkflow."""

from __future__ import annotations

from bpmn.checks import Resources, check_process
from bpmn.facts import (
    CaseCancelled,
    CaseCompleted,
    DecisionEvaluated,
    ElementCancelled,
    ElementCompleted,
    ElementEntered,
    Fact,
    FlowTaken,
    IncidentRaised,
    IncidentResolved,
    JobRequested,
    JobWithdrawn,
    MessageSent,
    ScopeClosed,
    ScopeOpened,
    SubscriptionClosed,
    SubscriptionOpened,
    TaskClosed,
    TaskOpened,
    TimerCleared,
    TimerSet,
    VariablesWritten,
)
from bpmn.finding import BpmnFileError, Finding
from bpmn.model import Diagram, Element, Flow, Kind, Process, References, ResourceRef
from bpmn.reader import read_diagram
from bpmn.runtime.executable import Executable, compile_process
from bpmn.runtime.live import LiveCase, Step
from bpmn.runtime.problem import BadState, BadValue, CannotStart, CaseUnusable, UnknownKey
from bpmn.services import Decided, Services
from bpmn.view import CaseView, OpenIncident, OpenSubscription, OpenTimer, Snapshot, fold

__all__ = [
    "BadState",
    "BadValue",
    "BpmnFileError",
    "CannotStart",
    "CaseCancelled",
    "CaseCompleted",
    "CaseUnusable",
    "CaseView",
    "Decided",
    "DecisionEvaluated",
    "Diagram",
    "Element",
    "ElementCancelled",
    "ElementCompleted",
    "ElementEntered",
    "Executable",
    "Fact",
    "Finding",
    "Flow",
    "FlowTaken",
    "IncidentRaised",
    "IncidentResolved",
    "JobRequested",
    "JobWithdrawn",
    "Kind",
    "LiveCase",
    "MessageSent",
    "OpenIncident",
    "OpenSubscription",
    "OpenTimer",
    "Process",
    "References",
    "ResourceRef",
    "Resources",
    "ScopeClosed",
    "ScopeOpened",
    "Services",
    "Snapshot",
    "Step",
    "SubscriptionClosed",
    "SubscriptionOpened",
    "TaskClosed",
    "TaskOpened",
    "TimerCleared",
    "TimerSet",
    "UnknownKey",
    "VariablesWritten",
    "check_process",
    "compile_process",
    "fold",
    "read_diagram",
]
