"""Waiting: timers, messages, tasks, jobs. What a token waits for and how the wait ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bpmn.facts import (
    JobWithdrawn,
    SubscriptionClosed,
    SubscriptionOpened,
    TaskClosed,
    TimerCleared,
    TimerSet,
)
from bpmn.model import Element, Message, Timer
from bpmn.runtime.problem import Stuck
from bpmn.timers import FOREVER, BadTime, due_at, moment, parse_cycle

if TYPE_CHECKING:
    from bpmn.runtime.step import Step
    from bpmn.runtime.tokens import Token

Wait = dict[str, Any]


def event_wait(step: Step, element: Element, names: Mapping[str, Any]) -> Wait:
    """What the element's timer or message event waits for. Raises Stuck."""
    if element.event.timer is not None:
        return _timer_wait(step, element, element.event.timer, names)
    message = element.event.message
    if message is None and isinstance(element.work, Message):
        message = element.work
    if message is None or message.correlation_key is None:
        raise Stuck("message", "The event has no message with a correlation key.")
    key = step.evaluator.text(message.correlation_key, names, "correlation key")
    return {"what": "message", "name": message.name, "key": key}


def _timer_wait(step: Step, element: Element, timer: Timer, names: Mapping[str, Any]) -> Wait:
    services = step.services
    text = str(step.evaluator.required(timer.value, names, "timer"))
    try:
        if timer.shape != "cycle":
            due = due_at(text, timer.shape, services.now, services.timezone)
            return {"what": "timer", "due": due, "left": None}
        cycle = parse_cycle(text)
        if cycle.start is not None:
            due = moment(cycle.start, services.timezone)
        else:
            due = cycle.interval.after(services.now, services.timezone)
    except BadTime as error:
        raise Stuck("timer", "The timer's text is not usable.", (str(error),)) from None
    if element.interrupting:
        return {"what": "timer", "due": due, "left": None}
    left = FOREVER if cycle.times == FOREVER else cycle.times - 1
    return {"what": "timer", "due": due, "left": left, "every": text}


def next_round(step: Step, wait: Wait) -> Wait | None:
    """The timer that follows one that has just fired, reckoned from when it was due."""
    left = wait["left"]
    if left is None or left == 0:
        return None
    try:
        due = parse_cycle(wait["every"]).interval.after(wait["due"], step.services.timezone)
    except BadTime:  # the calendar has ended
        return None
    return {**wait, "due": due, "left": left if left == FOREVER else left - 1}


def set_wait(step: Step, token: Token, wait: Wait) -> None:
    """The token waits from now on."""
    token.internal_data["wait"] = wait
    element_id = token.task_spec.element.id
    if wait["what"] == "timer":
        step.add(TimerSet(token.id, element_id, wait["due"], wait["left"]))
    elif wait["what"] == "message":
        step.add(SubscriptionOpened(token.id, element_id, wait["name"], wait["key"]))


def clear_wait(step: Step, token: Token, *, cancelled: bool) -> None:
    """The wait is over: answered, or taken away."""
    wait = token.internal_data.pop("wait", None)
    if wait is None:
        return
    element_id = token.task_spec.element.id
    match wait["what"]:
        case "timer":
            step.add(TimerCleared(token.id, element_id))
        case "message":
            step.add(SubscriptionClosed(token.id, element_id))
        case "task":
            step.add(TaskClosed(token.id, element_id, "cancelled" if cancelled else "completed"))
        case "job" if cancelled:
            step.add(JobWithdrawn(wait["key"]))
