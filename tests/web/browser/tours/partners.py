"""The tours of the partners: the employment office and the service provider."""

from __future__ import annotations

from tests.journey.scenarios import answers
from tests.web.browser.filling import fill
from tests.web.browser.tours import clients
from tests.web.browser.tours.branch import NEXT, SEND, WORKER
from tests.web.browser.tours.tour import Tour

OFFICER, INSTITUTE = clients.OFFICER, clients.INSTITUTE
REPORTED = ("employer_name", "job_title", "offered_wage_jod")
"""What the check of a vacancy begins with: as the employment was reported."""


def mol_officer(tour: Tour) -> None:
    """A referral arrives, is accepted, a job is found and checked."""
    story = tour.story
    clients.referred_to_office(story, **clients.SAMER)
    first = clients.referred_to_office(story, **clients.LAYLA)
    window = tour.window(OFFICER).open("/tasks")
    tour.take(window, mark=NEXT)
    window = tour.task(OFFICER, "mol_accept", first)
    tour.take(window, height=900)
    fill(window.main.locator("form.task-form"), {"referral_decision": "accepted"})
    tour.take(window, at="#q-referral_decision", height=560, mark=SEND)
    fill(
        window.main.locator("form.task-form"),
        {"referral_decision": "rejected", "rejection_reason": "no_capacity"},
    )
    tour.take(window, at="#q-referral_decision", height=620, mark="#q-rejection_reason")
    story.do(OFFICER, "mol_accept", first, referral_decision="accepted")
    story.until("2026-01-11")
    window = tour.task(OFFICER, "mol_mediate", first, **answers.mediated("2026-01-11"))
    tour.take(window, at="#q-mediation_result", height=860, mark="#q-mediation_result")
    story.do(OFFICER, "mol_mediate", first, **answers.mediated("2026-01-11"))
    checked = {key: said for key, said in answers.CRITERIA.items() if key not in REPORTED}
    window = tour.task(OFFICER, "check_vacancy", first, **checked)
    data = ".form-section:has(#q-employer_name)"
    tour.take(window, at=data, height=1500, mark=[f"#q-{key}" for key in REPORTED])
    story.do(OFFICER, "check_vacancy", first, **answers.CRITERIA)
    tour.take(window.open("/vacancies"), height=560, mark=".heading-line .button")
    tour.take(window.open("/reports?period=all"), height=700)


def provider(tour: Tour) -> None:
    """With an account, and through the signed link without one."""
    story = tour.story
    clients.referred_to_institute(story, **clients.SAMER)
    second = story.case
    first = clients.referred_to_institute(story, **clients.LAYLA)
    window = tour.window(INSTITUTE).open("/tasks")
    tour.take(window, mark=NEXT)
    window = tour.task(INSTITUTE, "provider_accept", first)
    tour.take(window, height=900)
    fill(window.main.locator("form.task-form"), {"referral_decision": "accepted"})
    tour.take(window, at="#q-referral_decision", height=560, mark=SEND)
    story.do(INSTITUTE, "provider_accept", first, referral_decision="accepted")
    story.until("2026-01-06")
    report = {
        "service_result": "ongoing_until",
        "service_end_date": "2026-03-31",
        "service_duration_weeks": 12,
        "expected_result": "شهادة مهنية معتمدة",
    }
    window = tour.task(INSTITUTE, "provider_feedback", first, **report)
    tour.take(window, at="#q-service_result", height=760, mark="#q-service_result")
    tour.take(window.open("/catalogue?provider_id=vtc_irbid"), height=760)

    window = tour.window(WORKER).open(f"/cases/{second}")
    window.click("#links form .button")
    address = window.page.input_value("#address")
    token = window.page.get_attribute("meta[name=csrf]", "content") or ""
    path = f"/letters/referral/{second}.pdf?language={tour.lang}"
    tour.take_paper(window, path, height=1040, csrf_token=token, link=address)
    window = tour.window(None).open(address.removeprefix(window.url))
    tour.take(window, height=820)
    fill(window.main.locator("form.task-form"), {"referral_decision": "accepted"})
    tour.take(window, at="#q-referral_decision", height=560, mark=SEND)
    window.click(SEND)
    tour.take(window, height=520)
