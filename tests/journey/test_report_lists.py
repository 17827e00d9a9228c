"""Every report on both database systems, over a handful of cases of every kind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bpmn import DecisionEvaluated
from engine.records import InstanceState
from journey.reports import Report
from journey.reports.definitions import REPORTS
from tests.journey.conftest import COORDINATOR, IRBID, MOL_IRBID, Product
from tests.journey.outcomes import Case
from tests.journey.test_report_numbers import cell, check_lists, values


def asked(decision: str, value: object) -> DecisionEvaluated:
    """A rule that a case asked."""
    return DecisionEvaluated("rule", decision, f"{decision}-hash", {}, value, ())


def interviewed(case: Case) -> None:
    """The readiness interview with the rule's answers."""
    case.submit(
        "job_readiness_interview",
        {
            "conducted_at": case.at.isoformat(),
            "accepts_minimum_wage": False,
            "expected_min_wage_jod": 350,
            "transport_means": ["public_bus", "own_car"],
        },
        asked("parameters", {"minimum_wage_jod_month": 290}),
        asked("job_readiness", {"readiness_result": "not_ready"}),
        readiness_barriers=["wage", "transport"],
        suggested_services=["training"],
        services_accepted_by_client=["training"],
        unmet_need=None,
    )


def referred(case: Case, deadline: int = 14) -> None:
    """A referral to the employment office, to be answered within so many days."""
    day = case.at.date()
    case.submit(
        "referral_form",
        {
            "issue_date": day.isoformat(),
            "intervention_type": "lm_mediation",
            "provider_feedback_deadline": (day + timedelta(days=deadline)).isoformat(),
        },
        referral_unit="mol:irbid",
    )


def reported(case: Case, form: str = "mol_mediation") -> None:
    """The office's feedback."""
    day = case.at.date().isoformat()
    case.submit(form, {"feedback_date": day, "mediation_result": "not_placed"}, who=MOL_IRBID)


def employed(case: Case, **more: object) -> None:
    """An employment."""
    day = case.at.date().isoformat()
    answers = {
        "feedback_date": day,
        "feedback_source": "client",
        "outcome_type": "employed",
        "employment_start_date": day,
        "employer_name": "=مصنع",
        "wage_level_jod": 290,
        "still_employed": True,
    }
    case.submit("follow_up_form", {**answers, **more})


@pytest.fixture
def cases(product: Product) -> Product:
    """Seven people: loops closed in time, late, overdue, extended, declined; stable; come again."""
    made = []
    for number in range(1, 8):
        person = product.person(number, sex="male" if number % 2 else "female")
        case = Case.open(product, person.id, number=number)
        case.submit("contact_log", {"attempt_result": "interviewed_at_once"})
        interviewed(case)
        case.group("B" if number == 7 else "A")
        made.append(case)
    in_time, late, overdue, extended, declined, stable, again = made
    for case in (in_time, late, overdue, extended, declined):
        referred(case)
    declined.submit(
        "mol_acceptance", {"referral_decision": "rejected", "rejection_reason": "no_vacancy"}
    )
    for case in made:
        case.at += timedelta(days=10)
    reported(in_time)
    for case in made:
        case.at += timedelta(days=10)
    reported(late)
    day = (extended.at + timedelta(days=30)).date().isoformat()
    extended.submit(
        "overdue_feedback", {"overdue_action": "deadline_extended", "extended_deadline": day}
    )
    employed(in_time)
    employed(late, employer_name=None, wage_level_jod=None)
    in_time.submit(
        "vacancy_quality_check",
        {"offered_wage_jod": 290, "employer_registered_ssc": False},
        asked("vacancy_admissibility", {"vacancy_admissible": "rejected"}),
    )
    stable.apply("time_out", stage="stable")
    stable.submit("stable_follow_up", {"stable_follow_up_task": "contact_client"})
    again.end(InstanceState.COMPLETED, closure_reason="not_reached")
    back = Case.open(product, again.person_id, number=8, cycle_no=2, at=again.at)
    back.group("C")
    with product.database.transaction() as tx:
        product.clock.advance(tx, back.at + timedelta(days=8))
    return product


def make(product: Product, key: str) -> Report:
    """A report for headquarters."""
    return product.journey.reports.make(COORDINATOR, key)


def test_every_list_is_as_long_as_its_number(cases: Product) -> None:
    opened = {plan.key: check_lists(cases, COORDINATOR, make(cases, plan.key)) for plan in REPORTS}
    assert not [key for key, number in opened.items() if not number and key != "readiness"]


def test_minutes_are_those_that_were_noted_and_the_rest_is_an_estimate(product: Product) -> None:
    tools = ("job_readiness_interview", "lms_almp_screening_interview")
    said = ((12, 8), (None, 15), ("ten", None))  # "ten": an owner made the question a text
    for number, minutes in enumerate(said, 1):
        case = Case.open(product, product.person(number).id, number=number)
        for form, took in zip(tools, minutes, strict=True):
            at = case.at.isoformat()
            made = case.submit(form, {"conducted_at": at, "interview_minutes": took})
            if took == 15:
                case.correct(made, {"conducted_at": at, "interview_minutes": 20})
    report = make(product, "workload")
    for table, row in (("units", "naf:irbid"), ("workers", IRBID.username), ("units", "total")):
        assert cell(report, table, row, "interviews").value == 6
        rate = cell(report, table, row, "timed_rate")
        assert (rate.numerator, rate.denominator, rate.value) == (3, 6, 50.0)
        noted = cell(report, table, row, "minutes")
        assert (noted.value, noted.denominator) == (12 + 8 + 20, 3)
        assert cell(report, table, row, "minutes_estimate").value == 12 + 8 + 20 + 3 * 10


def test_each_referral_is_in_one_state(cases: Product) -> None:
    report = make(cases, "loop")
    total = {
        name: cell(report, "branches", "total", name).value
        for name in ("sent", "in_time", "late", "declined", "known_otherwise", "overdue", "waiting")
    }
    assert total == {
        "sent": 5,
        "in_time": 1,
        "late": 1,
        "declined": 1,
        "known_otherwise": 0,
        "overdue": 1,
        "waiting": 1,
    }
    closure = cell(report, "branches", "total", "closure_rate")
    assert (closure.numerator, closure.denominator) == (2, 3)
    assert cell(report, "branches", "total", "median_days").value == 15
    assert values(report.table("stable"), "stable_followed")["total"] == 1


def test_what_the_rules_said_is_counted(cases: Product) -> None:
    employed_ = make(cases, "employed")
    assert values(employed_.table("wages"), "employed")["at_minimum"] == 1
    assert values(make(cases, "vacancies").table("criteria"), "failed")[
        "employer_registered_ssc"
    ] == 1  # fmt: skip
    assert values(make(cases, "vacancies").table("branches"), "rejected")["total"] == 1
    gaps = values(make(cases, "wage_gap").table("gaps"), "asked")
    assert gaps["gap_to_80"] == 7
    assert values(make(cases, "needs").table("services"), "need")["training"] == 7
    barriers = values(make(cases, "stable").table("barriers"), "stable")
    assert (barriers["wage"], barriers["transport"], barriers["health"]) == (1, 1, 0)
    transport = values(make(cases, "retention").table("transport"), "employed")
    assert (transport["own_car"], transport["public_bus"]) == (2, 2)
    (rule,) = [key for key in values(make(cases, "results").table("rules"), "grouped")
               if key == "job_readiness-hash"]  # fmt: skip
    assert rule


def test_who_comes_again(cases: Product) -> None:
    report = make(cases, "cycles")
    assert cell(report, "opened", "total", "again").value == 1
    assert cell(report, "closed", "total", "back_12").value == 1
    assert values(report.table("changes"), "returns") == {"B>C": 1, "total": 1}


def test_names_of_employers_stay_out_of_addresses(cases: Product) -> None:
    table = make(cases, "employed").table("employers")
    assert table is not None
    drills = [cell.drill for row in table.rows for cell in row.cells if cell.drill]
    assert drills
    assert not any("مصنع" in drill for drill in drills)


def test_a_worker_is_not_shown_colleagues_cases(cases: Product) -> None:
    mine = cases.journey.reports.make(IRBID, "loop")
    assert cell(mine, "branches", "total", "sent").value == 5
    check_lists(cases, IRBID, mine)
