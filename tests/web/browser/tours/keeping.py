"""The tours of those who keep the installation: the process owner and the administrator."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from settings import ROOT
from tests.journey.scenarios.driver import ADMIN
from tests.web.browser.tours import clients
from tests.web.browser.tours.tour import Tour

OWNER = "process_owner.hq"


def process_owner(tour: Tour) -> None:
    """A deadline is changed, checked, published; a form is uploaded."""
    story = tour.story
    clients.listed(story, **clients.LAYLA)
    window = tour.window(OWNER).open("/processes")
    page = window.page
    edit = "a[href='/processes/contact/edit']"
    tour.take(window, at=f".process-card:has({edit})", height=560, mark=edit)
    window.click(edit)
    expect(page.locator("#editor")).to_have_attribute("data-ready", "yes")
    tour.take(window, height=860)
    _change_deadline(page, "4")
    tour.take(
        window, at="#deadlines-title", height=460, mark="#deadlines input[type=number] >> nth=0"
    )
    tour.take(window, at="#editor-bar", height=520, mark=["[data-act=check]", "#check-status"])
    page.locator("#deadlines summary").first.click()
    rule = page.locator("#deadlines textarea").first
    right = rule.input_value()
    rule.fill("=add working days(today(),")
    rule.blur()
    expect(page.locator("#check-status")).to_have_class(re.compile("error"))
    tour.take(window, at="#editor-bar", height=620, mark="#findings")
    page.locator("#deadlines textarea").first.fill(right)
    page.locator("#deadlines textarea").first.blur()
    expect(page.locator("#check-status")).not_to_have_class(re.compile("error"))
    why = tour.said("الفروع تطلب أربعة أيام للاتصال", "Branches ask for four days to call")
    page.fill("#note", why)
    page.click("#publish-form button")
    expect(page.locator("#publish-dialog")).to_be_visible()
    tour.take(window, height=700, mark="#publish-dialog [data-answer=yes]")
    page.click("#publish-dialog [data-answer=yes]")
    expect(page.locator("#outcome")).to_have_class("notice ok")
    tour.take(window, at=".publish-card", height=520, mark="#outcome")
    tour.take(window.open("/processes/contact"), height=560)
    window.open("/processes/upload")
    form = (ROOT / "forms" / "definitions" / "contact_log.form").read_bytes()
    page.set_input_files(
        "#f-files",
        {"name": "contact_log.form", "mimeType": "application/json", "buffer": form},
    )
    page.fill("[name=note]", tour.said("سؤال أوضح", "A clearer question"))
    page.click("button[value=check]")
    expect(page.locator("#upload-result .notice")).to_be_visible()
    tour.take(window, height=760, mark="button[value=publish]")


def administrator(tour: Tour) -> None:
    """Accounts, substitutes, what stands still, and the clock of practice data."""
    story = tour.story
    clients.referred_to_office(story, **clients.LAYLA)
    window = tour.window(ADMIN).open("/users")
    page = window.page
    tour.take(window, height=620, mark=".heading-line .button")
    window.click(".heading-line .button")
    tour.take(window, height=620)
    window.click("a[href='/users/new?role=case_worker']")
    page.fill("[name=name]", tour.said("هدى المجالي", "Huda Majali"))
    page.fill("[name=username]", "huda.majali")
    page.check("[name=units][value='naf:irbid']")
    tour.take(window, height=900, mark="main form .button.big")
    window.click("main form .button.big")
    tour.take(window, height=480, mark=".secret")
    first = page.locator(".secret").inner_text().strip()
    theirs = tour.window(None).open("/sign-in")
    theirs.page.fill("#username", "huda.majali")
    theirs.page.fill("#password", first)
    theirs.click("main .button.big")
    tour.take(theirs, height=620)
    window.open("/users/huda.majali/substitute")
    page.select_option("[name=substitute]", "case_worker.irbid")
    page.fill("[name=valid_to]", "15/01/2026")
    tour.take(window, height=620, mark="main .button.big")
    clients.standing_still(story, **clients.SAMER)
    tour.take(window.open("/incidents"), height=620)
    window.open("/clock")
    tour.take(window, height=620, mark="form:has([name=to]) .button")
    page.fill("[name=to]", "25/01/2026")
    window.click("form:has([name=to]) .button")
    tour.take(window, height=520)


def _change_deadline(page: Page, days: str) -> None:
    deadline = page.locator("#deadlines input[type=number]").first
    deadline.fill(days)
    deadline.press("Enter")
    expect(page.locator("#unsaved")).to_be_visible()
    expect(page.locator("#check-status")).to_have_class(re.compile("warning|ok"))
