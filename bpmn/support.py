"""The allow-list of BPMN and zeebe: what runs, what is harmless, what is refused and why.

The reader obeys these tables and `docs/bpmn-support.md` is printed from them (`support_page.py`),
so neither can know anything the other does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"

ANY: frozenset[str] = frozenset()
"""As the allowed values of a harmless attribute: whatever it says, it changes nothing."""


@dataclass(frozen=True)
class Tag:
    """An element that is read. `run` attributes count; `harmless` ones are allowed with the given
    values (none given: with any) because they change nothing; all others are refused."""

    run: frozenset[str]
    harmless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    within: frozenset[str] = frozenset()
    """For zeebe elements: the flow nodes that they mean something on."""


@dataclass(frozen=True)
class Refusal:
    """Why an element is refused, and what to draw instead."""

    reason: str
    suggestion: str


def _tag(run: str = "", within: str = "", **harmless: str) -> Tag:
    return Tag(
        frozenset(run.split()),
        {name: frozenset(values.split()) for name, values in harmless.items()},
        frozenset(within.split()),
    )


_NODE = {"startQuantity": "1", "completionQuantity": "1", "isForCompensation": "false"}
_GATE = {"gatewayDirection": ""}

RUN: Mapping[str, Tag] = {
    "definitions": _tag(
        "",
        id="",
        name="",
        targetNamespace="",
        exporter="",
        exporterVersion="",
        expressionLanguage="",
        typeLanguage="",
    ),
    "process": _tag("id name isExecutable", isClosed="", processType=""),
    "message": _tag("id name", itemRef=""),
    "error": _tag("id errorCode", name="", structureRef=""),
    "task": _tag("id name default", **_NODE),
    "manualTask": _tag("id name default", **_NODE),
    "userTask": _tag("id name default", implementation="", **_NODE),
    "serviceTask": _tag("id name default", implementation="", **_NODE),
    "scriptTask": _tag("id name default", scriptFormat="feel FEEL", **_NODE),
    "businessRuleTask": _tag("id name default", implementation="", **_NODE),
    "sendTask": _tag("id name default messageRef", implementation="", **_NODE),
    "receiveTask": _tag(
        "id name default messageRef", instantiate="false", implementation="", **_NODE
    ),
    "subProcess": _tag("id name default triggeredByEvent", **_NODE),
    "callActivity": _tag("id name default", **_NODE),
    "exclusiveGateway": _tag("id name default", **_GATE),
    "parallelGateway": _tag("id name", **_GATE),
    "eventBasedGateway": _tag(
        "id name", eventGatewayType="Exclusive", instantiate="false", **_GATE
    ),
    "startEvent": _tag("id name isInterrupting", parallelMultiple="false"),
    "intermediateCatchEvent": _tag("id name", parallelMultiple="false"),
    "intermediateThrowEvent": _tag("id name"),
    "endEvent": _tag("id name"),
    "boundaryEvent": _tag("id name attachedToRef cancelActivity", parallelMultiple="false"),
    "messageEventDefinition": _tag("messageRef", id=""),
    "timerEventDefinition": _tag("", id=""),
    "errorEventDefinition": _tag("errorRef", id=""),
    "terminateEventDefinition": _tag("", id=""),
    "timeDate": _tag("", id=""),
    "timeDuration": _tag("", id=""),
    "timeCycle": _tag("", id=""),
    "multiInstanceLoopCharacteristics": _tag("isSequential", id="", behavior="All"),
    "completionCondition": _tag("", id=""),
    "sequenceFlow": _tag("id name sourceRef targetRef", isImmediate=""),
    "conditionExpression": _tag("", id=""),
    "documentation": _tag("", id="", textFormat=""),
    "extensionElements": _tag(),
    "laneSet": _tag("", id="", name=""),
    "lane": _tag("name", id="", partitionElementRef=""),
    "flowNodeRef": _tag(),
    "childLaneSet": _tag("", id="", name=""),
}
"""BPMN elements that are read, with their attributes."""

_ACTIVITY = (
    "task manualTask userTask serviceTask scriptTask businessRuleTask sendTask receiveTask "
    "subProcess callActivity"
)
_JOB = "serviceTask sendTask scriptTask businessRuleTask intermediateThrowEvent endEvent"
_EVENTS = "startEvent intermediateCatchEvent boundaryEvent intermediateThrowEvent endEvent"
_GATEWAYS = "exclusiveGateway parallelGateway eventBasedGateway"

RUN_ZEEBE: Mapping[str, Tag] = {
    "userTask": _tag("", "userTask"),
    "formDefinition": _tag("formId bindingType", "userTask"),
    "assignmentDefinition": _tag("assignee candidateGroups", "userTask"),
    "taskSchedule": _tag("dueDate followUpDate", "userTask"),
    "priorityDefinition": _tag("priority", "userTask"),
    "properties": _tag("", f"process {_ACTIVITY} {_EVENTS} {_GATEWAYS}"),
    "property": _tag("name value"),
    "ioMapping": _tag("", f"{_ACTIVITY} {_EVENTS}"),
    "input": _tag("source target"),
    "output": _tag("source target"),
    "calledDecision": _tag("decisionId resultVariable bindingType", "businessRuleTask"),
    "script": _tag("expression resultVariable", "scriptTask"),
    "taskDefinition": _tag("type retries", _JOB),
    "taskHeaders": _tag("", _JOB),
    "header": _tag("key value"),
    "calledElement": _tag(
        "processId bindingType propagateAllParentVariables propagateAllChildVariables",
        "callActivity",
    ),
    "subscription": _tag("correlationKey", "message"),
    "loopCharacteristics": _tag(
        "inputCollection inputElement outputCollection outputElement",
        "multiInstanceLoopCharacteristics",
    ),
}
"""Extension elements of the zeebe namespace that are read, and where they may stand."""

PROPERTIES: Mapping[str, tuple[str, str]] = {
    "unit": ("userTask", "FEEL or text: the unit whose people do the task"),
    "starterGroups": ("process", "text: the roles that may start the process, with commas"),
    "startVariables": ("process", "text: the variables given at the start, with commas"),
    "name.en": (
        f"process {_ACTIVITY} {_EVENTS} {_GATEWAYS}",
        "text: the name in English, shown to readers of English beside the diagram",
    ),
    "purpose.ar": (
        f"userTask {_EVENTS}",
        "text in Arabic: what the task is for, said to who does it; what an event means to people",
    ),
    "purpose.en": (f"userTask {_EVENTS}", "text: the same in English"),
    "lastDay": (
        "boundaryEvent intermediateCatchEvent",
        "FEEL over `day`, the local date on which the timer fires: the last day in time, under "
        "which calendars show the timer",
    ),
    "timeToLive": (
        "sendTask intermediateThrowEvent endEvent",
        "ISO 8601 duration or FEEL: how long a sent message waits for a receiver",
    ),
}
"""Names that `zeebe:property` may have, where, and what they mean."""

HARMLESS_ELEMENTS: Mapping[str, str] = {
    "collaboration": "pools and message flows are drawing; each process runs by itself",
    "dataObject": "drawing; data live in variables",
    "dataObjectReference": "drawing; data live in variables",
    "dataStore": "drawing; data live in variables",
    "dataStoreReference": "drawing; data live in variables",
    "dataInputAssociation": "an arrow to a data object",
    "dataOutputAssociation": "an arrow from a data object",
    "property": "what a modeler writes for an arrow to a data object",
    "itemDefinition": "types are not declared here",
    "textAnnotation": "a remark",
    "association": "a dotted line",
    "group": "a dotted frame",
    "category": "the name of a group",
    "incoming": "repeats what the sequence flows say",
    "outgoing": "repeats what the sequence flows say",
    "signal": "a name only; an event that uses it is refused",
    "escalation": "a name only; an event that uses it is refused",
}
"""BPMN elements that may stay in the file; nothing inside them is looked at."""

HARMLESS_ZEEBE: Mapping[str, str] = {
    "versionTag": "versions are counted by the deployment",
}

HARMLESS_NAMESPACES: Mapping[str, str] = {
    DI: "the picture (diagram interchange)",
    MODELER: "notes of the modeler for itself",
    XSI: "XML Schema's remarks (xsi:type, xsi:schemaLocation)",
}
"""Everything in these namespaces, elements and attributes, is passed over."""

HARMLESS_ATTRIBUTES: Mapping[str, str] = {
    "modelerTemplate": "which element template the modeler used",
    "modelerTemplateVersion": "which element template the modeler used",
    "modelerTemplateIcon": "which element template the modeler used",
}
"""Attributes of the zeebe namespace that may stand on any element."""

_EVENT = "this kind of event does not run here"
REFUSED: Mapping[str, Refusal] = {
    "inclusiveGateway": Refusal(
        "inclusive gateways do not run here", "Use exclusive and parallel gateways."
    ),
    "complexGateway": Refusal(
        "complex gateways do not run here", "Use exclusive and parallel gateways."
    ),
    "transaction": Refusal("transactions do not run here", "Use a sub-process."),
    "adHocSubProcess": Refusal(
        "ad-hoc sub-processes do not run here", "Use a sub-process with gateways."
    ),
    "standardLoopCharacteristics": Refusal(
        "the loop marker does not run here",
        "Draw the loop with an exclusive gateway, or use multi-instance.",
    ),
    "signalEventDefinition": Refusal(_EVENT, "Use a message event."),
    "escalationEventDefinition": Refusal(_EVENT, "Use a message or an error event."),
    "compensateEventDefinition": Refusal(_EVENT, "Draw the undoing as tasks."),
    "cancelEventDefinition": Refusal(_EVENT, "Use an error event."),
    "linkEventDefinition": Refusal(_EVENT, "Draw the sequence flow."),
    "conditionalEventDefinition": Refusal(_EVENT, "Use a message or a timer event."),
    "script": Refusal("programs do not run here", "Write a FEEL expression in zeebe:script."),
    "ioSpecification": Refusal("BPMN's own data inputs do not run here", "Use zeebe:ioMapping."),
    "loopCardinality": Refusal(
        "a fixed number of rounds does not run here",
        "Use an input collection, such as =for i in 1..3 return i.",
    ),
    "dataInput": Refusal("BPMN's own data inputs do not run here", "Use zeebe:ioMapping."),
    "dataOutput": Refusal("BPMN's own data outputs do not run here", "Use zeebe:ioMapping."),
    "potentialOwner": Refusal("people are not named in BPMN here", "Use zeebe candidateGroups."),
    "humanPerformer": Refusal("people are not named in BPMN here", "Use zeebe candidateGroups."),
    "performer": Refusal("people are not named in BPMN here", "Use zeebe candidateGroups."),
    "import": Refusal("a file stands for itself here", "Put what is needed into this file."),
    "choreography": Refusal("choreographies do not run here", "Draw a process."),
    "correlationProperty": Refusal("BPMN's correlation sets do not run here", "Use zeebe."),
    "resource": Refusal("resources do not run here", "Use zeebe candidateGroups."),
    "interface": Refusal("interfaces do not run here", "Use a service task with a task type."),
}
"""BPMN elements with a reason of their own; whatever is in no table is refused as unknown."""

REFUSED_ZEEBE: Mapping[str, Refusal] = {
    "executionListeners": Refusal("listeners do not run here", "Draw a task."),
    "taskListeners": Refusal("listeners do not run here", "Draw a task."),
    "userTaskForm": Refusal(
        "a form inside the diagram does not run here", "Put it in a .form file, by its formId."
    ),
    "adHoc": Refusal("ad-hoc sub-processes do not run here", "Use a sub-process."),
    "linkedResources": Refusal("linked resources do not run here", "Remove it."),
    "conditionalFilter": Refusal("conditional events do not run here", "Remove it."),
}

REFUSED_ATTRIBUTES: Mapping[str, Refusal] = {
    "candidateUsers": Refusal("tasks are not given to people by name", "Use candidateGroups."),
    "formKey": Refusal("forms are found by their id", "Use formId."),
    "externalReference": Refusal("forms are found by their id", "Use formId."),
    "versionTag": Refusal("versions are counted by the deployment", "Remove it."),
    "calledElement": Refusal("the called process is named by zeebe", "Use zeebe:calledElement."),
    "scriptFormat": Refusal("scripts are FEEL here", "Use zeebe:script."),
    "language": Refusal("expressions are FEEL here", "Remove it."),
}

_CONTAINERS = frozenset({"process", "subProcess"})
_EVENT_NODES = frozenset(_EVENTS.split())
PARENTS: Mapping[str, frozenset[str]] = {
    "process": frozenset({"definitions"}),
    "message": frozenset({"definitions"}),
    "error": frozenset({"definitions"}),
    "laneSet": _CONTAINERS,
    "sequenceFlow": _CONTAINERS,
    "lane": frozenset({"laneSet", "childLaneSet"}),
    "childLaneSet": frozenset({"lane"}),
    "flowNodeRef": frozenset({"lane"}),
    "messageEventDefinition": _EVENT_NODES,
    "timerEventDefinition": _EVENT_NODES,
    "errorEventDefinition": _EVENT_NODES,
    "terminateEventDefinition": _EVENT_NODES,
    "timeDate": frozenset({"timerEventDefinition"}),
    "timeDuration": frozenset({"timerEventDefinition"}),
    "timeCycle": frozenset({"timerEventDefinition"}),
    "multiInstanceLoopCharacteristics": frozenset(_ACTIVITY.split()),
    "completionCondition": frozenset({"multiInstanceLoopCharacteristics"}),
    "conditionExpression": frozenset({"sequenceFlow"}),
    **dict.fromkeys(_ACTIVITY.split(), _CONTAINERS),
    **dict.fromkeys(_EVENTS.split(), _CONTAINERS),
    **dict.fromkeys(("exclusiveGateway", "parallelGateway", "eventBasedGateway"), _CONTAINERS),
}
"""The parents that an element may have; elements without an entry may stand anywhere."""

ZEEBE_PARENTS: Mapping[str, str] = {
    "property": "properties",
    "input": "ioMapping",
    "output": "ioMapping",
    "header": "taskHeaders",
}
"""Parts of zeebe elements and where they belong; all others belong in extensionElements."""

BOOLEAN = frozenset(
    {
        "isExecutable",
        "isInterrupting",
        "cancelActivity",
        "triggeredByEvent",
        "isSequential",
        "propagateAllParentVariables",
        "propagateAllChildVariables",
    }
)
"""Attributes that must say `true` or `false`."""

ONCE = frozenset(
    {
        "extensionElements",
        "conditionExpression",
        "multiInstanceLoopCharacteristics",
        "completionCondition",
        "timeDate",
        "timeDuration",
        "timeCycle",
    }
)
"""BPMN elements that may stand only once in their parent; of zeebe elements all but the parts."""

EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message"}),
    "startEvent of an event sub-process": frozenset({"message", "timer", "error"}),
    "intermediateCatchEvent": frozenset({"message", "timer"}),
    "intermediateThrowEvent": frozenset({"none", "message"}),
    "endEvent": frozenset({"none", "message", "error", "terminate"}),
    "boundaryEvent": frozenset({"message", "timer", "error"}),
}
"""What kinds of event run where."""
