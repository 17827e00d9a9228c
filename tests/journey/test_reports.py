"""The office table: what is counted, when, for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.records import Actor, InstanceState, Role
from journey.reports import OfficeRow, OfficeTable
from tests.journey.conftest import (
    AUDITOR,
    COORDINATOR,
    HEAD_IRBID,
    IRBID,
    MOL_IRBID,
    OWNER,
    ZARQA,
    Product,
    actor,
)
from tests.journey.outcomes import NOON, Case


def contact(case: Case, result: str = "interviewed_at_once") -> None:
    """One logged attempt."""
    case.submit(
        "contact_log",
        {"attempted_at": case.at.isoformat(), "channel": "phone", "attempt_result": result},
    )


def interview(case: Case) -> None:
    """A readiness interview."""
    case.submit("job_readiness_interview", {"conducted_at": case.at.isoformat()})


def refer(case: Case) -> None:
    """A referral to the employment office."""
    day = case.at.date().isoformat()
    case.submit("referral_form", {"issue_date": day}, referral_unit="mol:irbid")


def place(case: Case, route: str) -> None:
    """An employment."""
    case.submit(
        "follow_up_form",
        {
            "feedback_date": case.at.date().isoformat(),
            "feedback_source": "visit",
            "outcome_type": "employed",
            "placement_route": route,
            "still_employed": True,
        },
    )


def row(table: OfficeTable, office: str) -> OfficeRow:
    """The row of an office."""
    return next(row for row in table.rows if row.office == office)


def person(product: Product, number: int, unit: str = "naf:irbid") -> Case:
    """A person with an open journey."""
    who = IRBID if unit == "naf:irbid" else ZARQA
    made = product.person(number, who=who)
    return Case.open(product, made.id, number=number, unit=unit)


def test_every_logged_attempt_counts_a_person_once(product: Product) -> None:
    case = person(product, 1)
    contact(case, "no_answer")
    contact(case, "refused")
    found = row(product.journey.reports.office_table(COORDINATOR), "irbid")
    assert (found.contacted, found.readiness_interviews) == (1, 0)


def test_the_branch_heads_review_is_no_contact(product: Product) -> None:
    case = person(product, 1)
    case.submit("contact_review", {"contact_decision": "try_again"})
    assert row(product.journey.reports.office_table(COORDINATOR), "total").contacted == 0


def test_a_person_counts_in_the_last_group_of_the_period(product: Product) -> None:
    case = person(product, 1)
    case.group("B")
    case.at += timedelta(days=30)
    case.group("A")
    reports = product.journey.reports
    now = row(reports.office_table(COORDINATOR), "irbid")
    assert (now.group_a, now.group_b) == (1, 0)
    before = row(reports.office_table(COORDINATOR, None, date(2026, 1, 20)), "irbid")
    assert (before.group_a, before.group_b) == (0, 1)


def test_days_are_days_in_amman_and_both_ends_count(product: Product) -> None:
    case = person(product, 1)
    case.at = datetime(2026, 1, 5, 21, 30, tzinfo=UTC)  # 00:30 on the 6th in Amman
    interview(case)
    reports = product.journey.reports
    for first, last, count in (
        (date(2026, 1, 6), date(2026, 1, 6), 1),
        (date(2026, 1, 5), date(2026, 1, 5), 0),
        (date(2026, 1, 7), None, 0),
        (None, None, 1),
    ):
        table = reports.office_table(COORDINATOR, first, last)
        assert row(table, "total").readiness_interviews == count
    with pytest.raises(Invalid):
        reports.office_table(COORDINATOR, date(2026, 1, 7), date(2026, 1, 6))


def test_a_period_may_be_as_long_as_the_calendar(product: Product) -> None:
    contact(person(product, 1))
    table = product.journey.reports.office_table(AUDITOR, date.min, date.max)
    assert row(table, "total").contacted == 1
    assert (table.first_day, table.last_day) == (date.min, date.max)


def test_the_total_counts_a_person_of_two_branches_once(product: Product) -> None:
    case = person(product, 1)
    interview(case)
    case.end(InstanceState.COMPLETED, closure_reason="retained")
    again = Case.open(product, case.person_id, number=2, cycle_no=2, unit="naf:zarqa")
    interview(again)
    table = product.journey.reports.office_table(COORDINATOR)
    counts = {found.office: found.readiness_interviews for found in table.rows}
    assert counts == {"irbid": 1, "zarqa": 1, "east_amman": 0, "total": 1}


def test_a_correction_moves_what_is_counted(product: Product) -> None:
    case = person(product, 1)
    made = case.submit(
        "follow_up_form",
        {"feedback_source": "client", "outcome_type": "employed", "placement_route": "own_search"},
    )
    case.correct(made, {"feedback_source": "client", "outcome_type": "stable"})
    assert row(product.journey.reports.office_table(COORDINATOR), "irbid").followup_info == 0


def test_direct_placement_and_referral_are_two_facts(product: Product) -> None:
    listed, direct, waiting = (person(product, number) for number in (1, 2, 3))
    for case in (listed, direct, waiting):
        contact(case)
        interview(case)
        case.group("A")
    for case in (listed, direct):
        refer(case)
        product.journey.referrals.mark_reconstructed(IRBID, case.instance.id, "a list")
    place(direct, "naf_direct_to_employer")
    table = product.journey.reports.office_table(COORDINATOR)
    found = row(table, "irbid")
    assert (found.group_a, found.group_a_referred, found.group_a_direct_placement) == (3, 2, 1)
    assert found.followup_info == 1
    assert (table.printed["irbid"], table.printed["total"]) == ("1*/2**", "2")
    assert [note.mark for note in table.footnotes] == ["*", "**"]
    rates = {(rate.name, rate.office): rate for rate in table.rates}
    waiting_rate = rates["group_a_waiting", "irbid"]
    assert (waiting_rate.numerator, waiting_rate.denominator, waiting_rate.percent) == (1, 3, 33.3)
    assert rates["loop_closed_by_partner", "total"].numerator == 0
    assert rates["group_b_referred", "irbid"].percent is None


def test_without_the_facts_there_are_no_footnotes(product: Product) -> None:
    case = person(product, 1)
    case.group("A")
    refer(case)
    table = product.journey.reports.office_table(COORDINATOR)
    assert table.footnotes == ()
    assert table.printed["irbid"] == "1"
    assert row(table, "irbid").group_a_direct_placement is None


def test_who_left_again_is_employed_gross_and_not_net(product: Product) -> None:
    for number, left in ((1, True), (2, False)):
        case = person(product, number)
        case.group("A")
        place(case, "mol_mediation")
        if left:
            case.submit(
                "retention_check",
                {"retention_check_date": "2026-01-05", "still_employed": False},
            )
    rates = {rate.name: rate for rate in product.journey.reports.office_table(COORDINATOR).rates}
    assert rates["employed_gross_per_group_a"].numerator == 2
    assert rates["employed_net_per_group_a"].numerator == 1


def test_what_a_partner_reports_is_no_outcome_yet(product: Product) -> None:
    case = person(product, 1)
    case.group("A")
    case.submit("mol_mediation", {"feedback_date": "2026-01-05", "mediation_result": "employed"})
    table = product.journey.reports.office_table(COORDINATOR)
    assert row(table, "irbid").followup_info == 1
    rates = {rate.name: rate for rate in table.rates}
    assert rates["employed_gross_per_group_a"].numerator == 0


def test_who_found_work_again_counts_as_employed_net(product: Product) -> None:
    case = person(product, 1)
    case.group("A")
    place(case, "mol_mediation")
    case.at += timedelta(days=7)
    case.submit("retention_check", {"retention_check_date": "2026-01-12", "still_employed": False})

    def net() -> int:
        table = product.journey.reports.office_table(COORDINATOR)
        return {rate.name: rate for rate in table.rates}["employed_net_per_group_a"].numerator

    assert net() == 0
    case.at += timedelta(days=7)
    place(case, "own_search")
    assert net() == 1


def test_work_that_begins_later_counts_as_found_again(product: Product) -> None:
    case = person(product, 1)
    case.group("A")
    place(case, "mol_mediation")
    case.at += timedelta(days=7)
    case.submit("retention_check", {"retention_check_date": "2026-01-12", "still_employed": False})
    case.at += timedelta(days=7)
    case.submit(
        "follow_up_form",
        {
            "feedback_date": "2026-01-19",
            "feedback_source": "client",
            "outcome_type": "employed",
            "placement_route": "own_search",
            "employment_start_date": "2026-02-01",
        },
    )
    rates = {rate.name: rate for rate in product.journey.reports.office_table(COORDINATOR).rates}
    assert rates["employed_net_per_group_a"].numerator == 1


def test_each_reader_sees_the_own_part(product: Product) -> None:
    mine, colleagues, elsewhere = (
        person(product, 1),
        person(product, 2),
        person(product, 3, "naf:zarqa"),
    )
    colleague = actor(Role.CASE_WORKER, "irbid")
    for case, who in ((mine, IRBID), (colleagues, None), (elsewhere, ZARQA)):
        by = who or Actor("somebody.else", colleague.roles, colleague.units)
        case.submit("job_readiness_interview", {"conducted_at": NOON.isoformat()}, who=by)
    refer(mine)

    def seen(reader: Actor) -> dict[str, int | None]:
        table = product.journey.reports.office_table(reader)
        return {found.office: found.readiness_interviews for found in table.rows}

    assert seen(IRBID) == {"irbid": 1, "total": 1}
    assert seen(HEAD_IRBID) == {"irbid": 2, "total": 2}
    assert seen(MOL_IRBID) == {"irbid": 1, "total": 1}
    assert seen(AUDITOR) == {"irbid": 2, "zarqa": 1, "east_amman": 0, "total": 3}
    with pytest.raises(Forbidden):
        seen(actor(Role.SERVICE_PROVIDER, "vtc"))
    with pytest.raises(Forbidden):
        seen(actor(Role.ADMIN, "hq"))


def test_small_counts_are_hidden_from_readers_of_totals(product: Product) -> None:
    for number in range(1, 7):
        case = person(product, number)
        contact(case)
        if number < 5:
            interview(case)
    table = product.journey.reports.office_table(OWNER)
    found = row(table, "irbid")
    assert (found.contacted, found.readiness_interviews, found.group_a) == (6, None, 0)
    assert table.rates == ()


def test_only_a_case_with_a_referral_form_can_be_a_reconstructed_one(product: Product) -> None:
    case = person(product, 1)
    mark = product.journey.referrals.mark_reconstructed
    with pytest.raises(Conflict):
        mark(IRBID, case.instance.id, "a list")
    refer(case)
    with pytest.raises(Invalid):
        mark(IRBID, case.instance.id, " ")
    with pytest.raises(NotFound):
        mark(ZARQA, case.instance.id, "a list")
    with pytest.raises(NotFound):
        mark(IRBID, "nowhere", "a list")
    mark(IRBID, case.instance.id, "a list")
    mark(IRBID, case.instance.id, "once more")
