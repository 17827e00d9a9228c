"""Typed projections of submitted forms: one row per submission, corrections as new versions.

The engine keeps every submission whole and sealed; these rows repeat in clear only what reports
and lists count, linked to the person by an id alone, and are deleted when the person is erased.
Free text (plans, reasons) is not repeated. `extra` takes fields that a form gained later.
`unit` is where the form was filled in, `branch` the NAF branch it counts for (tools.yaml PR6).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction
from journey.store import reading
from journey.store.cycles import cycle


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("latest", sa.Boolean, nullable=False),
        sa.Column("instance_id", sa.Text, nullable=False, index=True),
        sa.Column("person_id", sa.Text, nullable=False, index=True),
        sa.Column("unit", sa.Text),
        sa.Column("branch", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("conducted_at", Instant, nullable=False),
        sa.Column("entered_at", Instant, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("form_hash", sa.Text, nullable=False),
        *columns,
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Index(f"ix_{name}_branch_conducted_at", "branch", "conducted_at"),
    )


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean)


def _code(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, Instant)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer)


def _amount(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Numeric(10, 3, asdecimal=False))


def _codes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON)


contact_attempt = _table(
    "contact_attempt",
    _count("attempt_no"),
    _code("channel"),
    _code("attempt_result"),
    _moment("appointment_at"),
    _code("contact_decision"),
)

readiness_interview = _table(
    "readiness_interview",
    _code("channel"),
    _code("capture_mode"),
    _flag("can_start_within_week"),
    _flag("answered_without_hesitation"),
    _day("available_from"),
    _flag("can_commute_without_support"),
    _codes("transport_means"),
    _flag("accepts_minimum_wage"),
    _amount("expected_min_wage_jod"),
    _code("health_status"),
    _flag("has_occupation"),
    _code("occupation_code"),
    _count("experience_years"),
    _flag("has_daily_care_duty"),
    _flag("can_be_away_10h"),
)

screening_interview = _table(
    "screening_interview",
    _code("channel"),
    _code("capture_mode"),
    _flag("knows_labour_market_opportunities"),
    _flag("can_describe_career_goals"),
    _flag("needs_protected_work_experience"),
    _flag("has_occupation_screening"),
    _flag("can_run_own_business"),
    _flag("needs_commuting_financial_support"),
    _codes("services_accepted_by_client"),
    _flag("cooperation_refused"),
)

grouping_decision = _table(
    "grouping_decision",
    _code("readiness_result"),
    _code("result_override"),
    _code("proposed_group"),
    _code("client_group"),
    _code("group_c_reason"),
    _flag("cooperation_refused"),
    _flag("branch_head_confirmed"),
    _day("review_date"),
)

grouping = sa.Table(
    "grouping",
    metadata,
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("grouped_at", Instant, primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, index=True),
    sa.Column("branch", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("client_group", sa.Text, nullable=False),
    sa.Column("grouping_date", sa.Date, nullable=False),
    sa.Index("ix_grouping_branch_grouped_at", "branch", "grouped_at"),
)
"""Each time a case recorded a group with its date (001:L174-L175), however it was decided."""

stable_episode = sa.Table(
    "stable_episode",
    metadata,
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("stable_at", Instant, primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, index=True),
    sa.Column("branch", sa.Text),
    sa.Index("ix_stable_episode_branch_stable_at", "branch", "stable_at"),
)
"""Each time the diagram's clock found a case stable (001:L181). No form says so."""

action_plan = _table(
    "action_plan",
    _code("client_group"),
    _code("goal"),
    _code("destination"),
    _day("client_feedback_deadline"),
    _moment("next_appointment_at"),
    _flag("duties_rights_acknowledged"),
    _flag("sanctions_appeals_explained"),
    _moment("client_agreement_at"),
)

vacancy_check = _table(
    "vacancy_check",
    _code("vacancy_id"),
    _flag("employer_registered_ssc"),
    _flag("workplace_not_harmful"),
    _flag("employer_mobility_plan"),
    _flag("new_hires_registered_labour_law"),
    _flag("employer_no_mistreatment"),
    _amount("offered_wage_jod"),
    _code("checked_by_institution"),
    _code("vacancy_admissible"),
)

referral = _table(
    "referral",
    _day("issue_date"),
    _code("destination_name"),
    _code("destination_kind"),
    _code("destination_unit"),
    _code("intervention_type"),
    _day("provider_feedback_deadline"),
    _moment("provider_contacted_at"),
)

list_transfer = sa.Table(
    "list_transfer",
    metadata,
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, index=True),
    sa.Column("marked_at", Instant, nullable=False),
    sa.Column("marked_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
"""Cases whose referral was reconstructed: the person was sent by a list of names (000:L48), and
the individual form was made up for the record afterwards. Not a projection of a form."""

referral_answer = _table(
    "referral_answer",
    _code("referral_task_id"),
    _code("referral_decision"),
    _code("rejection_reason"),
)

overdue_action = _table(
    "overdue_action",
    _code("referral_task_id"),
    _code("overdue_action"),
    _day("extended_deadline"),
)
"""What a worker did about feedback that did not come (X8): the deadline may have been extended."""

follow_up = _table(
    "follow_up",
    _code("referral_task_id"),
    _day("feedback_date"),
    _code("feedback_source"),
    _code("outcome_type"),
    _amount("wage_level_jod"),
    _code("job_title"),
    _code("employer_name"),
    _code("service_type"),
    _amount("service_duration_weeks"),
    _code("service_result"),
    _code("stable_follow_up_task"),
    _day("employment_start_date"),
    _code("placement_route"),
    _code("ssc_registered"),
    _day("benefit_retention_until"),
    _flag("still_employed"),
    _day("leave_date"),
    _code("leave_reason"),
    _code("non_success_reason"),
)

visit = _table("visit", _day("visit_date"), _code("visit_place"), _code("visit_result"))

TABLES: tuple[sa.Table, ...] = (
    contact_attempt,
    readiness_interview,
    screening_interview,
    grouping_decision,
    action_plan,
    vacancy_check,
    referral,
    referral_answer,
    overdue_action,
    follow_up,
    visit,
)
COMMON = frozenset(
    {
        "task_id",
        "version",
        "latest",
        "instance_id",
        "person_id",
        "unit",
        "branch",
        "actor",
        "conducted_at",
        "entered_at",
        "form",
        "form_hash",
        "extra",
    }
)
"""Columns that every projection has; the others are fields of forms."""


def insert(tx: Transaction, table: sa.Table, row: Mapping[str, Any]) -> None:
    """Add one submission; the earlier versions of it stop being the latest."""
    if row["version"] > 1:
        tx.execute(table.update().where(table.c.task_id == row["task_id"]).values(latest=False))
    _inserting(table, frozenset(row)).run(tx, row)


@cache
def _inserting(table: sa.Table, columns: frozenset[str]) -> Statement:
    """One for each table and set of columns: a form leaves out what was not asked."""
    return Statement(table.insert().values({name: sa.bindparam(name) for name in sorted(columns)}))


def latest_referral(tx: Transaction, instance_id: str) -> Mapping[str, Any] | None:
    """The referral of a case that was issued last."""
    return _LATEST_REFERRAL.first(tx, {"instance_id": instance_id})


def record_grouping(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Add one recorded grouping. Of two at the same moment (a simulated clock stands still) the
    later one holds."""
    same = sa.and_(
        grouping.c.instance_id == row["instance_id"], grouping.c.grouped_at == row["grouped_at"]
    )
    tx.execute(grouping.delete().where(same))
    tx.execute(grouping.insert(), dict(row))


def record_stable(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Add one finding of the clock; the same moment again is the same finding."""
    known = sa.select(stable_episode.c.instance_id).where(
        stable_episode.c.instance_id == row["instance_id"],
        stable_episode.c.stable_at == row["stable_at"],
    )
    if tx.execute(known).first() is None:
        tx.execute(stable_episode.insert(), dict(row))


def mark_reconstructed(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Note that the referral of a case was reconstructed; a second note changes nothing."""
    known = sa.select(list_transfer.c.instance_id).where(
        list_transfer.c.instance_id == row["instance_id"]
    )
    if tx.execute(known).first() is None:
        tx.execute(list_transfer.insert(), dict(row))


def earlier_link(tx: Transaction, table: sa.Table, task_id: str) -> Mapping[str, Any] | None:
    """The first version of a submission, for a correction to keep its links."""
    query = sa.select(table).where(table.c.task_id == task_id, table.c.version == 1)
    return reading.first(tx, query)


def of_instance(tx: Transaction, table: sa.Table, instance_id: str) -> list[reading.Row]:
    """The latest rows of one case, oldest first."""
    query = sa.select(table).where(table.c.instance_id == instance_id, table.c.latest)
    return reading.every(tx, query.order_by(*_as_entered(table)))


def _as_entered(table: sa.Table) -> tuple[sa.ColumnElement[Any], ...]:
    """The order of one case's rows. At the same moment (a simulated clock stands still) the task
    opened later comes later: ids end in the case's own count, so that .9 goes before .10."""
    return (table.c.entered_at, sa.func.length(table.c.task_id), table.c.task_id)


_LATEST_REFERRAL = Statement(
    sa.select(referral)
    .where(referral.c.instance_id == sa.bindparam("instance_id"), referral.c.latest)
    .order_by(*(column.desc() for column in _as_entered(referral)))
    .limit(1)
)


def erase_person(tx: Transaction, person_id: str) -> None:
    """Delete every projection of a person."""
    for table in (*TABLES, grouping, stable_episode, list_transfer):
        tx.execute(table.delete().where(table.c.person_id == person_id))


def clear(tx: Transaction) -> None:
    """Delete every projection (before they are made again from the submissions)."""
    for table in (*TABLES, grouping, stable_episode):
        tx.execute(table.delete())


def snapshot(tx: Transaction) -> dict[str, list[dict[str, Any]]]:
    """Every row of every projection and cycle, sorted, to compare two states of them."""
    return {
        table.name: reading.every(tx, sa.select(table).order_by(*table.primary_key.columns))
        for table in (*TABLES, grouping, stable_episode, cycle)
    }
