"""Where a client stands on the journey, as one plain line of steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from journey.records import Cycle
from web.texts import lazy

_LABELS: Final = (
    lazy("Contact"),
    lazy("Interview"),
    lazy("Grouping"),
    lazy("Action plan"),
    lazy("Referral"),
    lazy("Service or mediation"),
    lazy("Outcome"),
)
CONTACT, INTERVIEW, GROUPING, PLAN, REFERRAL, SERVICE, OUTCOME = range(len(_LABELS))

_MEDIATION = lazy("Mediation")
_SERVICE = lazy("Service")
_CLOSED = lazy("Closed")

_BY_STAGE: Final[Mapping[str, int]] = {
    "listed": CONTACT,
    "invited": CONTACT,
    "no_show": CONTACT,
    "refused": CONTACT,
    "interview_1_done": GROUPING,
    "interview_2_done": GROUPING,
    "grouped_postponed": GROUPING,
    "grouped_A": PLAN,
    "grouped_B": PLAN,
    "grouped_C": GROUPING,
    "iap_agreed": REFERRAL,
    "provider_contacted": REFERRAL,
    "referred": REFERRAL,
    "rejected_by_provider": REFERRAL,
    "client_no_show_at_provider": REFERRAL,
    "in_mediation": SERVICE,
    "in_service": SERVICE,
    "employed": OUTCOME,
    "referred_to_lms_almp": OUTCOME,
    "stable": OUTCOME,
    "retained": OUTCOME,
    "left_job": OUTCOME,
}
"""Stage of a cycle → the step that is worked on."""

_BY_ELEMENT: Final[Mapping[str, int]] = {
    "contact_client": CONTACT,
    "contact_review": CONTACT,
    "readiness_interview": INTERVIEW,
    "record_no_show": INTERVIEW,
    "readiness_decision": INTERVIEW,
    "screening_interview": INTERVIEW,
    "grouping_decision": GROUPING,
    "confirm_group_c": GROUPING,
    "agree_action_plan": PLAN,
    "sharing_refused": REFERRAL,
    "contact_provider": REFERRAL,
    "issue_referral": REFERRAL,
    "mol_accept": REFERRAL,
    "provider_accept": REFERRAL,
    "mol_mediate": SERVICE,
    "check_vacancy": SERVICE,
    "provider_feedback": SERVICE,
    "record_outcome_reported": OUTCOME,
    "retention_check": OUTCOME,
    "left_job": OUTCOME,
    "service_end": OUTCOME,
    "service_end_by_worker": OUTCOME,
    "stable_follow_up": OUTCOME,
    "stable_review": OUTCOME,
}
"""Open task → its step: an open task says it more exactly than the stage, which changes only when a
form is handed in."""


@dataclass(frozen=True)
class StageStep:
    """One step of the line; `state` is `done`, `here` or `ahead`."""

    label: str
    state: str


def stage_line(
    stage: str | None, group: str | None = None, elements: Collection[str] = ()
) -> tuple[StageStep, ...]:
    """The line of a cycle at `stage`, grouped `group`, whose open tasks are at `elements`.

    Nothing is known about a case without a stage and without a known open task: no line.
    """
    labels = list(_LABELS)
    if group in ("A", "B"):
        labels[SERVICE] = _MEDIATION if group == "A" else _SERVICE
    if stage == "closed":
        return _closed(labels, group)
    known = [_BY_ELEMENT[element] for element in elements if element in _BY_ELEMENT]
    place = max(known, default=_BY_STAGE.get(stage or ""))
    if place is None:
        return ()
    if group == "C" and place <= GROUPING:
        labels = labels[: GROUPING + 1]
    return tuple(
        StageStep(label, "done" if i < place else "here" if i == place else "ahead")
        for i, label in enumerate(labels)
    )


def line_of_cycle(cycle: Cycle | None, elements: Collection[str] = ()) -> tuple[StageStep, ...]:
    """The line of a cycle; nothing for a case that is none."""
    if cycle is None:
        return ()
    return stage_line(cycle.stage, cycle.client_group, elements)


def _closed(labels: list[str], group: str | None) -> tuple[StageStep, ...]:
    """A closed cycle went through all steps of its group; without a group it ended at contact."""
    if group in ("A", "B"):
        walked = labels
    else:
        walked = labels[: GROUPING + 1] if group == "C" else labels[: CONTACT + 1]
    return tuple(StageStep(label, "done") for label in [*walked, _CLOSED])
