"""Small diagrams for tests, written as Python calls instead of XML files."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import pairwise
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
    ' id="definitions" targetNamespace="http://bpmn.io/schema/bpmn"'
    ' modeler:executionPlatform="Camunda Cloud">'
)


def attributes(**given: str | None) -> str:
    """XML attributes; None leaves one out."""
    return "".join(
        f' {name}="{escape(value)}"' for name, value in given.items() if value is not None
    )


def zeebe(name: str, content: str = "", /, **given: str | None) -> str:
    """A zeebe element."""
    return f"<zeebe:{name}{attributes(**given)}>{content}</zeebe:{name}>"


def mappings(inputs: Mapping[str, str] = NOTHING, outputs: Mapping[str, str] = NOTHING) -> str:
    """An ioMapping: target to source."""
    parts = [zeebe("input", source=source, target=target) for target, source in inputs.items()]
    parts += [zeebe("output", source=source, target=target) for target, source in outputs.items()]
    return zeebe("ioMapping", "".join(parts)) if parts else ""


def node(tag: str, node_id: str, *content: str, ext: str = "", **given: str | None) -> str:
    """A flow node with extension elements before its content."""
    extensions = f"<extensionElements>{ext}</extensionElements>" if ext else ""
    return f"<{tag}{attributes(id=node_id, **given)}>{extensions}{''.join(content)}</{tag}>"


def flow(source: str, target: str, condition: str | None = None, flow_id: str | None = None) -> str:
    """A sequence flow, by default named source_target."""
    inside = ""
    if condition is not None:
        inside = (
            '<conditionExpression xsi:type="tFormalExpression">'
            f"{escape(condition)}</conditionExpression>"
        )
    return (
        f"<sequenceFlow{attributes(id=flow_id or f'{source}_{target}', sourceRef=source)}"
        f"{attributes(targetRef=target)}>{inside}</sequenceFlow>"
    )


def path(*ids: str) -> str:
    """Flows along the ids."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def start(node_id: str = "start", *content: str, ext: str = "", **given: str | None) -> str:
    return node("startEvent", node_id, *content, ext=ext, **given)


def end(node_id: str = "end", *content: str, ext: str = "", **given: str | None) -> str:
    return node("endEvent", node_id, *content, ext=ext, **given)


def user(
    node_id: str,
    *content: str,
    groups: str | None = "case_worker",
    form: str | None = None,
    inputs: Mapping[str, str] = NOTHING,
    outputs: Mapping[str, str] = NOTHING,
    ext: str = "",
    **given: str | None,
) -> str:
    """A user task."""
    more = zeebe("userTask") + ext + mappings(inputs, outputs)
    if groups is not None:
        more += zeebe("assignmentDefinition", candidateGroups=groups)
    if form is not None:
        more += zeebe("formDefinition", formId=form)
    return node("userTask", node_id, *content, ext=more, **given)


def script(node_id: str, expression: str, result: str, *content: str, ext: str = "") -> str:
    made = zeebe("script", expression=expression, resultVariable=result) + ext
    return node("scriptTask", node_id, *content, ext=made)


def service(
    node_id: str, kind: str = "sms", *content: str, ext: str = "", **given: str | None
) -> str:
    return node(
        "serviceTask", node_id, *content, ext=zeebe("taskDefinition", type=kind) + ext, **given
    )


def sub(node_id: str, *content: str, ext: str = "", **given: str | None) -> str:
    return node("subProcess", node_id, *content, ext=ext, **given)


def call(node_id: str, process: str, *content: str, ext: str = "", **given: str | None) -> str:
    made = zeebe("calledElement", processId=process, **given) + ext
    return node("callActivity", node_id, *content, ext=made)


def xor(node_id: str, default: str | None = None) -> str:
    return node("exclusiveGateway", node_id, default=default)


def both(node_id: str) -> str:
    return node("parallelGateway", node_id)


def timer(shape: str, text: str) -> str:
    tag = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[shape]
    return (
        f'<timerEventDefinition><{tag} xsi:type="tFormalExpression">{escape(text)}</{tag}>'
        "</timerEventDefinition>"
    )


def on_message(name: str) -> str:
    return f'<messageEventDefinition messageRef="message_{name}"/>'


def on_error(code: str | None) -> str:
    return "<errorEventDefinition" + attributes(errorRef=code and f"error_{code}") + "/>"


def boundary(node_id: str, on: str, *content: str, interrupting: bool = True, ext: str = "") -> str:
    given = {"attachedToRef": on, "cancelActivity": None if interrupting else "false"}
    return node("boundaryEvent", node_id, *content, ext=ext, **given)


def event_sub(node_id: str, *content: str) -> str:
    return node("subProcess", node_id, *content, triggeredByEvent="true")


def catch(node_id: str, *content: str, ext: str = "") -> str:
    return node("intermediateCatchEvent", node_id, *content, ext=ext)


def many(
    collection: str,
    element: str | None = "item",
    *,
    sequential: bool = False,
    out: str | None = None,
    out_element: str | None = None,
    until: str | None = None,
) -> str:
    """A multi-instance marker."""
    loop = zeebe(
        "loopCharacteristics",
        inputCollection=collection,
        inputElement=element,
        outputCollection=out,
        outputElement=out_element,
    )
    condition = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    given = attributes(isSequential="true" if sequential else None)
    return (
        f"<multiInstanceLoopCharacteristics{given}>"
        f"<extensionElements>{loop}</extensionElements>{condition}"
        "</multiInstanceLoopCharacteristics>"
    )


def process(*content: str, key: str = "p", name: str = "عملية", ext: str = "") -> str:
    """One executable process."""
    return node("process", key, *content, ext=ext, name=name, isExecutable="true")


def properties(**given: str) -> str:
    parts = [zeebe("property", name=name, value=value) for name, value in given.items()]
    return zeebe("properties", "".join(parts))


def diagram(
    *content: str, messages: Mapping[str, str | None] = NOTHING, errors: tuple[str, ...] = ()
) -> bytes:
    """A whole file: processes, messages (name to correlation key) and errors (by code)."""
    parts = [HEAD]
    for name, key in messages.items():
        subscription = zeebe("subscription", correlationKey=key) if key is not None else ""
        parts.append(node("message", f"message_{name}", ext=subscription, name=name))
    parts += [f'<error id="error_{code}" errorCode="{code}"/>' for code in errors]
    return "".join([*parts, *content, "</definitions>"]).encode()
