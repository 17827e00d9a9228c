"""What came of it: results of the grouped cases, employment, wages, retention."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from journey.store.cycles import cycle
from journey.store.projections import follow_up, grouping, readiness_interview, stable_episode
from journey.store.reports import people
from journey.store.reports.days import days_between
from journey.store.reports.people import OUTCOME_FORM, Condition, Rows
from journey.store.reports.scope import Scope, in_scope, own_cases

EMPLOYED, SERVICE, STABLE, NOTHING_YET = "employed", "service", "stable", "nothing_yet"
NOT_KNOWN = "not_known"
CHECKS = (1, 7, 30, 90)
"""Days after the start of a job at which retention is looked at (tools.yaml, T12; R12)."""
ENDING_WITHIN = timedelta(days=60)


def grouped_cases(scope: Scope) -> Rows:
    """Cases grouped in the period by their last grouping in it, each with its one result."""
    table = grouping
    place = sa.func.row_number().over(
        partition_by=table.c.instance_id, order_by=table.c.grouped_at.desc()
    )
    ranked = (
        sa.select(table, place.label("place")).where(*in_scope(table, scope)).subquery("ranked")
    )
    result = sa.case(
        (ranked.c.instance_id.in_(_with_outcome("employed")), EMPLOYED),
        (ranked.c.instance_id.in_(_with_outcome("referred_to_lms_almp")), SERVICE),
        (ranked.c.instance_id.in_(sa.select(stable_episode.c.instance_id)), STABLE),
        else_=NOTHING_YET,
    )
    return sa.select(
        ranked.c.instance_id.label("counted"),
        ranked.c.instance_id,
        ranked.c.branch,
        ranked.c.client_group,
        result.label("result"),
    ).where(ranked.c.place == 1)


def employed_net(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Of the grouped cases those employed and not known to have left."""
    always = Scope(None, None, None, None)
    return sa.and_(rows.c.result == EMPLOYED, rows.c.instance_id.not_in(people.left_cases(always)))


def _with_outcome(outcome: str) -> Rows:
    return sa.select(follow_up.c.instance_id).where(
        follow_up.c.latest,
        follow_up.c.form == OUTCOME_FORM,
        follow_up.c.outcome_type == outcome,
    )


def _placements(scope: Scope) -> sa.Subquery:
    """Each case found employed in the period, as it was recorded last."""
    table = follow_up
    place = sa.func.row_number().over(
        partition_by=table.c.instance_id,
        order_by=[table.c.conducted_at.desc(), table.c.entered_at.desc(), table.c.task_id.desc()],
    )
    conditions = [
        *in_scope(table, scope, actors=False),
        *own_cases(scope, table.c.instance_id),
        table.c.form == OUTCOME_FORM,
        table.c.outcome_type == "employed",
    ]
    ranked = sa.select(table, place.label("place")).where(*conditions).subquery("placements")
    wage, floor = ranked.c.wage_level_jod, cycle.c.minimum_wage_jod
    band = sa.case(
        (sa.or_(wage.is_(None), floor.is_(None)), None),
        (wage < floor, "below_minimum"),
        (wage == floor, "at_minimum"),
        (wage < 300, "below_300"),
        (wage <= 400, "300_to_400"),
        else_="above_400",
    )
    return (
        sa.select(
            ranked.c.instance_id.label("counted"),
            ranked.c.instance_id,
            ranked.c.branch,
            ranked.c.employer_name,
            ranked.c.job_title,
            ranked.c.placement_route,
            sa.func.coalesce(ranked.c.ssc_registered, NOT_KNOWN).label("ssc_registered"),
            ranked.c.conducted_at,
            ranked.c.benefit_retention_until,
            sa.func.coalesce(ranked.c.employment_start_date, ranked.c.feedback_date).label("start"),
            ranked.c.wage_level_jod.label("value"),
            band.label("wage_band"),
        )
        .join(cycle, cycle.c.instance_id == ranked.c.instance_id)
        .where(ranked.c.place == 1)
        .subquery("employed")
    )


def employed(scope: Scope) -> Rows:
    """Cases found employed in the period; `value` is the wage."""
    return sa.select(_placements(scope))


def not_left(scope: Scope) -> Condition:
    """Those of the employed who are not known to have left."""
    return lambda rows: rows.c.instance_id.not_in(people.left_cases(scope))


def benefits_ending(scope: Scope) -> Rows:
    """The employed whose assistance ends in the next 60 days, whenever they were employed."""
    always = Scope(None, None, None, None, scope.branches, scope.actor, scope.referred_to)
    rows = _placements(always)
    assert scope.today is not None  # noqa: S101  every report has its day
    return sa.select(rows).where(
        rows.c.benefit_retention_until.between(scope.today, scope.today + ENDING_WITHIN)
    )


def hired_again(scope: Scope) -> Condition:
    """Those of the employed whose employer had taken on another client one to three months
    before."""
    rows = _placements(scope)
    # One row per employer and day, so that two long lists of people are never compared.
    hired = (
        sa.select(
            follow_up.c.employer_name,
            follow_up.c.employment_start_date.label("day"),
            sa.func.min(follow_up.c.instance_id).label("one"),
            sa.func.max(follow_up.c.instance_id).label("another"),
        )
        .where(
            follow_up.c.latest,
            follow_up.c.form == OUTCOME_FORM,
            follow_up.c.outcome_type == "employed",
        )
        .group_by(follow_up.c.employer_name, follow_up.c.employment_start_date)
        .subquery("hired")
    )
    again = (
        sa.select(rows.c.instance_id)
        .join(hired, hired.c.employer_name == rows.c.employer_name)
        .where(
            days_between(hired.c.day, rows.c.start).between(30, 92),
            sa.or_(hired.c.one != rows.c.instance_id, hired.c.another != rows.c.instance_id),
        )
    )
    return lambda employed: employed.c.instance_id.in_(again)


def retention(scope: Scope) -> Rows:
    """The employed, with the day they left and the last day they were seen at work."""
    rows = _placements(scope)
    after = follow_up.alias("after")

    def of_case(value: sa.ColumnElement[Any], *conditions: Any) -> sa.ColumnElement[Any]:
        found = sa.select(value).where(
            after.c.instance_id == rows.c.instance_id,
            after.c.latest,
            after.c.conducted_at >= rows.c.conducted_at,
            *conditions,
        )
        return found.scalar_subquery()

    left = of_case(
        sa.func.min(sa.func.coalesce(after.c.leave_date, after.c.feedback_date)),
        after.c.still_employed.is_(False),
    )
    seen = of_case(
        sa.func.max(after.c.feedback_date),
        after.c.still_employed.is_(True),
        after.c.form == "retention_check",
    )
    facts = sa.select(rows, left.label("left_day"), seen.label("seen_day")).subquery("facts")
    return sa.select(
        facts,
        days_between(facts.c.start, facts.c.left_day).label("left_after"),
        days_between(facts.c.start, facts.c.seen_day).label("seen_after"),
        days_between(facts.c.start, sa.literal(scope.today, sa.Date)).label("days_ago"),
    )


def at_work(day: int, *, known: bool = False) -> Condition:
    """Those still at work `day` days after they started; `known`: of whom it is known whether.
    Who left on that day had left."""

    def condition(rows: sa.Subquery) -> sa.ColumnElement[bool]:
        gone = sa.func.coalesce(rows.c.left_after <= day, sa.false())
        stayed = sa.and_(~gone, sa.or_(rows.c.left_after > day, rows.c.seen_after >= day))
        # Before the day has come only those who left are known: they alone make a false rate.
        return sa.and_(rows.c.days_ago >= day, sa.or_(gone, stayed) if known else stayed)

    return condition


def left_jobs(scope: Scope) -> Rows:
    """Cases that left the job, by reason, as it was found in the period."""
    table = follow_up
    return sa.select(
        table.c.instance_id.label("counted"),
        table.c.instance_id,
        table.c.branch,
        table.c.leave_reason,
    ).where(
        *in_scope(table, scope, actors=False),
        *own_cases(scope, table.c.instance_id),
        table.c.still_employed.is_(False),
    )


def wage_wishes(scope: Scope) -> Rows:
    """People interviewed, by the wage they ask for against the minimum; `value` is the gap of
    those who ask for more."""
    table = readiness_interview
    wanted, floor = table.c.expected_min_wage_jod, cycle.c.minimum_wage_jod
    gap = wanted - floor
    band = sa.case(
        (table.c.accepts_minimum_wage.is_(True), "accepts_minimum"),
        (sa.or_(wanted.is_(None), floor.is_(None)), "not_said"),
        (gap <= 0, "accepts_minimum"),
        (gap <= 40, "gap_to_40"),
        (gap <= 80, "gap_to_80"),
        (gap <= 180, "gap_to_180"),
        else_="gap_above_180",
    )
    return (
        sa.select(
            table.c.person_id.label("counted"),
            table.c.instance_id,
            table.c.branch,
            table.c.accepts_minimum_wage,
            band.label("wage_gap"),
            sa.case((gap > 0, gap)).label("value"),
        )
        .join(cycle, cycle.c.instance_id == table.c.instance_id)
        .where(*in_scope(table, scope))
    )


def accepts_minimum(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those who would take the minimum wage."""
    return rows.c.accepts_minimum_wage.is_(True)
