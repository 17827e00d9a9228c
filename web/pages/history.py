"""A case's past, stepped through on the diagram it ran; reading only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import NotFound
from engine.history import CaseStep, Past, Place
from engine.wording import Text
from web.context import actor, engine
from web.formats import moment, words
from web.step_words import Detail, details_of, state_name, what, who
from web.texts import _

blueprint = Blueprint("history", __name__)

STEPS_AT_ONCE = 100


@blueprint.get("/cases/<instance_id>/history")
def show(instance_id: str) -> str:
    """The case after entry `seq` (the last one without), and every entry to choose from."""
    past = engine().history.past(actor(), instance_id)
    people = engine().history.people(past)
    last = len(past.steps)
    seq = request.args.get("seq", last, type=int)
    # Of a record whose very first entry was altered there is no step to show.
    if not min(1, last) <= seq <= last:
        raise NotFound(
            Text(f"لا يوجد قيد رقمه {seq} في هذه الحالة.", f"The case has no entry {seq}.")
        )
    rows = [
        {
            "seq": step.entry.seq,
            "what": what(step.entry.kind),
            "element": _element(past, step),
            "when": moment(step.entry.at),
            "who": who(step.entry.actor, people),
            "altered": step.entry.seq == past.first_bad,
        }
        for step in past.steps
    ]
    return render_template(
        "history/show.html",
        past=past,
        rows=rows,
        step=_shown(past, people, past.steps[seq - 1]) if seq else None,
        seq=seq,
        last=last,
        data=_page_data(past, seq),
    )


@blueprint.get("/cases/<instance_id>/history.json")
def steps(instance_id: str) -> AnyResponse:
    """The steps after number `after`, for the slider."""
    past = engine().history.past(actor(), instance_id)
    people = engine().history.people(past)
    after = max(0, request.args.get("after", 0, type=int))
    found = past.steps[after : after + STEPS_AT_ONCE]
    more = after + len(found) < len(past.steps) and found
    follow = url_for(".steps", instance_id=instance_id, after=found[-1].entry.seq) if more else None
    return jsonify(steps=[_shown(past, people, one) for one in found], next=follow)


def _shown(past: Past, people: Mapping[str, str], step: CaseStep) -> dict[str, Any]:
    """One step as both the page and its slider show it."""
    entry = step.entry
    tokens = dict.fromkeys(_name(past, place) for place in step.active)
    lines = details_of(step, past.questions, lambda id_: _name(past, (None, id_)), people)
    return {
        "seq": entry.seq,
        "when": moment(entry.at),
        "who": who(entry.actor, people),
        "what": what(entry.kind),
        "element": _element(past, step),
        "state": state_name(str(entry.header.get("state", ""))),
        "active": step.active,
        "left": step.left,
        "flows": step.flows,
        "focus": step.focus,
        "tokens": list(tokens),
        "details": [_line(line) for line in lines if not line.technical],
        "technical": [_line(line) for line in lines if line.technical],
        "altered": entry.seq == past.first_bad,
    }


def _line(detail: Detail) -> dict[str, str]:
    return {"label": detail.label, "value": detail.value}


def _name(past: Past, place: Place, otherwise: str = "") -> str:
    """What people call an element, on one line."""
    return " ".join(words(past.name_of(place, otherwise)).split())


def _element(past: Past, step: CaseStep) -> str:
    """The element that a step is about, if it is about one."""
    entry = step.entry
    if entry.element_id is None:
        return ""
    return _name(past, (None, entry.element_id), entry.element_name or "")


def _no_data(past: Past) -> str:
    """Why nothing stands under what was written."""
    if past.erased:
        return _("The personal data of this case was erased.")
    if past.with_data:
        return _("No data was written.")
    return _("Your account sees the steps without the data.")


def _page_data(past: Past, seq: int) -> dict[str, Any]:
    """What the page's module works with."""
    return {
        "seq": seq,
        "steps": url_for(".steps", instance_id=past.instance_id),
        "diagrams": [
            {
                "key": drawing.version.key,
                "xml": url_for(
                    "processes.bpmn", key=drawing.version.key, version=drawing.version.number
                ),
                "ids": [*drawing.process.elements, *drawing.process.flows],
            }
            for drawing in past.drawings
        ],
        "texts": {
            "label": _("The diagram that ran, with marks where the case stood"),
            "token": _("The case stands here"),
            "play": _("Play"),
            "pause": _("Pause"),
            "none": _("No single step of the diagram"),
            "nothingOpen": _("Nowhere: the case has ended."),
            "noData": _no_data(past),
            "failed": _("The diagram could not be shown. The list of steps works without it."),
        },
    }
