"""Events that happen to a case: armed events fire, errors look for who catches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bpmn.model import Element, EventKind, Kind
from bpmn.runtime.tokens import WAITING, Phase, Token
from bpmn.runtime.waits import Wait, clear_wait, event_wait, next_round, set_wait

if TYPE_CHECKING:
    from bpmn.runtime.step import Step, Workflow


@dataclass(frozen=True)
class Catcher:
    """An error event that catches: on `host` (boundary), or for all of `workflow` (host None)."""

    element: Element
    workflow: Workflow
    host: Token | None


def arm_all(step: Step, elements: list[Element], workflow: Workflow, host: Token | None) -> None:
    """Arms timer and message events beside `host` (None: for the whole scope). All their
    expressions are evaluated before any is armed. Raises Stuck."""
    if host is None:
        names = step.evaluator.at(workflow.scope)
    else:
        names = step.evaluator.at(host.scope, through_calls=host.task_spec.crosses)
    waits = [
        (element, event_wait(step, element, names))
        for element in elements
        if element.event.kind != EventKind.ERROR
    ]
    for element, wait in waits:
        _arm(step, element, workflow, host.id if host is not None else "", wait)


def _arm(step: Step, element: Element, workflow: Workflow, host: str, wait: Wait) -> None:
    spec = step.executable.armed_spec(workflow.spec, element)
    token = Token(workflow, spec, step.case.new_key(), WAITING)
    token.internal_data["armed"] = host
    set_wait(step, token, wait)


def happened(step: Step, token: Token, payload: Mapping[str, Any]) -> None:
    """The timer or message that `token` waits for has come; `token` is an armed event or stands
    at a catch event or receive task."""
    if token.alive:
        clear_wait(step, token, cancelled=False)
        token.internal_data["values"] = dict(payload)
        step.go_on(token, Phase.LEAVE)
        return
    element, workflow = token.task_spec.element, token.workflow
    host = step.case.tokens.get(token.armed_for or "")
    if host is not None and host.task_spec.element.kind == Kind.EVENT_BASED_GATEWAY:
        _choose(step, host, token, payload)
    else:
        _fire(step, token)
        _trigger(step, Catcher(element, workflow, host), payload)


def _fire(step: Step, token: Token) -> None:
    """A fired timer is gone, or set anew under a new key; a message waits on for the next."""
    wait = token.wait or {}
    if wait.get("what") == "timer":
        again = next_round(step, wait)
        step.disarm(token)
        if again is not None:
            element, workflow = token.task_spec.element, token.workflow
            _arm(step, element, workflow, token.armed_for or "", again)
    elif token.task_spec.element.interrupting:
        step.disarm(token)


def _choose(step: Step, gateway: Token, chosen: Token, payload: Mapping[str, Any]) -> None:
    element = gateway.task_spec.element
    flows = gateway.task_spec.process.flows
    target = chosen.task_spec.element.id
    gateway.internal_data["take"] = [f for f in element.outgoing if flows[f].target == target][:1]
    gateway.internal_data["next"] = {"values": dict(payload), "phase": int(Phase.LEAVE)}
    step.disarm_around(gateway)
    gateway.internal_data.pop("wait", None)
    step.go_on(gateway, Phase.LEAVE)


def _trigger(step: Step, catcher: Catcher, payload: Mapping[str, Any]) -> None:
    element, workflow = catcher.element, catcher.workflow
    if catcher.host is not None:
        if element.interrupting:
            catcher.host.cancel()
        spec = workflow.spec.task_specs[element.id]
        step.enter(spec, workflow, values=dict(payload), phase=int(Phase.LEAVE))
        return
    if element.interrupting:
        step.cancel_inside(workflow)
    spec = workflow.spec.task_specs[element.scope]
    step.enter(spec, workflow, start=element.id, values=dict(payload))


def throw(step: Step, catcher: Catcher, code: str, message: str, values: Mapping[str, Any]) -> None:
    """Hands an error to who catches it; its output mappings see `values`, the code and the text."""
    _trigger(step, catcher, {"errorCode": code, "errorMessage": message, **values})


def find_catcher(token: Token, code: str) -> Catcher | None:
    """The innermost error event around `token` for this code; one with the very code goes before
    one that catches everything. An event sub-process does not catch its own errors."""
    current: Token | None = token
    while current is not None:
        workflow = current.workflow
        spec = current.task_spec
        found = _best(spec.boundaries, code)
        if found is not None:
            return Catcher(found, workflow, current)
        if spec.element.kind != Kind.EVENT_SUB_PROCESS:
            found = _best(workflow.spec.event_starts, code)
            if found is not None:
                return Catcher(found, workflow, None)
        current = workflow.host
    return None


def _best(elements: tuple[Element, ...], code: str) -> Element | None:
    errors = [element for element in elements if element.event.kind == EventKind.ERROR]
    exact = next((e for e in errors if e.event.error_code == code), None)
    return exact or next((e for e in errors if e.event.error_code is None), None)
