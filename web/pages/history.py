"""A case's past, stepped through on the diagram it ran; reading only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms import Field
from web.case_steps import CaseStep, Past, past_of, step_at, steps_of
from web.context import actor, engine
from web.formats import moment
from web.step_words import details_of, state_name, what, who
from web.texts import _

blueprint = Blueprint("history", __name__)

STEPS_AT_ONCE = 100


@blueprint.get("/cases/<instance_id>/history")
def show(instance_id: str) -> str:
    """The case after entry `seq` (the last one without), and every entry to choose from."""
    past = past_of(engine(), actor(), instance_id)
    last = len(past.entries)
    seq = request.args.get("seq", last, type=int)
    step = _shown(past, step_at(engine(), actor(), past, seq), past.questions(engine()))
    rows = [
        {
            "seq": entry.seq,
            "what": what(entry.kind),
            "element": entry.element_name or "",
            "when": moment(entry.at),
            "who": who(entry.actor),
        }
        for entry in past.entries
    ]
    return render_template(
        "history/show.html",
        past=past,
        rows=rows,
        step=step,
        seq=seq,
        last=last,
        data=_page_data(past, seq),
    )


@blueprint.get("/cases/<instance_id>/history.json")
def steps(instance_id: str) -> AnyResponse:
    """The steps after number `after`, for the slider."""
    past = past_of(engine(), actor(), instance_id)
    after = max(0, request.args.get("after", 0, type=int))
    found = steps_of(engine(), actor(), past, after, STEPS_AT_ONCE)
    more = after + len(found) < len(past.entries) and found
    follow = url_for(".steps", instance_id=instance_id, after=found[-1].entry.seq) if more else None
    asked = past.questions(engine())
    return jsonify(steps=[_shown(past, one, asked) for one in found], next=follow)


def _shown(past: Past, step: CaseStep, asked: Mapping[str, Field]) -> dict[str, Any]:
    """One step as both the page and its slider show it."""
    entry = step.entry
    state = str(getattr(entry, "header", {}).get("state", ""))
    tokens = dict.fromkeys(past.name_of(place) for place in step.active)
    lines = details_of(entry, asked, lambda id_: past.name_of((None, id_)))
    return {
        "seq": entry.seq,
        "when": moment(entry.at),
        "who": who(entry.actor),
        "what": what(entry.kind),
        "element": " ".join((entry.element_name or "").split()),
        "state": state_name(state),
        "active": step.active,
        "left": step.left,
        "flows": step.flows,
        "focus": step.focus,
        "tokens": list(tokens),
        "details": [{"label": line.label, "value": line.value} for line in lines],
    }


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
