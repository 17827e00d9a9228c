"""Referrals issued in the period, each with what became of it: the follow-up loop."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from journey.store.projections import (
    follow_up,
    overdue_action,
    referral,
    referral_answer,
    stable_episode,
)
from journey.store.reports.days import days_between
from journey.store.reports.people import OUTCOME_FORM, PARTNER_SOURCES, Condition, Rows
from journey.store.reports.scope import Scope, at_place, during, in_scope, own_cases

IN_TIME, LATE, DECLINED = "in_time", "late", "declined"
KNOWN_OTHERWISE, OVERDUE, WAITING = "known_otherwise", "overdue", "waiting"
STATES = (IN_TIME, LATE, DECLINED, KNOWN_OTHERWISE, OVERDUE, WAITING)
"""Every referral is in exactly one of these."""


def _per_referral(table: sa.Table, value: sa.ColumnElement[Any], *conditions: Any) -> sa.Subquery:
    key = table.c.referral_task_id
    query = sa.select(key, value.label("value")).where(table.c.latest, key.is_not(None))
    return query.where(*conditions).group_by(key).subquery()


def _issued(scope: Scope) -> sa.Subquery:
    """One row a referral."""
    sent = referral
    answer = _per_referral(referral_answer, sa.func.max(referral_answer.c.referral_decision))
    told = _per_referral(
        follow_up,
        sa.func.min(follow_up.c.feedback_date),
        follow_up.c.feedback_source.in_(PARTNER_SOURCES),
        follow_up.c.form != "retention_check",
    )
    result = _per_referral(
        follow_up,
        sa.func.max(follow_up.c.service_result),
        follow_up.c.service_result.is_not(None),
    )
    weeks = _per_referral(
        follow_up,
        sa.func.max(follow_up.c.service_duration_weeks),
        follow_up.c.service_duration_weeks.is_not(None),
    )
    found = _per_referral(
        follow_up,
        sa.func.min(follow_up.c.outcome_type),
        follow_up.c.form == OUTCOME_FORM,
        follow_up.c.outcome_type.in_(("employed", "referred_to_lms_almp")),
    )
    longer = _per_referral(overdue_action, sa.func.max(overdue_action.c.extended_deadline))
    deadline = sa.case(
        (longer.c.value > sent.c.provider_feedback_deadline, longer.c.value),
        else_=sent.c.provider_feedback_deadline,
    )
    state = sa.case(
        (told.c.value > deadline, LATE),
        (told.c.referral_task_id.is_not(None), IN_TIME),
        (answer.c.value.in_(("rejected", "client_no_show")), DECLINED),
        (found.c.value.is_not(None), KNOWN_OTHERWISE),
        (deadline < scope.today, OVERDUE),
        else_=WAITING,
    )
    query = sa.select(
        sent.c.task_id.label("counted"),
        sent.c.instance_id,
        sent.c.person_id,
        sent.c.branch,
        sent.c.destination_kind,
        sent.c.destination_unit,
        sent.c.intervention_type,
        sent.c.issue_date,
        state.label("state"),
        answer.c.value.label("decision"),
        told.c.value.label("feedback_day"),
        found.c.value.label("outcome"),
        result.c.value.label("service_result"),
        weeks.c.value.label("weeks"),
        days_between(sent.c.issue_date, told.c.value).label("days"),
    ).select_from(sent)
    for other in (answer, told, result, weeks, found, longer):
        query = query.outerjoin(other, other.c.referral_task_id == sent.c.task_id)
    return query.where(*in_scope(sent, scope)).subquery()


def issued(scope: Scope) -> Rows:
    """Referrals with an individual form (reports.md I3). For a partner only those sent to the own
    office."""
    rows = _issued(scope)
    query = sa.select(rows)
    if scope.referred_to is not None:
        query = query.where(rows.c.destination_unit.in_(scope.referred_to))
    return query


def with_value(column: str, *wanted: str) -> Condition:
    """Those of which a column has one of these values."""
    return lambda rows: rows.c[column].in_(wanted)


def persons_referred(scope: Scope) -> Rows:
    """The people of the referrals."""
    rows = issued(scope).subquery()
    others = [column for column in rows.c if column.name != "counted"]
    return sa.select(rows.c.person_id.label("counted"), *others)


def answer_days(scope: Scope) -> Rows:
    """Days from issue to the partner's feedback (`value`)."""
    rows = issued(scope).subquery()
    return sa.select(rows, rows.c.days.label("value")).where(
        rows.c.days.is_not(None), rows.c.state.in_((IN_TIME, LATE))
    )


def service_weeks(scope: Scope) -> Rows:
    """Weeks that the service takes, as the provider said (`value`)."""
    rows = issued(scope).subquery()
    return sa.select(rows, rows.c.weeks.label("value")).where(rows.c.weeks.is_not(None))


def stable(scope: Scope) -> Rows:
    """Cases that the clock found stable in the period."""
    found = stable_episode
    conditions = at_place(scope, found.c.branch, found.c.instance_id)
    conditions += during(scope, found.c.stable_at) + own_cases(scope, found.c.instance_id)
    return sa.select(
        found.c.instance_id.label("counted"),
        found.c.instance_id,
        found.c.branch,
        found.c.stable_at,
    ).where(*conditions)


def stable_followed(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those whose stable case's form a worker has filled in since."""
    return sa.exists().where(
        follow_up.c.instance_id == rows.c.instance_id,
        follow_up.c.form == "stable_follow_up",
        follow_up.c.latest,
        follow_up.c.conducted_at >= rows.c.stable_at,
    )


def stable_again(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those for which it was not the first time."""
    earlier = stable_episode.alias("earlier")
    return sa.exists().where(
        earlier.c.instance_id == rows.c.instance_id, earlier.c.stable_at < rows.c.stable_at
    )
