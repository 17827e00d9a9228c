"""Which form fills which typed table, and how its fields become columns.

A form that is not listed has no table of its own: the engine keeps it whole, and nothing counts it
yet. Its name is all that the journey needs to know; fields are found by the columns' names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from engine.store.schema import Instant
from journey import fields
from journey.fields import Reader, Unfit
from journey.store import projections as rows

Derive = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def _nothing(_data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Projection:
    """How one form is projected.

    `conducted` names the field that says when it happened (else when it was entered), `renamed`
    maps columns to fields of another name, `private` are free texts that are not repeated, and
    `derive` gives columns that follow from several fields.
    """

    table: sa.Table
    conducted: str = "conducted_at"
    renamed: Mapping[str, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    derive: Derive = _nothing


def _mediation(data: Mapping[str, Any]) -> Mapping[str, Any]:
    result = data.get("mediation_result")
    reason = "client_no_show" if result == "client_no_show" else data.get("not_placed_reason")
    return {
        "feedback_source": "mol",
        "outcome_type": "employed" if result == "employed" else None,
        "non_success_reason": reason,
    }


def _service(data: Mapping[str, Any]) -> Mapping[str, Any]:
    outcomes = {"employed": "employed", "ongoing_until": "referred_to_lms_almp"}
    result = data.get("service_result")
    return {
        "feedback_source": "provider",
        "outcome_type": outcomes.get(result) if isinstance(result, str) else None,
        "non_success_reason": "client_no_show" if result == "client_no_show" else None,
    }


def _private(names: str) -> frozenset[str]:
    return frozenset(names.split())


PROJECTIONS: Mapping[str, Projection] = {
    "contact_log": Projection(
        rows.contact_attempt, "attempted_at", private=_private("refusal_reason contact_note")
    ),
    "contact_review": Projection(rows.contact_attempt, private=_private("contact_decision_reason")),
    "job_readiness_interview": Projection(
        rows.readiness_interview, private=_private("occupation_description care_dependants")
    ),
    "lms_almp_screening_interview": Projection(
        rows.screening_interview, private=_private("unmet_need")
    ),
    "readiness_decision": Projection(
        rows.grouping_decision, private=_private("result_override_reason readiness_reasons")
    ),
    "grouping_decision": Projection(
        rows.grouping_decision,
        private=_private("group_override_reason grouping_reasons unmet_need"),
    ),
    "group_c_confirmation": Projection(
        rows.grouping_decision, private=_private("confirmation_note group_override_reason")
    ),
    "individual_action_plan": Projection(
        rows.action_plan,
        "client_agreement_at",
        private=_private("assessment_summary client_goals_text steps"),
    ),
    "vacancy_quality_check": Projection(rows.vacancy_check, private=_private("criterion_evidence")),
    "referral_form": Projection(
        rows.referral,
        "issue_date",
        private=_private("intervention_other deadline_reason destination_address"),
    ),
    "mol_acceptance": Projection(rows.referral_answer, private=_private("acceptance_note")),
    "provider_acceptance": Projection(rows.referral_answer, private=_private("acceptance_note")),
    "overdue_feedback": Projection(
        rows.overdue_action, private=_private("extension_reason overdue_note")
    ),
    "mol_mediation": Projection(
        rows.follow_up, "feedback_date", private=_private("feedback_note"), derive=_mediation
    ),
    "provider_feedback": Projection(
        rows.follow_up,
        "feedback_date",
        private=_private("feedback_note actual_result expected_result"),
        derive=_service,
    ),
    "follow_up_form": Projection(
        rows.follow_up, "feedback_date", private=_private("expected_result")
    ),
    "stable_follow_up": Projection(rows.follow_up, private=_private("stable_note")),
    "retention_check": Projection(
        rows.follow_up,
        "retention_check_date",
        renamed={"feedback_date": "retention_check_date", "wage_level_jod": "current_wage_jod"},
        private=_private("retention_note"),
    ),
    "follow_up_visit": Projection(
        rows.visit, "visit_date", private=_private("visit_result visit_place_name")
    ),
}


def columns(projection: Projection, data: Mapping[str, Any]) -> dict[str, Any]:
    """The typed columns of a submission, and under `extra` what has none.

    A value that does not fit its column (the form changed) goes to `extra` as it is.
    """
    table, derived = projection.table, projection.derive(data)
    values: dict[str, Any] = {}
    used: set[str] = set()
    for column in table.columns:
        if column.name in rows.COMMON:
            continue
        if column.name in derived:
            values[column.name] = derived[column.name]
            continue
        name = projection.renamed.get(column.name, column.name)
        values[column.name] = None
        if data.get(name) is None:
            continue
        try:
            values[column.name] = _reader(column)(data[name])
            used.add(name)
        except Unfit:
            continue
    left = set(data) - used - projection.private - {projection.conducted}
    values["extra"] = {name: data[name] for name in sorted(left) if data[name] is not None}
    return values


def _reader(column: sa.Column[Any]) -> Reader:
    for kind, reader in (
        (Instant, fields.moment),
        (sa.Boolean, fields.flag),
        (sa.Date, fields.day),
        (sa.Integer, fields.count),
        (sa.Numeric, fields.amount),
        (sa.JSON, fields.codes),
    ):
        if isinstance(column.type, kind):
            return reader
    return fields.code
