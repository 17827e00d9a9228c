"""Checks of the drawing itself: starts, ends, gateways, boundary events, reachability."""

from __future__ import annotations

from collections.abc import Iterable

from bpmn.checks.report import Report, english_label
from bpmn.finding import Finding
from bpmn.model import (
    ACTIVITIES,
    CalledDecision,
    Element,
    EventKind,
    Kind,
    Message,
    Process,
    Script,
    SentMessage,
)

NEVER_WAIT = frozenset({Kind.TASK, Kind.MANUAL_TASK})
INSTANT = (Script, CalledDecision, SentMessage)
CATCHES = frozenset({Kind.START_EVENT, Kind.BOUNDARY_EVENT, Kind.INTERMEDIATE_CATCH_EVENT})


def check_structure(process: Process) -> list[Finding]:
    """Findings about the process by itself."""
    report = Report(process)
    _check_scope(report, "", None)
    for element in process.elements.values():
        if element.kind in (Kind.SUB_PROCESS, Kind.EVENT_SUB_PROCESS):
            _check_scope(report, element.id, element)
        _check_flows(report, element)
        _check_event(report, element)
        match element.kind:
            case Kind.EXCLUSIVE_GATEWAY:
                _check_exclusive(report, element)
            case Kind.EVENT_BASED_GATEWAY:
                _check_event_based(report, element)
            case Kind.PARALLEL_GATEWAY:
                _check_join(report, element)
            case Kind.BOUNDARY_EVENT:
                _check_boundary(report, element)
    return report.findings


def _check_scope(report: Report, scope: str, around: Element | None) -> None:
    children = report.process.children(scope)
    starts = [element for element in children if element.kind == Kind.START_EVENT]
    plain = [start for start in starts if start.event.kind == EventKind.NONE]
    where = around.id if around is not None else None
    name = "The process" if around is None else "The sub-process"
    if not starts:
        report.error(where, "start", f"{name} has no start event.", "Add one.")
    if around is None:
        messages = [start.event.message.name for start in starts if start.event.message]
        if len(plain) > 1 or len(set(messages)) < len(messages):
            report.error(
                None,
                "start",
                "The process has several start events for the same cause.",
                "Keep one plain start event, and one for each message.",
            )
    elif len(starts) > 1 or (around.kind == Kind.SUB_PROCESS and starts != plain):
        report.error(
            where, "start", "A sub-process begins at exactly one plain start event.", "Correct it."
        )
    _check_reach(report, children)


def _check_reach(report: Report, children: tuple[Element, ...]) -> None:
    process = report.process
    reached: set[str] = set()
    todo = [e for e in children if e.kind in (Kind.START_EVENT, Kind.EVENT_SUB_PROCESS)]
    attached: dict[str, list[Element]] = {}
    for element in children:
        if element.attached_to:
            attached.setdefault(element.attached_to, []).append(element)
    while todo:
        element = todo.pop()
        if element.id in reached:
            continue
        reached.add(element.id)
        todo += [process.elements[process.flows[f].target] for f in element.outgoing]
        todo += attached.get(element.id, [])
    ending = [e for e in children if not e.outgoing]
    ends: set[str] = set()
    while ending:
        element = ending.pop()
        if element.id in ends:
            continue
        ends.add(element.id)
        ending += [process.elements[process.flows[f].source] for f in element.incoming]
        host = process.elements.get(element.attached_to or "")
        if host is not None:
            ending.append(host)
    for element in children:
        if element.id not in reached:
            report.error(
                element.id, "unreachable", "Nothing leads to the element.", "Connect or remove it."
            )
        elif element.id not in ends:
            report.warning(
                element.id, "no-end", "No way leads from here to an end.", "Draw the way out."
            )


def _check_flows(report: Report, element: Element) -> None:
    process = report.process
    no_way_in = element.kind in (Kind.START_EVENT, Kind.BOUNDARY_EVENT, Kind.EVENT_SUB_PROCESS)
    if no_way_in and element.incoming:
        report.error(
            element.id, "flow-into", "No sequence flow may lead to the element.", "Remove the flow."
        )
    if element.kind in (Kind.END_EVENT, Kind.EVENT_SUB_PROCESS) and element.outgoing:
        report.error(
            element.id, "flow-out", "No sequence flow may leave the element.", "Remove the flow."
        )
    if element.kind in (Kind.START_EVENT, Kind.BOUNDARY_EVENT) and not element.outgoing:
        report.error(element.id, "flow-out", "The event leads nowhere.", "Connect it.")
    if element.kind == Kind.EXCLUSIVE_GATEWAY:
        return
    for flow_id in element.outgoing:
        if process.flows[flow_id].condition is not None:
            report.error(
                flow_id,
                "condition-place",
                "Only flows that leave an exclusive gateway may have a condition.",
                "Put an exclusive gateway before it.",
            )
    if element.default is not None:
        report.error(
            element.id,
            "default",
            "Only an exclusive gateway may have a default flow.",
            "Put an exclusive gateway behind it.",
        )


def _check_event(report: Report, element: Element) -> None:
    event = element.event
    if element.kind in CATCHES and element.inputs:
        report.error(
            element.id,
            "input-mapping",
            "An event that waits has no input mappings.",
            "Use output mappings for what comes with it.",
        )
    if element.kind == Kind.EVENT_SUB_PROCESS and element.multi_instance is not None:
        report.error(
            element.id, "multi-instance", "An event sub-process runs once per event.", "Remove it."
        )
    if event.kind == EventKind.ERROR and element.kind in CATCHES and not element.interrupting:
        report.error(
            element.id, "error-event", "An error always interrupts.", "Make it interrupting."
        )
    message = element.work if isinstance(element.work, Message) else event.message
    waits = element.kind == Kind.RECEIVE_TASK or element.kind in CATCHES
    starts_case = element.kind == Kind.START_EVENT and not element.scope
    if message is not None and waits and not starts_case and message.correlation_key is None:
        report.error(
            element.id,
            "correlation-key",
            f'The message "{message.name}" has no correlation key, so it could be for any case.',
            "Give the message a subscription correlation key.",
        )


def _check_exclusive(report: Report, element: Element) -> None:
    flows = [report.process.flows[flow] for flow in element.outgoing]
    if element.default is not None and element.default not in element.outgoing:
        report.error(
            element.id, "default", "The default flow does not leave the gateway.", "Choose again."
        )
    decides = len(flows) > 1 or any(flow.condition is not None for flow in flows)
    if not decides:
        return
    if element.default is None:
        # Not an error: where the conditions are meant to cover everything, an incident says so
        # better than a default flow that was never meant.
        report.warning(
            element.id,
            "default",
            "The gateway has no default flow; a case for which no condition holds becomes an "
            "incident.",
            "If there is a true otherwise, make its flow the default.",
        )
    for flow in flows:
        if flow.condition is None and flow.id != element.default:
            report.error(
                flow.id,
                "condition",
                f"The flow leaves {english_label(element)} without a condition.",
                "Add a condition.",
            )
        if flow.condition is not None and flow.id == element.default:
            report.warning(
                flow.id,
                "condition",
                "The default flow has a condition, which is never looked at.",
                "Remove the condition.",
            )


def _check_event_based(report: Report, element: Element) -> None:
    process = report.process
    targets = [process.elements[process.flows[flow].target] for flow in element.outgoing]
    if len(targets) < 2:
        report.error(
            element.id, "event-gateway", "The gateway has fewer than two events.", "Add events."
        )
    for target in targets:
        fits = target.kind in (Kind.INTERMEDIATE_CATCH_EVENT, Kind.RECEIVE_TASK)
        bare = target.multi_instance is None and not process.boundary_events(target.id)
        if not fits or not bare or target.inputs or len(target.incoming) != 1:
            report.error(
                target.id,
                "event-gateway",
                "Behind an event-based gateway may stand only catch events and plain receive "
                "tasks, each reached from nowhere else.",
                "Draw the event by itself.",
            )


def _check_join(report: Report, element: Element) -> None:
    origins: dict[str, str] = {}
    for flow_id in element.incoming:
        origin = _origin(report.process, flow_id)
        if origin is None:
            continue
        choice, branch = origin
        if origins.setdefault(choice, branch) != branch:
            report.warning(
                element.id,
                "join",
                f"The gateway waits for two ways of which {choice} lets only one be taken.",
                "Join them with an exclusive gateway.",
            )
            return


def _origin(process: Process, flow_id: str) -> tuple[str, str] | None:
    """The choice that decides whether the flow is taken, when nothing else does."""
    seen: set[str] = set()
    while flow_id not in seen:
        seen.add(flow_id)
        source = process.elements[process.flows[flow_id].source]
        if source.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY):
            if len(source.outgoing) > 1:
                return source.id, flow_id
        elif len(source.outgoing) > 1:
            return None
        if len(source.incoming) != 1:
            return None
        flow_id = source.incoming[0]
    return None


def _check_boundary(report: Report, element: Element) -> None:
    host = report.process.elements.get(element.attached_to or "")
    if host is None or host.kind not in ACTIVITIES or host.scope != element.scope:
        report.error(
            element.id,
            "boundary",
            "A boundary event belongs on a task, sub-process or call activity beside it.",
            "Attach it again.",
        )
        return
    if element.event.kind == EventKind.ERROR:
        _check_unique_error(report, element, report.process.boundary_events(host.id))
    elif host.kind in NEVER_WAIT or isinstance(host.work, INSTANT):
        report.warning(
            element.id,
            "boundary",
            f"{english_label(host)} never waits, so the event can never come.",
            "Attach it to something that waits.",
        )


def _check_unique_error(report: Report, element: Element, events: Iterable[Element]) -> None:
    for other in events:
        if other is element:
            return
        same = other.event.kind == EventKind.ERROR
        if same and other.event.error_code == element.event.error_code:
            report.error(
                element.id, "boundary", "Two events catch the same error here.", "Remove one."
            )
            return
