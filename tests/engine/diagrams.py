"""Small diagrams and forms that the engine's own tests run; they are about no service at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="definitions" targetNamespace="test">'
)


def diagram(
    key: str,
    parts: Iterable[str],
    *,
    starters: str = "case_worker",
    variables: str = "",
    messages: Mapping[str, str] | None = None,
) -> bytes:
    """One process; `messages` are name → correlation key (FEEL, empty for start events)."""
    declared = ""
    for name, correlation in (messages or {}).items():
        inner = (
            f"<bpmn:extensionElements><zeebe:subscription correlationKey={quoteattr(correlation)}/>"
            "</bpmn:extensionElements>"
            if correlation
            else ""
        )
        declared += f'<bpmn:message id="Message_{name}" name="{name}">{inner}</bpmn:message>'
    properties = (
        "<bpmn:extensionElements><zeebe:properties>"
        f'<zeebe:property name="starterGroups" value="{starters}"/>'
        f'<zeebe:property name="startVariables" value="{variables}"/>'
        "</zeebe:properties></bpmn:extensionElements>"
    )
    return (
        f'{_HEAD}{declared}<bpmn:process id="{key}" name="{key} process" isExecutable="true">'
        f"{properties}{''.join(parts)}</bpmn:process></bpmn:definitions>"
    ).encode()


def start(message: str | None = None, outputs: Mapping[str, str] | None = None) -> str:
    inner = f'<bpmn:messageEventDefinition messageRef="Message_{message}"/>' if message else ""
    return f'<bpmn:startEvent id="start">{_mapping(outputs=outputs)}{inner}</bpmn:startEvent>'


def end(element_id: str = "end") -> str:
    return f'<bpmn:endEvent id="{element_id}"/>'


def flow(source: str, target: str, condition: str | None = None) -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def chain(*elements: str) -> str:
    """Flows from each element to the next."""
    return "".join(flow(a, b) for a, b in pairwise(elements))


def user_task(
    element_id: str,
    groups: str = "case_worker",
    *,
    form: str | None = None,
    unit: str | None = None,
    due: str | None = None,
    priority: str | None = None,
) -> str:
    extra = "<zeebe:userTask/>"
    if form:
        extra += f'<zeebe:formDefinition formId="{form}"/>'
    extra += f"<zeebe:assignmentDefinition candidateGroups={quoteattr(groups)}/>"
    if due:
        extra += f"<zeebe:taskSchedule dueDate={quoteattr(due)}/>"
    if priority:
        extra += f'<zeebe:priorityDefinition priority="{priority}"/>'
    if unit:
        extra += (
            "<zeebe:properties>"
            f'<zeebe:property name="unit" value={quoteattr(unit)}/></zeebe:properties>'
        )
    return (
        f'<bpmn:userTask id="{element_id}" name="{element_id} task">'
        f"<bpmn:extensionElements>{extra}</bpmn:extensionElements></bpmn:userTask>"
    )


def gateway(kind: str, element_id: str, default: str | None = None) -> str:
    attribute = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{element_id}"{attribute}/>'


def timer_catch(element_id: str, text: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}"><bpmn:timerEventDefinition>'
        f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{text}</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def boundary_timer(
    element_id: str,
    host: str,
    text: str,
    *,
    shape: str = "timeDuration",
    interrupting: bool = True,
    last_day: str = "",
) -> str:
    said = (
        "<bpmn:extensionElements><zeebe:properties>"
        f'<zeebe:property name="lastDay" value={quoteattr(last_day)}/>'
        "</zeebe:properties></bpmn:extensionElements>"
        if last_day
        else ""
    )
    return (
        f'<bpmn:boundaryEvent id="{element_id}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupting).lower()}">{said}<bpmn:timerEventDefinition>'
        f'<bpmn:{shape} xsi:type="bpmn:tFormalExpression">{text}</bpmn:{shape}>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def message_catch(element_id: str, message: str, outputs: Mapping[str, str] | None = None) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}">{_mapping(outputs=outputs)}'
        f'<bpmn:messageEventDefinition messageRef="Message_{message}"/>'
        "</bpmn:intermediateCatchEvent>"
    )


def message_throw(
    element_id: str,
    message: str,
    payload: Mapping[str, str] | None = None,
    *,
    time_to_live: str | None = None,
) -> str:
    live = (
        f'<zeebe:properties><zeebe:property name="timeToLive" value="{time_to_live}"/>'
        "</zeebe:properties>"
        if time_to_live
        else ""
    )
    return (
        f'<bpmn:intermediateThrowEvent id="{element_id}">{_mapping(inputs=payload, extra=live)}'
        f'<bpmn:messageEventDefinition messageRef="Message_{message}"/>'
        "</bpmn:intermediateThrowEvent>"
    )


def script(element_id: str, expression: str, result: str) -> str:
    return (
        f'<bpmn:scriptTask id="{element_id}" name="{element_id}"><bpmn:extensionElements>'
        f"<zeebe:script expression={quoteattr(expression)} resultVariable={quoteattr(result)}/>"
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )


def service_task(
    element_id: str,
    job_type: str,
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    retries: int = 2,
) -> str:
    extra = f'<zeebe:taskDefinition type="{job_type}" retries="{retries}"/>'
    return (
        f'<bpmn:serviceTask id="{element_id}" name="{element_id}">'
        f"{_mapping(inputs, outputs, extra)}</bpmn:serviceTask>"
    )


def _mapping(
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    extra: str = "",
) -> str:
    lines = "".join(
        f"<zeebe:input source={quoteattr(source)} target={quoteattr(target)}/>"
        for target, source in (inputs or {}).items()
    ) + "".join(
        f"<zeebe:output source={quoteattr(source)} target={quoteattr(target)}/>"
        for target, source in (outputs or {}).items()
    )
    mapping = f"<zeebe:ioMapping>{lines}</zeebe:ioMapping>" if lines else ""
    if not (mapping or extra):
        return ""
    return f"<bpmn:extensionElements>{extra}{mapping}</bpmn:extensionElements>"


def form(form_id: str, *fields: Mapping[str, Any]) -> bytes:
    """A form of these components."""
    return json.dumps(
        {"type": "default", "id": form_id, "schemaVersion": 18, "components": list(fields)},
        ensure_ascii=False,
    ).encode()


def text_field(key: str, *, required: bool = False, **properties: str) -> dict[str, Any]:
    return {
        "type": "textfield",
        "key": key,
        "label": f"حقل {key}",
        "properties": {"label.en": key, **properties},
        "validate": {"required": required},
    }


def number_field(key: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "type": "number",
        "key": key,
        "label": f"رقم {key}",
        "properties": {"label.en": key, "type": "integer"},
        "validate": {"required": required, "min": 0, "max": 120},
    }


def reference_field(key: str, source: str) -> dict[str, Any]:
    return {
        "type": "select",
        "key": key,
        "label": f"خيار {key}",
        "properties": {"label.en": key, "source": source},
    }
