"""Vacancies and their checks, and what clients need against what the catalogue offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from journey.store.cycles import cycle
from journey.store.projections import readiness_interview, vacancy_check
from journey.store.registry import catalogue_entry, vacancy
from journey.store.reports.dimensions import listed
from journey.store.reports.people import Condition, Rows
from journey.store.reports.scope import Scope, in_scope

CRITERIA = (
    "employer_registered_ssc",
    "workplace_not_harmful",
    "employer_mobility_plan",
    "new_hires_registered_labour_law",
    "employer_no_mistreatment",
)
_NONE = sa.cast(sa.null(), sa.Text)
NOT_REGISTERED = "-"
"""Stands before the task's id where the checked vacancy is in no list of vacancies."""


def checks(scope: Scope) -> Rows:
    """Vacancies checked in the period."""
    table = vacancy_check
    name = sa.func.coalesce(table.c.vacancy_id, sa.literal(NOT_REGISTERED) + table.c.task_id)
    return (
        sa.select(
            name.label("counted"),
            table.c.instance_id,
            table.c.branch,
            sa.func.coalesce(table.c.checked_by_institution, "not_known").label("institution"),
            table.c.vacancy_admissible,
            table.c.offered_wage_jod,
            cycle.c.minimum_wage_jod,
            *(table.c[name] for name in CRITERIA),
        )
        .join(cycle, cycle.c.instance_id == table.c.instance_id)
        .where(*in_scope(table, scope))
    )


def found(result: str) -> Condition:
    """Those with this result of the check."""
    return lambda rows: rows.c.vacancy_admissible == result


def at_minimum(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those that offer the minimum wage."""
    return rows.c.offered_wage_jod == rows.c.minimum_wage_jod


def failures(scope: Scope) -> Rows:
    """Vacancies checked in the period, once for each criterion that they fail."""
    rows = checks(scope).cte("checks")
    failed = sa.union_all(
        *(
            sa.select(
                rows.c.counted, rows.c.instance_id, rows.c.branch, sa.literal(name).label("why")
            ).where(rows.c[name].is_(False))
            for name in CRITERIA
        )
    ).subquery()
    return sa.select(failed)


def vacancies(scope: Scope) -> Rows:
    """Vacancies on the list on the day of the report, by employment office."""
    table = vacancy
    query = sa.select(
        table.c.id.label("counted"),
        _NONE.label("instance_id"),
        _NONE.label("branch"),
        table.c.mol_unit.label("office"),
        table.c.age_requirement,
        table.c.check_valid_until,
    ).where(
        table.c.valid_from <= scope.today,
        sa.or_(table.c.valid_to.is_(None), table.c.valid_to >= scope.today),
    )
    if scope.referred_to is not None:
        query = query.where(table.c.mol_unit.in_(scope.referred_to))
    return query


def with_age(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those whose employer asks for an age."""
    return sa.and_(rows.c.age_requirement.is_not(None), rows.c.age_requirement != "")


def with_valid_check(scope: Scope) -> Condition:
    """Those with a quality check that still holds."""
    return lambda rows: rows.c.check_valid_until >= scope.today


def _offers(scope: Scope, codes: Sequence[str]) -> tuple[sa.Subquery, list[Any]]:
    entry = catalogue_entry
    known, holds = listed(codes, entry.c.suggested_service_codes)
    return known, [
        holds,
        entry.c.entry_status == "active",
        entry.c.valid_from <= scope.today,
        sa.or_(entry.c.valid_to.is_(None), entry.c.valid_to >= scope.today),
    ]


def needs(
    scope: Scope, codes: Sequence[str], *, accepted: bool = False, unserved: bool = False
) -> Rows:
    """People interviewed in the period, once for each service that the rule suggested;
    `accepted`: that the client accepted; `unserved`: that nothing in the catalogue offers at the
    branch."""
    table = readiness_interview
    column = cycle.c.services_accepted if accepted else cycle.c.suggested_services
    known, holds = listed(codes, column)
    query = (
        sa.select(
            table.c.person_id.label("counted"),
            table.c.instance_id,
            table.c.branch,
            known.c.code.label("service"),
        )
        .join(cycle, cycle.c.instance_id == table.c.instance_id)
        .join(known, holds)
        .where(*in_scope(table, scope))
    )
    if unserved:
        query = query.where(sa.tuple_(table.c.branch, known.c.code).not_in(_served(scope, codes)))
    return query


def _served(scope: Scope, codes: Sequence[str]) -> Rows:
    """The branches where somebody was interviewed, each with the services that the catalogue
    offers there: looked up once, not for each person."""
    entry = catalogue_entry
    offered, conditions = _offers(scope, codes)
    interviewed = readiness_interview.c.branch
    branches = sa.select(interviewed).where(interviewed.is_not(None)).distinct().subquery()
    sites = sa.cast(entry.c.sites, sa.Text)
    site = sa.func.replace(branches.c.branch, "naf:", "")
    here = sa.or_(sites == "[]", sites.like(sa.literal('%"') + site + sa.literal('"%')))
    return (
        sa.select(branches.c.branch, offered.c.code)
        .select_from(entry.join(offered, conditions[0]).join(branches, here))
        .where(*conditions[1:])
    )


def unmet(scope: Scope) -> Rows:
    """People interviewed in the period for whom a need was written down that nothing serves."""
    table = readiness_interview
    return (
        sa.select(table.c.person_id.label("counted"), table.c.instance_id, table.c.branch)
        .join(cycle, cycle.c.instance_id == table.c.instance_id)
        .where(*in_scope(table, scope), cycle.c.unmet_need.is_(True))
    )


def entries(scope: Scope, codes: Sequence[str]) -> Rows:
    """Active entries of the catalogue, once for each service they offer; `value` is how many
    people one intake takes."""
    entry = catalogue_entry
    known, conditions = _offers(scope, codes)
    return (
        sa.select(
            entry.c.id.label("counted"),
            _NONE.label("instance_id"),
            _NONE.label("branch"),
            known.c.code.label("service"),
            entry.c.capacity_per_intake.label("value"),
        )
        .join(known, conditions[0])
        .where(*conditions[1:])
    )
