"""The tours of a branch: its case workers and its head."""

from __future__ import annotations

from tests.journey.scenarios import answers
from tests.web.browser.filling import fill
from tests.web.browser.tours import clients
from tests.web.browser.tours.tour import Tour
from tests.web.browser.window import Window

WORKER, HEAD = clients.WORKER, clients.HEAD
SEND = ".task-send button:not([name])"
NEXT = ".next-step .button"


def case_worker(tour: Tour) -> None:
    """From signing in to the client who stands still."""
    story = tour.story
    clients.colleague(story, tour.said("هدى المجالي", "Huda Majali"))
    employed = clients.reported_employed(story, **clients.LAYLA)
    clients.listed(story, **clients.SAMER)
    _arrives(tour)
    window = tour.task(
        WORKER, "contact_client", channel="phone", attempt_result="interviewed_at_once"
    )
    tour.take(window, at="#q-attempted_at", height=860, mark=SEND)
    _send(window)

    window = tour.task(WORKER, "readiness_interview", **answers.READY)
    tour.take(window, at="#q-can_start_within_week", height=640)
    fill(
        window.main.locator("form.task-form").first,
        {"conducted_at": "2026-01-04T06:30:00Z", "capture_mode": "paper_then_entered"},
    )
    tour.take(
        window,
        at=".form-section:has(#q-conducted_at)",
        height=640,
        mark=["#q-conducted_at", "#q-capture_mode"],
    )
    _send(window)
    tour.take(tour.task(WORKER, "readiness_decision"), height=1060, mark=[".proposal", SEND])
    story.do(WORKER, "readiness_decision")
    tour.take(tour.task(WORKER, "grouping_decision"), height=1010, mark=".proposal")
    story.do(WORKER, "grouping_decision")

    plan = answers.plan(answers.MEDIATION_IRBID, "2026-01-14")
    window = tour.task(WORKER, "agree_action_plan", **plan)
    tour.take(window, at="#q-destination", height=430, mark="#q-destination")
    tour.take(window, at="#q-steps", mark=["[name=_add][value=steps]", "#q-data_sharing_consent"])
    _send(window)
    contact = {"destination": answers.MEDIATION_IRBID, "contact_person": "قسم الوساطة"}
    window = tour.task(WORKER, "contact_provider", **contact)
    tour.take(window, at="#q-destination", height=960, mark=SEND)
    _send(window)
    referral = {
        "destination_name": answers.MEDIATION_IRBID,
        "destination_address": "إربد، وسط المدينة",
        "intervention_type": "lm_mediation",
    }
    window = tour.task(WORKER, "issue_referral", **referral)
    tour.take(window, at="#q-destination_name", height=760, mark="#q-provider_feedback_deadline")
    _send(window)
    window = tour.window(WORKER).open(f"/cases/{story.case}")
    tour.take(window, height=900, mark=".next-step")
    tour.take_paper(window, f"/letters/referral/{story.case}.pdf?language={tour.lang}", height=900)

    mine = story.case
    window = tour.task(WORKER, "record_outcome_reported", employed)
    fill(
        window.main.locator("form.task-form"),
        {"feedback_source": "mol", "outcome_type": "employed"},
    )
    tour.take(window, at="#q-feedback_source", height=860, mark="#q-outcome_type")
    interview = story.tasks(WORKER, element="readiness_interview", state="completed")[0]
    window = tour.window(WORKER).open(f"/tasks/{interview['id']}/correct")
    fill(window.main.locator("form.task-form"), {"experience_years": 4})
    window.page.fill("[name=reason]", tour.said("سنوات الخبرة أربع", "Four years of experience"))
    tour.take(window, at=".field:has([name=reason])", height=300, mark="[name=reason]")
    story.until("2026-01-25")
    tour.take(tour.task(WORKER, "stable_follow_up", mine), height=1010)
    tour.take(tour.window(WORKER).open("/notifications"), height=560)
    window = tour.window(WORKER).open("/absence")
    absent = {
        "substitute": "case_worker2.irbid",
        "valid_from": "01/02/2026",
        "valid_to": "05/02/2026",
    }
    fill(window.main.locator("form.card"), absent)
    tour.take(window, height=700, mark="form.card .button")


def _arrives(tour: Tour) -> None:
    """Sign in, look at the day, find the client, register her, open the journey."""
    story = tour.story
    window = tour.window(None).open("/sign-in")
    window.page.fill("#username", WORKER)
    window.page.fill("#password", "a long password")
    tour.take(window, height=520, mark="main .button.big")
    window = tour.window(WORKER).open("/tasks")
    tour.take(window, mark=NEXT)
    window.open("/persons").page.fill("[name=q]", answers.PERSON["national_id"])
    tour.take(window, height=420, mark="form[role=search] .button")
    window.click("form[role=search] .button")
    tour.take(window, height=620, mark=NEXT)
    window.click(NEXT)
    fill(window.main.locator("form[action='/persons/new']"), answers.PERSON)
    tour.take(window, height=900)
    window.click("form[action='/persons/new'] .button.big")
    story.person = story.get(WORKER, window.path)
    tour.take(window, height=560, mark=NEXT)
    window.click(NEXT)
    story.case = story.cycles(WORKER)[0]["instance_id"]


def branch_head(tour: Tour) -> None:
    """Confirm, see what is late, hand over, read the reports."""
    story = tour.story
    clients.colleague(story, tour.said("هدى المجالي", "Huda Majali"))
    refusing = clients.refusing(story, **clients.SAMER)
    late = clients.referred_to_institute(story, **clients.LAYLA)
    story.do(clients.INSTITUTE, "provider_accept", late, referral_decision="accepted")
    clients.reported_employed(story, **clients.RANA)
    clients.listed(story, **clients.OMAR)
    listed = story.case
    story.until("2026-01-06")
    window = tour.window(HEAD).open("/tasks")
    tour.take(window, mark=NEXT)
    window = tour.task(HEAD, "confirm_group_c", refusing, branch_head_confirmed=True)
    tour.take(window, height=1190, mark=SEND)
    _send(window)
    story.until("2026-01-22")
    window = tour.window(HEAD).open("/tasks?scope=unit&due=overdue")
    tour.take(window, mark=".filters")
    tour.take(tour.task(HEAD, "escalate_overdue", late), height=620, mark=SEND)
    window = tour.window(HEAD).open(f"/cases/{late}")
    window.page.click("#actions summary")
    tour.take(window, at="#actions", height=420, mark="#actions details a >> nth=0")
    window.open(f"/cases/{listed}/transfer")
    reason = tour.said("انتقل العميل إلى الزرقاء", "The client moved to Zarqa")
    fill(window.main.locator("form"), {"unit": "naf:zarqa", "reason": reason})
    tour.take(window, height=640, mark="main form .button >> nth=0")
    tour.take(window.open("/substitutes"), height=560, mark=".plain-list .button >> nth=2")
    tour.take(window.open("/reports?period=all"), height=700)
    window.click(".figures a >> nth=0")
    tour.take(window, height=520)


def _send(window: Window) -> None:
    window.click(SEND)
    assert not window.page.locator("main #summary").count(), window.text()
