"""Every name that an expression reads must be written somewhere.

The analysis does not follow the order of the flow: a name counts as written when anything in the
process writes it. Names made by input mappings and multi-instance exist inside their element only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpmn.checks.report import Report
from bpmn.finding import Finding
from bpmn.model import (
    CalledDecision,
    CalledProcess,
    Element,
    EventKind,
    Job,
    Kind,
    Message,
    Process,
    Script,
    SentMessage,
    UserTask,
    Value,
)

if TYPE_CHECKING:
    from bpmn.checks import Resources

ALWAYS = frozenset({"case"})
COUNTERS = frozenset(
    {
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    }
)


@dataclass(frozen=True)
class Reading:
    """One expression and the names it may read at its place (None: any, they come from outside)."""

    element_id: str
    what: str
    names: frozenset[str]
    known: frozenset[str] | None


def check_names(process: Process, resources: Resources) -> list[Finding]:
    """Findings about names that nothing writes, and answers that would be lost."""
    report = Report(process)
    analysis = Analysis(process, resources)
    for reading in analysis.readings():
        if reading.known is None:
            continue
        for name in sorted(reading.names - reading.known):
            report.error(
                reading.element_id,
                "unknown-name",
                f'The {reading.what} reads "{name}", which nothing writes.',
                "Correct the name, or write it before: by a form field, a result variable, an "
                "output mapping or a start variable.",
            )
    for element in process.elements.values():
        _check_lost_answers(report, element, resources)
        _check_given(report, element, analysis)
    return report.findings


def _check_lost_answers(report: Report, element: Element, resources: Resources) -> None:
    work = element.work
    if not isinstance(work, UserTask) or element.outputs or work.form is None:
        return
    local = _targets(element.inputs)
    lost = sorted(local & resources.forms.get(work.form, frozenset()))
    if lost:
        report.warning(
            element.id,
            "lost-answer",
            f"The input mappings make {', '.join(lost)} a variable of the task alone, so what the "
            "form says of it ends with the task.",
            "Add an output mapping, or give the input mapping another name.",
        )


def _check_given(report: Report, element: Element, analysis: Analysis) -> None:
    work = element.work
    if not isinstance(work, CalledProcess):
        return
    target = analysis.resources.processes.get(work.process)
    if target is None:
        return
    given = analysis.inside(element) if work.all_in else _targets(element.inputs)
    missing = sorted(set(target.start_variables) - given)
    if missing:
        report.warning(
            element.id,
            "call-input",
            f'The process "{work.process}" begins with {", ".join(missing)}, which nothing here '
            "gives it.",
            "Add an input mapping.",
        )


def _targets(assignments: Iterable[object]) -> frozenset[str]:
    return frozenset(getattr(each, "target", "").split(".")[0] for each in assignments)


class Analysis:
    """Who writes and reads what in one process."""

    def __init__(
        self,
        process: Process,
        resources: Resources,
        made_by: dict[str, frozenset[str]] | None = None,
    ) -> None:
        self.process = process
        self.resources = resources
        self._made_by = made_by if made_by is not None else {}
        self._made_by[process.key] = frozenset()  # where a recursion would come back to
        self.made: frozenset[str] = frozenset()
        for element in process.elements.values():
            self.made |= self._writes(element)
        given = frozenset(process.start_variables) | resources.start_variables
        self.written = ALWAYS | given | self.made

    def _writes(self, element: Element) -> frozenset[str]:
        names: set[str] = set(_targets(element.outputs))
        if not element.outputs:
            names |= self.results(element) - _targets(element.inputs)
        if element.multi_instance is not None and element.multi_instance.output_collection:
            names.add(element.multi_instance.output_collection)
        return frozenset(names)

    def results(self, element: Element) -> frozenset[str]:
        """The names that the element's own work makes."""
        match element.work:
            case UserTask(form=form) if form is not None:
                return self.resources.forms.get(form, frozenset())
            case Script(result=result) | CalledDecision(result=result):
                return frozenset({result})
            case CalledProcess(process=key, all_out=True):
                return self._of_called(key)
        return frozenset()

    def _of_called(self, key: str) -> frozenset[str]:
        target = self.resources.processes.get(key)
        if target is not None and key not in self._made_by:
            self._made_by[key] = Analysis(target, self.resources, self._made_by).made
        return self._made_by.get(key, frozenset())

    def outside(self, element: Element) -> frozenset[str]:
        """What can be read where the element stands."""
        names = set(self.written)
        around = self.process.elements.get(element.scope)
        while around is not None:
            names |= _targets(around.inputs) | _round_names(around)
            around = self.process.elements.get(around.scope)
        return frozenset(names)

    def inside(self, element: Element) -> frozenset[str]:
        """What can be read within the element, after its input mappings."""
        return self.outside(element) | _round_names(element) | _targets(element.inputs)

    def readings(self) -> Iterator[Reading]:
        """Every expression of the process."""
        for flow in self.process.flows.values():
            if flow.condition is not None:
                known = self.outside(self.process.elements[flow.source])
                yield Reading(flow.id, "condition", flow.condition.names, known)
        for element in self.process.elements.values():
            yield from self._mappings(element)
            yield from self._work(element)
            yield from self._event(element)
            yield from self._rounds(element)

    def _mappings(self, element: Element) -> Iterator[Reading]:
        known = self.outside(element) | _round_names(element)
        for mapping in element.inputs:
            what = f"input mapping of {mapping.target}"
            yield Reading(element.id, what, mapping.source.names, known)
            known |= {mapping.target.split(".")[0]}
        after = self._after(element)
        for mapping in element.outputs:
            what = f"output mapping of {mapping.target}"
            yield Reading(element.id, what, mapping.source.names, after)

    def _after(self, element: Element) -> frozenset[str] | None:
        """What output mappings can read; None when it comes from outside."""
        payload = isinstance(element.work, Job | Message) or (
            element.event.kind in (EventKind.MESSAGE, EventKind.ERROR)
            and element.kind not in (Kind.END_EVENT, Kind.INTERMEDIATE_THROW_EVENT)
        )
        if payload:
            return None
        names = self.inside(element) | self.results(element)
        if isinstance(element.work, CalledProcess):
            names |= self._of_called(element.work.process)
        return names | _targets(element.outputs)

    def _work(self, element: Element) -> Iterator[Reading]:
        known = self.inside(element)
        for what, value in _values(element):
            if value is not None:
                yield Reading(element.id, what, value.names, known)
        if isinstance(element.work, CalledDecision):
            decision = self.resources.decisions.get(element.work.decision)
            if decision is not None:
                what = f"decision {element.work.decision}"
                yield Reading(element.id, what, frozenset(decision.names), known)

    def _event(self, element: Element) -> Iterator[Reading]:
        known = self.outside(element)
        host = self.process.elements.get(element.attached_to or "")
        if host is not None:
            known = self.inside(host)
        elif element.kind == Kind.START_EVENT and element.scope:
            known = self.outside(self.process.elements[element.scope])
        event = element.event
        if event.timer is not None:
            yield Reading(element.id, "timer", event.timer.value.names, known)
        message = event.message
        starts_case = element.kind == Kind.START_EVENT and not element.scope
        waits = not starts_case and not isinstance(element.work, SentMessage)
        if waits and message is not None and message.correlation_key is not None:
            names = message.correlation_key.names
            yield Reading(element.id, "correlation key", names, known)

    def _rounds(self, element: Element) -> Iterator[Reading]:
        loop = element.multi_instance
        if loop is None:
            return
        outside = self.outside(element)
        yield Reading(element.id, "input collection", loop.input_collection.names, outside)
        after = self._after(element)
        if loop.output_element is not None:
            known = after
            if after is not None:  # the round declares the name itself, as null
                known = after - (_round_names(element) - _round_names(element, output=False))
                known |= outside | self.results(element) | _targets(element.outputs)
            yield Reading(element.id, "output element", loop.output_element.names, known)
        if loop.completion_condition is not None:
            known = after | COUNTERS if after is not None else None
            names = loop.completion_condition.names
            yield Reading(element.id, "completion condition", names, known)


def _round_names(element: Element, *, output: bool = True) -> frozenset[str]:
    loop = element.multi_instance
    if loop is None:
        return frozenset()
    names = {"loopCounter"}
    if loop.input_element:
        names.add(loop.input_element)
    if output and loop.output_element is not None:
        names.add(loop.output_element.text.split(".")[0].strip())
    return frozenset(names)


def _values(element: Element) -> list[tuple[str, Value | None]]:
    work = element.work
    match work:
        case UserTask():
            return [
                ("candidate groups", work.candidate_groups),
                ("assignee", work.assignee),
                ("unit", work.unit),
                ("due date", work.due),
                ("follow-up date", work.follow_up),
                ("priority", work.priority),
            ]
        case Script():
            return [("script", work.expression)]
        case SentMessage():
            return [
                ("correlation key", work.message.correlation_key),
                ("time to live", work.time_to_live),
            ]
        case Message():
            return [("correlation key", work.correlation_key)]
    return []
