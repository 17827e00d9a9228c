"""The tours of those who read at headquarters: the coordinator and the auditor."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journey.scenarios.driver import AUDITOR, COORDINATOR
from tests.web.browser.tours import clients
from tests.web.browser.tours.tour import Tour


def coordinator(tour: Tour) -> None:
    """From the figures to the people behind them, files, and the catalogue."""
    _busy_branch(tour)
    window = tour.window(COORDINATOR).open("/reports?period=all")
    tour.take(window, height=760)
    window.page.click(".report-filter summary")
    tour.take(window, height=700, mark=".report-filter")
    window.open("/reports/office_table?period=all")
    tour.take(window, height=860, mark="table a >> nth=0")
    window.click("table a >> nth=0")
    tour.take(window, height=620)
    window.open("/reports/office_table?period=all")
    tour.take(window, height=560, mark="main > .actions")
    window.open("/catalogue")
    tour.take(window, height=700)


def auditor(tour: Tour) -> None:
    """Find a case, step through it, see that the record is whole and who has read it."""
    story = tour.story
    _busy_branch(tour)
    window = tour.window(AUDITOR).open("/cases")
    tour.take(window, mark="td a, th a >> nth=0")
    window.open(f"/cases/{story.case}")
    tour.take(window, at="#actions", height=380, mark="#actions li a")
    window.open(f"/cases/{story.case}/history?seq=1")
    expect(window.page.locator("#history")).to_have_attribute("data-ready", "yes")
    tour.take(window, height=900, mark=[".chain", "#slider"])
    window.page.click("[data-step=on]")
    window.page.click("[data-step=on]")
    tour.take(window, height=900, mark="[data-step=on]")
    tour.take(window, at="#step", height=620)
    tour.take(window.open("/access-log"), height=700)


def _busy_branch(tour: Tour) -> None:
    """Some clients, each somewhere else on the journey."""
    story = tour.story
    clients.reported_employed(story, **clients.LAYLA)
    clients.refusing(story, **clients.OMAR)
    clients.referred_to_institute(story, **clients.RANA)
    story.do(clients.INSTITUTE, "provider_accept", referral_decision="accepted")
    story.until("2026-01-08")
    clients.listed(story, **clients.SAMER)
    clients.referred_to_office(story)
