"""Messages, errors, timers: what an event element waits for or does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from bpmn.model import NONE_EVENT, Event, EventKind, Message, Timer
from bpmn.reader.nodes import child, children, extension, local, text
from bpmn.reader.notes import Notes
from bpmn.support import EVENTS
from bpmn.timers import BadTime, parse_cycle, parse_date, parse_duration

MAX_MESSAGE_NAME = 200
"""Characters; whoever publishes a message may not write more either."""


@dataclass(frozen=True)
class Declared:
    """What the file declares beside its processes, by BPMN id."""

    messages: Mapping[str, Message]
    errors: Mapping[str, str]


def read_declared(root: etree._Element, notes: Notes) -> Declared:
    """The messages and errors of the file."""
    messages: dict[str, Message] = {}
    for node in children(root, "message"):
        key = None
        subscription = extension(node, "subscription")
        if subscription is not None and subscription.get("correlationKey"):
            key = notes.value(
                subscription.get("correlationKey", ""), node.get("id"), "correlation key"
            )
        name = node.get("name", "").strip()
        if name.startswith("="):
            notes.error(
                node.get("id"),
                "message-name",
                "The message's name is an expression; a message is known by a fixed name.",
                "Write the name without =; what tells cases apart is the correlation key.",
            )
        if len(name) > MAX_MESSAGE_NAME:
            notes.error(
                node.get("id"),
                "message-name",
                f"The message's name is longer than {MAX_MESSAGE_NAME} characters.",
                "Write a shorter one.",
            )
        messages[node.get("id", "")] = Message(name, key)
    errors = {node.get("id", ""): node.get("errorCode", "") for node in children(root, "error")}
    return Declared(messages, errors)


def read_event(
    node: etree._Element, declared: Declared, notes: Notes, *, in_event_sub_process: bool = False
) -> Event:
    """The event definition of an event element; none when it has none."""
    definitions = [item for item in node if local(item).endswith("EventDefinition")]
    if not definitions:
        kind, event = "none", NONE_EVENT
    elif len(definitions) > 1:
        notes.error(
            node.get("id"),
            "several-events",
            "The event has more than one definition.",
            "Draw one event for each, or an event-based gateway.",
        )
        return NONE_EVENT
    else:
        kind, event = _definition(node, definitions[0], declared, notes)
    place = local(node) + (" of an event sub-process" if in_event_sub_process else "")
    if kind not in EVENTS[place]:
        notes.error(
            node.get("id"),
            "event-place",
            f"A {kind} event does not run as {place}.",
            f"Here run: {', '.join(sorted(EVENTS[place]))}."
            + (" A process starts by a person or by a message." if kind == "timer" else ""),
        )
    return event


def _definition(
    node: etree._Element, definition: etree._Element, declared: Declared, notes: Notes
) -> tuple[str, Event]:
    name = local(definition).removesuffix("EventDefinition")
    match name:
        case "message":
            message = message_of(node, definition.get("messageRef"), declared, notes)
            return name, Event(EventKind.MESSAGE, message=message)
        case "timer":
            return name, Event(EventKind.TIMER, timer=_timer(node, definition, notes))
        case "error":
            return name, Event(
                EventKind.ERROR, error_code=_error(node, definition, declared, notes)
            )
        case "terminate":
            return name, Event(EventKind.TERMINATE)
    return name, NONE_EVENT  # the allow-list has refused it already


def message_of(
    node: etree._Element, reference: str | None, declared: Declared, notes: Notes
) -> Message | None:
    """The message that the element refers to; None, and a finding, when there is none."""
    message = declared.messages.get(reference or "")
    if message is None or not message.name:
        notes.error(
            node.get("id"),
            "message-name",
            "The element has no message, or its message has no name.",
            "Choose a message and give it a name.",
        )
        return None
    return message


def _error(
    node: etree._Element, definition: etree._Element, declared: Declared, notes: Notes
) -> str | None:
    reference = definition.get("errorRef")
    code = declared.errors.get(reference or "", "").strip()
    if code.startswith("="):
        notes.error(
            node.get("id"), "error-code", "An error code is fixed text.", "Write it without =."
        )
    if not code and (reference is not None or local(node) == "endEvent"):
        notes.error(
            node.get("id"),
            "error-code",
            "The error event has no error, or its error has no code.",
            "Choose an error and give it a code.",
        )
    return code or None


def _timer(node: etree._Element, definition: etree._Element, notes: Notes) -> Timer | None:
    for shape, tag in (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle")):
        found = child(definition, tag)
        if found is None:
            continue
        value = notes.value(text(found), node.get("id"), "timer")
        if value.expression is None:
            _check_literal(node, shape, value.text, notes)
        if shape == "cycle":
            if local(node) == "intermediateCatchEvent":
                notes.error(
                    node.get("id"),
                    "timer-cycle",
                    "A catch event waits once; a repeating timer means nothing here.",
                    "Use a duration or a date.",
                )
            return Timer("cycle", value)
        return Timer("date" if shape == "date" else "duration", value)
    notes.error(
        node.get("id"), "timer", "The timer has no time.", "Give it a date, duration or cycle."
    )
    return None


def _check_literal(node: etree._Element, shape: str, literal: str, notes: Notes) -> None:
    check = {"date": parse_date, "duration": parse_duration, "cycle": parse_cycle}[shape]
    example = {"date": "2026-05-01T08:00:00+03:00", "duration": "P3W", "cycle": "R3/P1D"}[shape]
    try:
        check(literal)
    except BadTime as error:
        notes.error(
            node.get("id"),
            "timer-text",
            f"The timer's {shape} is not ISO 8601: {error}.",
            f"Write it like {example}, or as FEEL after =.",
        )
