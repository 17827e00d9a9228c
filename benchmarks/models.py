"""The small processes and forms that are measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.engine import diagrams as d

FIVE = "five_tasks"
STEPS = range(1, 6)
LOOP = "loop"
PARALLEL = "parallel_tasks"
WAIT = "waiting"


def _form(form_id: str, number: int | str) -> bytes:
    """Three fields: a text, a whole number, a choice."""
    choice = {
        "type": "select",
        "key": f"answer_{number}",
        "label": "الجواب",
        "values": [
            {"value": "yes", "label": "نعم"},
            {"value": "no", "label": "لا"},
            {"value": "unknown", "label": "غير معروف"},
        ],
        "validate": {"required": True},
        "properties": {
            "label.en": "Answer",
            "value.yes.en": "Yes",
            "value.no.en": "No",
            "value.unknown.en": "Unknown",
        },
    }
    return d.form(
        form_id,
        d.text_field(f"note_{number}", required=True),
        d.number_field(f"count_{number}", required=True),
        choice,
    )


def answers(number: int | str) -> dict[str, Any]:
    """What a form of `_form` is filled in with."""
    return {
        f"note_{number}": "تمت المقابلة في الفرع صباح اليوم",
        f"count_{number}": 7,
        f"answer_{number}": "yes",
    }


def five_tasks() -> dict[str, bytes]:
    """Five user tasks one after the other, each with a form of three fields."""
    names = [f"step_{number}" for number in STEPS]
    tasks = [d.user_task(name, form=f"bench_{name}") for name in names]
    files = {
        f"{FIVE}.bpmn": d.diagram(
            FIVE, [d.start(), *tasks, d.end(), d.chain("start", *names, "end")]
        )
    }
    for number in STEPS:
        files[f"bench_step_{number}.form"] = _form(f"bench_step_{number}", number)
    return files


def loop() -> dict[str, bytes]:
    """One user task that comes back until its form says stop."""
    stop = {
        "type": "checkbox",
        "key": "stop",
        "label": "توقف",
        "properties": {"label.en": "Stop"},
    }
    form = json.loads(_form("bench_round", "round"))
    form["components"].append(stop)
    parts = [
        d.start(),
        d.user_task("round", form="bench_round"),
        d.gateway("exclusive", "again", default="again_round"),
        d.end(),
        d.chain("start", "round", "again", "round"),
        d.flow("again", "end", "=stop = true"),
    ]
    return {
        f"{LOOP}.bpmn": d.diagram(LOOP, parts),
        "bench_round.form": json.dumps(form, ensure_ascii=False).encode(),
    }


def parallel() -> dict[str, bytes]:
    """As many open tasks at the same time as the start variable `places` has items."""
    task = d.user_task("each", form="bench_each").replace(
        "</bpmn:userTask>",
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=places" inputElement="place"/>'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
    )
    parts = [d.start(), task, d.end(), d.chain("start", "each", "end")]
    return {
        f"{PARALLEL}.bpmn": d.diagram(PARALLEL, parts, variables="places"),
        "bench_each.form": _form("bench_each", "each"),
    }


def waiting() -> dict[str, bytes]:
    """A case that does nothing but wait for one moment, and ends."""
    catch = (
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
        '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">=date and time(at)</bpmn:timeDate>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    parts = [d.start(), catch, d.end(), d.chain("start", "pause", "end")]
    return {f"{WAIT}.bpmn": d.diagram(WAIT, parts, variables="at")}


def body(data: Mapping[str, Any]) -> bytes:
    """A request's body."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
