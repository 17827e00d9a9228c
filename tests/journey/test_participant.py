"""What commands on cases leave in the journey's tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bpmn import DecisionEvaluated, VariablesWritten
from engine.errors import AlreadyExists, Invalid
from engine.records import SYSTEM, InstanceState
from journey.store import projections
from journey.store.cycles import cycle
from journey.store.registry import vacancy
from tests.journey.conftest import IRBID, MOL_IRBID, Product
from tests.journey.outcomes import NOON, Case


def rows(product: Product, table: sa.Table) -> list[dict[str, Any]]:
    """Every row of a table."""
    with product.database.reading() as tx:
        order = table.primary_key.columns
        return [dict(row._mapping) for row in tx.execute(sa.select(table).order_by(*order))]


@pytest.fixture
def case(product: Product) -> Case:
    """An open journey."""
    return Case.open(product, product.person().id)


def test_a_start_makes_a_cycle(product: Product, case: Case) -> None:
    (row,) = rows(product, cycle)
    assert row["person_id"] == case.person_id
    assert (row["cycle_no"], row["stage"], row["closed_at"]) == (1, "listed", None)
    assert row["journey_number"] == "R-2026-000001"


def test_a_person_has_one_open_cycle(product: Product, case: Case) -> None:
    with pytest.raises(AlreadyExists):
        Case.open(product, case.person_id, number=2, cycle_no=2)
    case.end(InstanceState.COMPLETED, closure_reason="retained")
    Case.open(product, case.person_id, number=2, cycle_no=2)
    stages = [
        (row["cycle_no"], row["stage"], row["closure_reason"]) for row in rows(product, cycle)
    ]
    assert stages == [(1, "closed", "retained"), (2, "listed", None)]


def test_a_journey_without_a_person_is_refused(product: Product, case: Case) -> None:
    bare = replace(case.instance, id="bare", subject=None)
    with pytest.raises(Invalid):
        Case(product, "", bare).apply("start")


def test_an_interview_becomes_typed_columns(product: Product, case: Case) -> None:
    case.submit(
        "job_readiness_interview",
        {
            "conducted_at": "2026-01-05T08:30:00Z",
            "channel": "phone",
            "can_start_within_week": True,
            "transport_means": ["public_bus"],
            "expected_min_wage_jod": 300.5,
            "occupation_description": "خياطة",
            "has_daily_care_duty": False,
            "hobby": "chess",
        },
    )
    (row,) = rows(product, projections.readiness_interview)
    assert row["conducted_at"] == datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    assert (row["unit"], row["branch"], row["actor"]) == ("naf:irbid", "naf:irbid", IRBID.username)
    assert row["transport_means"] == ["public_bus"]
    assert row["expected_min_wage_jod"] == 300.5
    assert row["can_be_away_10h"] is None
    assert row["extra"] == {"hobby": "chess"}
    assert rows(product, cycle)[0]["stage"] == "interview_1_done"


def test_an_answer_that_does_not_fit_its_column_goes_to_extra(product: Product, case: Case) -> None:
    case.submit("job_readiness_interview", {"channel": ["phone"], "experience_years": 2.5})
    (row,) = rows(product, projections.readiness_interview)
    assert (row["channel"], row["experience_years"]) == (None, None)
    assert row["extra"] == {"channel": ["phone"], "experience_years": 2.5}


def test_a_correction_is_a_new_version(product: Product, case: Case) -> None:
    made = case.submit("job_readiness_interview", {"channel": "phone"})
    case.correct(made, {"channel": "in_person"})
    found = rows(product, projections.readiness_interview)
    assert [(row["version"], row["channel"], row["latest"]) for row in found] == [
        (1, "phone", False),
        (2, "in_person", True),
    ]


def test_a_group_counts_from_when_its_date_is_written(product: Product, case: Case) -> None:
    case.submit("grouping_decision", {"client_group": "C"}, client_group="C")
    assert rows(product, projections.grouping) == []
    case.submit("group_c_confirmation", {"branch_head_confirmed": True}, grouping_date="2026-01-05")
    (row,) = rows(product, projections.grouping)
    assert (row["client_group"], row["grouping_date"]) == ("C", date(2026, 1, 5))
    (found,) = rows(product, cycle)
    assert (found["client_group"], found["stage"]) == ("C", "grouped_C")


def test_a_called_process_that_begins_with_a_copy_groups_nobody(
    product: Product, case: Case
) -> None:
    case.group("A")
    known = {"client_group": "A", "grouping_date": case.at.date().isoformat()}
    case.submit("individual_action_plan", {}, VariablesWritten("51", known))
    assert len(rows(product, projections.grouping)) == 1
    assert rows(product, cycle)[0]["stage"] == "iap_agreed"


def test_an_earlier_grouping_handed_back_is_no_new_one(product: Product, case: Case) -> None:
    case.group("B")
    case.submit("follow_up_form", {"outcome_type": "employed"}, outcome_type="employed")
    grouped_on = case.at.date().isoformat()
    case.at += timedelta(days=30)
    case.submit(
        "contact_log",
        {"attempt_result": "no_show"},
        client_group="B",
        grouping_date=grouped_on,
        profiling_result="no_show",
    )
    assert len(rows(product, projections.grouping)) == 1
    (found,) = rows(product, cycle)
    assert (found["outcome_type"], found["stage"]) == ("employed", "no_show")


def test_a_postponed_client_is_in_no_group(product: Product, case: Case) -> None:
    case.submit("grouping_decision", {"client_group": "postponed"}, client_group="postponed")
    case.apply("timer", client_group=None)
    assert rows(product, projections.grouping) == []
    assert rows(product, cycle)[0]["client_group"] is None


def test_an_answer_and_a_follow_up_name_the_last_referral(product: Product, case: Case) -> None:
    first = case.submit("referral_form", {"issue_date": "2026-01-05"})
    case.at += timedelta(days=1)
    second = case.submit(
        "referral_form",
        {"issue_date": "2026-01-05", "destination_name": "mol:irbid/x"},
        referral_unit="mol:irbid",
    )
    answer = case.submit(
        "mol_acceptance", {"referral_decision": "accepted"}, who=MOL_IRBID, unit="mol:irbid"
    )
    case.at += timedelta(days=1)
    case.submit("referral_form", {"issue_date": "2026-01-07"})
    case.correct(answer, {"referral_decision": "rejected"})
    found = rows(product, projections.referral_answer)
    assert [row["referral_task_id"] for row in found] == [second.task.id, second.task.id]
    assert [row["unit"] for row in found] == ["mol:irbid", "mol:irbid"]
    assert {row["branch"] for row in found} == {"naf:irbid"}
    by_task = {row["task_id"]: row for row in rows(product, projections.referral)}
    assert by_task[second.task.id]["destination_unit"] == "mol:irbid"
    # A day without a time: the day it is entered is that moment, an earlier one its noon.
    assert by_task[first.task.id]["conducted_at"] == NOON
    assert by_task[second.task.id]["conducted_at"] == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_mediation_is_feedback_of_the_ministry(product: Product, case: Case) -> None:
    case.submit("mol_mediation", {"mediation_result": "employed", "wage_level_jod": 260})
    case.submit("mol_mediation", {"mediation_result": "client_no_show"})
    found = rows(product, projections.follow_up)
    assert [(r["feedback_source"], r["outcome_type"], r["non_success_reason"]) for r in found] == [
        ("mol", "employed", None),
        ("mol", None, "client_no_show"),
    ]


def test_a_transfer_moves_the_person_and_keeps_where_forms_were_made(
    product: Product, case: Case
) -> None:
    case.submit("job_readiness_interview", {"channel": "phone"})
    case.instance = replace(case.instance, unit="naf:zarqa")
    case.apply("transfer", details={"from": "naf:irbid", "to": "naf:zarqa"})
    assert rows(product, cycle)[0]["unit"] == "naf:zarqa"
    assert rows(product, projections.readiness_interview)[0]["branch"] == "naf:irbid"
    with pytest.raises(AlreadyExists):
        product.person()
    assert product.journey.persons.lookup(IRBID, "0000000001").unit == "naf:zarqa"


def test_a_cancelled_case_closes_its_cycle(product: Product, case: Case) -> None:
    case.end(InstanceState.CANCELLED)
    (row,) = rows(product, cycle)
    assert (row["closed_at"], row["closure_reason"]) == (NOON, "cancelled")


def test_the_result_of_a_quality_check_stands_on_the_vacancy(product: Product, case: Case) -> None:
    product.journey.employers.create(SYSTEM, {"id": "e", "name": "مصنع"})
    product.journey.vacancies.create(
        SYSTEM,
        {
            "id": "V-1",
            "employer_id": "e",
            "job_title": "عامل",
            "workplace_location": "irbid",
            "offered_wage_jod": 260,
        },
    )
    value = {"vacancy_admissible": "rejected", "reason": "SSC"}
    fact = DecisionEvaluated("judge", "vacancy_admissibility", "0" * 64, {}, value, ())
    case.submit("vacancy_quality_check", {"vacancy_id": "V-1", "offered_wage_jod": 260}, fact)
    (row,) = rows(product, vacancy)
    assert (row["vacancy_admissible"], row["check_valid_until"]) == ("rejected", date(2026, 4, 5))


def test_erasing_a_person_deletes_every_projection(product: Product, case: Case) -> None:
    case.submit("job_readiness_interview", {"channel": "phone"})
    case.group("A")
    case.submit("referral_form", {"issue_date": "2026-01-05"})
    product.journey.referrals.mark_reconstructed(IRBID, case.instance.id, "a list of names")
    case.end(InstanceState.COMPLETED, closure_reason="retained")
    product.journey.persons.erase(SYSTEM, case.person_id, "request")
    tables = (*projections.TABLES, projections.grouping, projections.list_transfer, cycle)
    assert [table.name for table in tables if rows(product, table)] == []
