"""The registers: proposed and accepted, changed with a history, ended instead of deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lxml import html

from engine.records import SYSTEM
from tests.web.driver import Page, Pages, errors, words

COORDINATOR = "hq_coordinator.hq"
HEAD = "branch_head.irbid"
WORKER = "case_worker.irbid"
SERVICE = "/catalogue/vtc_irbid.training"
VACANCY = "/vacancies/V-2019-0001"
NEW: dict[str, Any] = {
    "provider_id": "vtc_irbid",
    "name_ar": "دورة لحام",
    "name_en": "Welding course",
    "intervention_type": "training",
    "suggested_service_codes": ["training"],
    "duration_weeks": "٨",
    "expected_result": "شهادة",
    "contact_person": "قسم القبول",
    "contact_phone": "0600000105",
    "commuting_support": "true",
    "id": "vtc_irbid.welding",
}


def test_a_worker_proposes_and_the_head_accepts(pages: Pages) -> None:
    sent = pages.submit(WORKER, "/catalogue/new", NEW)
    path = "/catalogue/vtc_irbid.welding"
    assert sent.location == path
    row = pages.product.journey.catalogue.get(SYSTEM, "vtc_irbid.welding")
    assert row.values["entry_status"] == "draft"
    assert row.values["sites"] == ["irbid"]
    assert row.values["duration_weeks"] == 8
    assert not pages.see(WORKER, path).xpath("//form[contains(@action, '/accept')]")
    [accept] = pages.see(HEAD, path).xpath("//form[contains(@action, '/accept')]/@action")
    assert pages.post(WORKER, accept).status_code == 403
    assert pages.post(HEAD, accept).location == path
    row = pages.product.journey.catalogue.get(SYSTEM, "vtc_irbid.welding")
    assert row.values["entry_status"] == "active"
    drafts = pages.see(COORDINATOR, "/catalogue?entry_status=draft")
    assert "دورة لحام" not in words(drafts)


def test_every_mistake_is_told_at_its_field(pages: Pages) -> None:
    wrong = {
        "name_ar": "",
        "duration_weeks": "long",
        "default_feedback_days": "91",
        "valid_from": "soon",
        "id": "no blanks",
        "contact_email": "nobody",
    }
    answer = pages.submit(COORDINATOR, "/catalogue/new", {**NEW, **wrong})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert set(errors(page)) == set(wrong)
    assert page.xpath("//input[@name='duration_weeks']/@value") == ["long"]
    assert page.xpath("//details[@open]//input[@name='contact_email']")


def test_a_change_keeps_what_was_before(pages: Pages) -> None:
    typed = {"duration_weeks": "10", "commuting_support": "false", "next_intake_date": "1/2/2027"}
    assert pages.submit(COORDINATOR, f"{SERVICE}/edit", typed).location == SERVICE
    told = pages.see(WORKER, f"{SERVICE}/history", lang="en")
    lines = [
        [" ".join(cell.text_content().split()) for cell in line.xpath("./*")]
        for line in told.xpath("//tbody/tr")
    ]
    assert lines == [
        ["Duration in weeks", "12", "10"],
        ["Is help with commuting included?", "Yes", "No"],
        ["Next intake", "–", "1 February 2027"],
    ]
    assert COORDINATOR in words(told)


def test_who_was_overtaken_sees_by_whom_and_may_save_after_all(pages: Pages) -> None:
    opened = pages.see(COORDINATOR, f"{SERVICE}/edit")
    [form] = opened.xpath("//main//form")
    mine = {name: value for name, value in form.form_values() if name != "csrf_token"}
    pages.submit("service_provider.vtc_irbid", f"{SERVICE}/edit", {"duration_weeks": "9"})
    refused = pages.post(
        COORDINATOR, f"{SERVICE}/edit", {**mine, "duration_weeks": "11"}, lang="en"
    )
    assert refused.status_code == 409
    page: Page = html.fromstring(refused.text)
    assert "service_provider.vtc_irbid" in words(page)
    [again] = page.xpath("//main//form[.//input[@name='revision']]")
    assert again.fields["duration_weeks"] == "11"
    typed = {name: value for name, value in again.form_values() if name != "csrf_token"}
    assert pages.post(COORDINATOR, f"{SERVICE}/edit", typed).location == SERVICE
    row = pages.product.journey.catalogue.get(SYSTEM, "vtc_irbid.training")
    assert row.values["duration_weeks"] == 11


def test_a_service_is_ended_not_deleted(pages: Pages) -> None:
    last = {"valid_to": "03/01/2026"}
    assert pages.submit(COORDINATOR, SERVICE, last).location == SERVICE
    listed = pages.see(WORKER, "/catalogue")
    assert not listed.xpath(f"//a[@href='{SERVICE}']")
    assert pages.see(WORKER, "/catalogue?all=1").xpath(f"//a[@href='{SERVICE}']")
    row = pages.product.journey.catalogue.get(SYSTEM, "vtc_irbid.training")
    assert row.valid_to == date(2026, 1, 3)
    early = pages.post(COORDINATOR, f"{SERVICE}/end", {"valid_to": "01/01/2000"})
    assert early.status_code == 422
    assert "valid_to" in errors(html.fromstring(early.text))


def test_a_vacancy_tells_its_wage_and_that_it_was_not_checked(pages: Pages) -> None:
    pages.submit(COORDINATOR, f"{VACANCY}/edit", {"offered_wage_jod": "220"})
    page = pages.see(WORKER, VACANCY, lang="en")
    facts = {
        term.text_content(): " ".join(term.getnext().text_content().split())
        for term in page.xpath("//section[@aria-labelledby='quality-title']//dt")
    }
    assert facts == {
        "Last check": "not checked yet",
        "Offered wage": "220 JOD below the minimum wage",
        "Minimum wage today": "290 JOD",
    }
    told = words(page)
    assert "70 JOD below the minimum wage" in told
    listed = words(pages.see(WORKER, "/vacancies?workplace_location=jerash", lang="en"))
    assert "below the minimum wage" in listed
    assert "V-2019-0002" not in listed


@pytest.mark.parametrize("user", [WORKER, COORDINATOR, "mol_officer.irbid"])
def test_the_demonstration_offers_no_wage_below_the_minimum(pages: Pages, user: str) -> None:
    for path in (VACANCY, "/vacancies"):
        assert "below the minimum wage" not in words(pages.see(user, path, lang="en"))
    assert "290" in words(pages.see(user, VACANCY, lang="en"))


def test_an_institution_brings_its_place_along(pages: Pages) -> None:
    typed = {
        "name_ar": "جمعية الزرقاء",
        "name_en": "Zarqa society",
        "provider_kind": "ngo",
        "address": "الزرقاء",
        "id": "zarqa_society",
    }
    assert pages.submit(HEAD, "/providers/new", typed).location == "/providers/zarqa_society"
    codes = [unit.code for unit in pages.product.journey.units.list(SYSTEM, "provider")]
    assert "provider:zarqa_society" in codes
    again = pages.submit(HEAD, "/providers/new", typed)
    assert again.status_code == 409
    assert "id" in errors(html.fromstring(again.text))


def test_a_place_that_is_not_ones_own_is_refused_with_what_was_typed(pages: Pages) -> None:
    answer = pages.submit(WORKER, "/catalogue/new", {**NEW, "sites": ["zarqa"]})
    assert answer.status_code == 403
    page = html.fromstring(answer.text)
    assert "sites" in errors(page)
    assert page.xpath("//input[@name='name_en']/@value") == ["Welding course"]


def test_headquarters_records_a_visit(pages: Pages) -> None:
    assert not pages.see(WORKER, "/units").xpath("//form[@action='/units/visits']")
    answer = pages.submit(COORDINATOR, "/units", {"unit": "naf:irbid", "visited_on": "32/13/2026"})
    assert answer.status_code == 422
    assert "visited_on" in errors(html.fromstring(answer.text))
    typed = {"unit": "naf:irbid", "visited_on": "04/01/2026", "note": "جولة"}
    assert pages.submit(COORDINATOR, "/units", typed).location == "/units"
