"""The history page stays where the reader is: only its list of steps scrolls by itself."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journey.scenarios import steps
from tests.web.browser.conftest import PageAs
from tests.web.browser.site import Site


def test_the_page_stays_at_its_player_while_the_list_follows(site: Site, page_as: PageAs) -> None:
    steps.opened(site.story)
    steps.contacted(site.story)
    page = page_as("auditor.hq").open(f"/cases/{site.story.case}/history").page
    expect(page.locator("#history")).to_have_attribute("data-ready", "yes")
    assert page.evaluate("window.scrollY") == 0
    page.set_viewport_size({"width": 1280, "height": 500})
    page.evaluate("document.getElementById('steps').style.maxBlockSize = '3rem'")
    page.click("[data-step=first]")
    before = page.evaluate("window.scrollY")
    page.click("[data-step=last]")
    current = page.locator("#steps [aria-current=step] .step-number")
    expect(current).to_have_text("2")
    assert page.evaluate("document.getElementById('steps').scrollTop") > 0
    assert page.evaluate("window.scrollY") == before
