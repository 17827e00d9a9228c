"""The tours of those who read at headquarters: the coordinator and the auditor."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journey.scenarios.driver import AUDITOR, COORDINATOR
from tests.web.browser.filling import fill
from tests.web.browser.tours import clients
from tests.web.browser.tours.tour import Tour


def coordinator(tour: Tour) -> None:
    """From the figures to the people behind them, files, and the catalogue."""
    _busy_branch(tour)
    window = tour.window(COORDINATOR).open("/reports?period=all")
    tour.take(window, height=760)
    window.page.click(".report-filter summary")
    tour.take(window, height=700, mark=".report-filter")
    window.open("/reports/offices?period=all")
    tour.take(window, at=".report-part", height=760, mark="table a >> nth=0")
    window.click("table a >> nth=0")
    tour.take(window, height=620)
    window.open("/reports/offices?period=all")
    tour.take(window, height=560, mark="main > .actions")
    window.open("/catalogue?provider_id=vtc_irbid")
    tour.take(window, height=700, mark=".heading-line .button")
    window.open("/catalogue/vtc_irbid.training")
    window.page.click("details.card > summary")
    tour.take(window, height=1010, mark="main > .actions .button >> nth=0")
    window.open("/units").page.click("details.card > summary")
    fill(window.main.locator("form.stack"), {"unit": "naf:irbid"})
    tour.take(window, height=860, mark="details.card .button")


def auditor(tour: Tour) -> None:
    """Find a case, step through it, see that the record is whole and who has read it."""
    case = _busy_branch(tour)
    window = tour.window(AUDITOR).open("/cases")
    tour.take(window, mark=["#f-number", "tbody th a >> nth=0"])
    window.open(f"/cases/{case}")
    tour.take(window, at="#actions", height=380, mark="#actions li a >> nth=0")
    window.open(f"/cases/{case}/history?seq=1")
    expect(window.page.locator("#history")).to_have_attribute("data-ready", "yes")
    tour.take(window, height=900, mark=[".chain", "#slider"])
    for _step in range(3):
        window.page.click("[data-step=on]")
    tour.take(window, height=900, mark="[data-step=on]")
    tour.take(window, at="#step", height=620)
    tour.take(window.open("/access-log"), height=700)


def _busy_branch(tour: Tour) -> str:
    """Some clients, each somewhere else on the journey; the case that went furthest."""
    story = tour.story
    furthest = clients.reported_employed(story, **clients.LAYLA)
    clients.refusing(story, **clients.OMAR)
    clients.referred_to_institute(story, **clients.RANA)
    story.do(clients.INSTITUTE, "provider_accept", referral_decision="accepted")
    story.until("2026-01-08")
    clients.listed(story, **clients.SAMER)
    clients.referred_to_office(story)
    return furthest
