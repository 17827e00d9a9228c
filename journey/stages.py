"""How far a cycle has come (journey.md 8), read off the forms that people completed; only *stable*
is found by the diagram's clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

LISTED = "listed"
CLOSED = "closed"
STABLE = "stable"

Next = Callable[[Mapping[str, Any]], str | None]


def _by(field: str, stages: Mapping[object, str]) -> Next:
    return lambda data: stages.get(data.get(field))


def _always(stage: str) -> Next:
    return lambda _data: stage


def _outcome(data: Mapping[str, Any]) -> str | None:
    if data.get("outcome_type") == "employed" and data.get("still_employed") is False:
        return "left_job"
    outcome = data.get("outcome_type")
    return outcome if outcome in ("employed", "referred_to_lms_almp", STABLE) else None


STAGE_AFTER: Mapping[str, Next] = {
    "contact_log": _by(
        "attempt_result",
        {
            "no_show": "no_show",
            "refused": "refused",
            "no_answer": "invited",
            "wrong_contact": "invited",
            "appointment_agreed": "invited",
            "interviewed_at_once": "invited",
        },
    ),
    "job_readiness_interview": _always("interview_1_done"),
    "lms_almp_screening_interview": _always("interview_2_done"),
    "individual_action_plan": _always("iap_agreed"),
    "provider_contact": _always("provider_contacted"),
    "referral_form": _always("referred"),
    "mol_acceptance": _by(
        "referral_decision", {"accepted": "in_mediation", "rejected": "rejected_by_provider"}
    ),
    "provider_acceptance": _by(
        "referral_decision",
        {
            "accepted": "in_service",
            "rejected": "rejected_by_provider",
            "client_no_show": "client_no_show_at_provider",
        },
    ),
    "mol_mediation": _by(
        "mediation_result",
        {"employed": "employed", "client_no_show": "client_no_show_at_provider"},
    ),
    "provider_feedback": _by(
        "service_result",
        {
            "employed": "employed",
            "ongoing_until": "referred_to_lms_almp",
            "client_no_show": "client_no_show_at_provider",
        },
    ),
    "follow_up_form": _outcome,
    "stable_follow_up": _always(STABLE),
    "retention_check": _by("still_employed", {True: "retained", False: "left_job"}),
}
"""Form → the stage that its answers lead to; None or no row leaves the stage as it is."""


def stage_after(form: str, data: Mapping[str, Any]) -> str | None:
    """The stage that a completed form leads to, or None when it changes nothing."""
    following = STAGE_AFTER.get(form)
    return None if following is None else following(data)


def grouped(group: str) -> str:
    """The stage of a recorded grouping."""
    return f"grouped_{group}"
