"""From the checked XML tree to the model: processes, elements, flows."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from lxml import etree

from bpmn.model import (
    NO_WORDING,
    CalledDecision,
    CalledProcess,
    Element,
    EventKind,
    Flow,
    Job,
    Kind,
    Process,
    References,
    ResourceRef,
    UserTask,
    Value,
    Wording,
)
from bpmn.reader.events import Declared, read_event
from bpmn.reader.nodes import child, children, local, properties, text
from bpmn.reader.notes import Notes
from bpmn.reader.work import WorkReader
from bpmn.support import BPMN, PROPERTIES

_EVENTS = frozenset(
    {
        Kind.START_EVENT,
        Kind.INTERMEDIATE_CATCH_EVENT,
        Kind.INTERMEDIATE_THROW_EVENT,
        Kind.END_EVENT,
        Kind.BOUNDARY_EVENT,
    }
)
_KINDS = {kind.value: kind for kind in Kind}

MAX_PROCESS_ID = 100
MAX_ELEMENT_ID = 200
_PROCESS_ID = re.compile(rf"[A-Za-z_][A-Za-z0-9_.\-]{{0,{MAX_PROCESS_ID - 1}}}")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
"""An XML name without a colon (Namespaces in XML 1.0, NCName), as BPMN asks of ids."""


class ProcessReader:
    """Reads one executable process."""

    def __init__(self, node: etree._Element, declared: Declared, notes: Notes) -> None:
        self.node = node
        self.declared = declared
        self.notes = notes
        self.work = WorkReader(declared, notes)
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, str] = {}
        self.unnamed: list[tuple[str, etree._Element]] = []

    def read(self, sha256: str, vocabulary: int) -> Process:
        """The process. What is wrong with it goes to the notes."""
        key = self.node.get("id", "")
        if not key:
            self.notes.error(None, "id", "The process has no id.", "Give it one.")
        elif not _PROCESS_ID.fullmatch(key):
            self.notes.error(
                key[:MAX_PROCESS_ID],
                "id",
                "The process's id cannot stand in an address.",
                f"Use Latin letters, digits, _ . and -, at most {MAX_PROCESS_ID} characters.",
            )
        self._scope(self.node, "")
        self._name_flows()
        self._connect()
        given = properties(self.node)
        self._check_properties(self.node, "process")
        return Process(
            key=key,
            name=self.node.get("name", "").strip() or key,
            documentation=text(child(self.node, "documentation")),
            file=self.notes.file,
            sha256=sha256,
            starter_groups=_names(given.get("starterGroups", "")),
            start_variables=_names(given.get("startVariables", "")),
            elements=self.elements,
            flows=self.flows,
            references=_references(self.elements),
            wording=_wording(self.node),
            vocabulary=vocabulary,
        )

    def _scope(self, around: etree._Element, scope: str) -> None:
        for node in around:
            name = local(node)
            if etree.QName(node).namespace != BPMN:
                continue
            if name == "laneSet":
                self._lanes(node)
            elif name == "sequenceFlow":
                self._flow(node, scope)
            elif name in _KINDS:
                self._element(node, scope)

    def _lanes(self, lane_set: etree._Element) -> None:
        for lane in children(lane_set, "lane"):
            for reference in children(lane, "flowNodeRef"):
                self.lanes[text(reference)] = lane.get("name", "")
            for inner in children(lane, "childLaneSet"):
                self._lanes(inner)

    def _element(self, node: etree._Element, scope: str) -> None:
        self.notes.tick()
        element_id = node.get("id", "")[: MAX_ELEMENT_ID + 1]
        kind = _KINDS[local(node)]
        if not element_id:
            self.notes.error(scope or None, "id", f"A {kind} has no id.", "Give it one.")
            return
        if element_id in self.elements:
            self.notes.error(element_id, "id", "Two elements have the same id.", "Change one.")
            return
        self._check_id(element_id)
        triggered = node.get("triggeredByEvent") == "true"
        if kind == Kind.SUB_PROCESS and triggered:
            kind = Kind.EVENT_SUB_PROCESS
        around = self.elements.get(scope)
        inside = around is not None and around.kind == Kind.EVENT_SUB_PROCESS
        element = Element(
            id=element_id,
            kind=kind,
            name=node.get("name", "").strip(),
            documentation=text(child(node, "documentation")),
            scope=scope,
            default=node.get("default"),
            attached_to=node.get("attachedToRef"),
            interrupting=node.get("isInterrupting", node.get("cancelActivity", "true")) != "false",
        )
        if kind in _EVENTS:
            event = read_event(
                node,
                self.declared,
                self.notes,
                in_event_sub_process=inside and kind == Kind.START_EVENT,
            )
            element = replace(element, event=event)
        message = element.event.message if element.event.kind == EventKind.MESSAGE else None
        self.elements[element_id] = replace(
            element,
            work=self.work.work(node, kind, message),
            inputs=self.work.mappings(node, "input"),
            outputs=self.work.mappings(node, "output"),
            wording=_wording(node),
            last_day=self._last_day(node) if kind in _EVENTS else None,
            multi_instance=self.work.multi_instance(node),
        )
        self._check_properties(node, local(node))
        if kind in (Kind.SUB_PROCESS, Kind.EVENT_SUB_PROCESS):
            self._scope(node, element_id)

    def _check_id(self, element_id: str) -> None:
        if len(element_id) > MAX_ELEMENT_ID or not _NAME.fullmatch(element_id):
            self.notes.error(
                element_id,
                "id",
                "The id is no XML name, or too long.",
                f"Use letters, digits, _ . and -, at most {MAX_ELEMENT_ID} characters.",
            )

    def _check_properties(self, node: etree._Element, place: str) -> None:
        for name in properties(node):
            if place not in PROPERTIES.get(name, ("", ""))[0].split():
                self.notes.warning(
                    node.get("id"),
                    "property",
                    f'The property "{name}" means nothing on a {place}.',
                    "Remove it, or check how it is written.",
                )

    def _last_day(self, node: etree._Element) -> Value | None:
        written = properties(node).get("lastDay", "").strip()
        if not written:
            return None
        value = self.notes.feel(written, node.get("id"), "last day")
        for name in sorted(value.names - {"day"}):
            self.notes.error(
                node.get("id"),
                "last-day",
                f"The last day is reckoned from `day` alone; it reads `{name}`.",
                'Write it like =day - duration("P1D").',
            )
        return value

    def _flow(self, node: etree._Element, scope: str) -> None:
        if not node.get("id"):
            self.unnamed.append((scope, node))
            return
        self._add_flow(node.get("id", "")[: MAX_ELEMENT_ID + 1], node)

    def _name_flows(self) -> None:
        """Flows without id get one: BPMN does not ask for it, journal and pictures do."""
        number = 0
        for _, node in self.unnamed:
            while True:
                number += 1
                flow_id = f"flow_{number}"
                if flow_id not in self.flows and flow_id not in self.elements:
                    break
            self._add_flow(flow_id, node)

    def _add_flow(self, flow_id: str, node: etree._Element) -> None:
        self.notes.tick()
        if flow_id in self.flows or flow_id in self.elements:
            self.notes.error(flow_id, "id", "Two elements have the same id.", "Change one.")
            return
        self._check_id(flow_id)
        written = child(node, "conditionExpression")
        condition = None
        if written is not None and text(written):
            condition = self.notes.feel(text(written), flow_id, "condition")
        self.flows[flow_id] = Flow(
            flow_id,
            node.get("sourceRef", ""),
            node.get("targetRef", ""),
            condition,
            node.get("name", "").strip(),
        )

    def _connect(self) -> None:
        incoming: dict[str, list[str]] = defaultdict(list)
        outgoing: dict[str, list[str]] = defaultdict(list)
        for flow in self.flows.values():
            source, target = self.elements.get(flow.source), self.elements.get(flow.target)
            if source is None or target is None:
                self.notes.error(
                    flow.id,
                    "flow-end",
                    "The sequence flow does not connect two elements that run.",
                    "Connect it again.",
                )
            elif source.scope != target.scope:
                self.notes.error(
                    flow.id,
                    "flow-scope",
                    "The sequence flow crosses the border of a sub-process.",
                    "End the sub-process and go on from it.",
                )
            outgoing[flow.source].append(flow.id)
            incoming[flow.target].append(flow.id)
        for element in self.elements.values():
            self.elements[element.id] = replace(
                element,
                incoming=tuple(incoming[element.id]),
                outgoing=tuple(outgoing[element.id]),
                lane=self.lanes.get(element.id),
            )


def _names(written: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in written.split(",") if part.strip())


def _references(elements: dict[str, Element]) -> References:
    decisions: list[ResourceRef] = []
    forms: list[ResourceRef] = []
    processes: list[ResourceRef] = []
    jobs: list[ResourceRef] = []
    started: list[str] = []
    for element in elements.values():
        match element.work:
            case CalledDecision(decision, binding):
                decisions.append(ResourceRef(decision, binding, element.id))
            case UserTask(form=form, form_binding=binding) if form:
                forms.append(ResourceRef(form, binding, element.id))
            case CalledProcess(process, binding):
                processes.append(ResourceRef(process, binding, element.id))
            case Job(kind):
                jobs.append(ResourceRef(kind, "deployment", element.id))
        if element.kind == Kind.START_EVENT and not element.scope and element.event.message:
            started.append(element.event.message.name)
    return References(tuple(decisions), tuple(forms), tuple(processes), tuple(jobs), tuple(started))


def _wording(node: etree._Element) -> Wording:
    given = properties(node)
    names = ("name.en", "purpose.ar", "purpose.en")
    if not any(name in given for name in names):
        return NO_WORDING
    return Wording(*(given.get(name, "").strip() for name in names))
