"""In a real browser: an owner changes a deadline and publishes it; an auditor steps through the
case that ran on it, with mouse, keyboard and slider."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journey.scenarios import steps
from tests.web.browser.conftest import PageAs
from tests.web.browser.site import Site
from tests.web.browser.window import Window

pytestmark = pytest.mark.xdist_group("browser-looks")

OWNER = "process_owner.hq"
AUDITOR = "auditor.hq"

LOOKS = [("ar", 1280), ("en", 800)]


def editor(page_as: PageAs, lang: str, width: int = 1280) -> Window:
    window = page_as(OWNER, lang, width).open("/processes")
    window.click("a[href='/processes/contact/edit']")
    expect(window.page.locator("#editor")).to_have_attribute("data-ready", "yes")
    return window


def first_deadline(page: Page) -> Locator:
    return page.locator("#deadlines input[type=number]").first


def change(page: Page, days: str) -> None:
    first_deadline(page).fill(days)
    first_deadline(page).press("Enter")
    expect(page.locator("#unsaved")).to_be_visible()


def publish(page: Page, note: str) -> None:
    page.fill("#note", note)
    page.click("#publish-form button")
    page.click("#publish-dialog [data-answer=yes]")
    expect(page.locator("#outcome")).to_be_visible()
    expect(page.locator("#publish-form button")).to_be_enabled()


@pytest.mark.parametrize(("lang", "width"), LOOKS)
def test_a_deadline_is_changed_and_the_case_replayed(
    site: Site, page_as: PageAs, lang: str, width: int
) -> None:
    window = editor(page_as, lang, width)
    page = window.page
    assert first_deadline(page).input_value() == "2"
    change(page, "4")
    expect(page.locator("#check-status")).to_have_class("check-status warning")
    window.look("processes_edit")
    publish(page, "four days")
    expect(page.locator("#outcome")).to_have_class("notice ok")
    expect(page.locator("#unsaved")).to_be_hidden()
    assert page.locator("#outcome li").count() == 2

    steps.opened(site.story)
    assert site.story.due("case_worker.irbid", "contact_client").startswith("2026-01-09")
    steps.contacted(site.story)
    window = page_as(AUDITOR, lang, width).open(f"/cases/{site.story.case}/history")
    page = window.page
    expect(page.locator("#history")).to_have_attribute("data-ready", "yes")
    page.click("[data-step=first]")
    expect(page.locator("[data-element-id=contact_client].is-active").first).to_be_visible()
    assert page.locator(".token").count() == 1
    window.look("history")
    page.click("[data-step=on]")
    expect(page.locator("#diagram-choice")).to_have_value("profiling")
    expect(page.locator("[data-element-id=readiness_interview].is-active").first).to_be_visible()
    page.select_option("#diagram-choice", "contact")
    expect(page.locator("[data-element-id=contact_client].is-done").first).to_be_visible()
    assert page.locator(".djs-connection.is-taken").count() >= 4


def test_an_error_stands_at_its_element_and_undo_takes_it_away(page_as: PageAs) -> None:
    window = editor(page_as, "ar")
    page = window.page
    page.locator("#deadlines summary").first.click()
    rule = page.locator("#deadlines textarea").first
    rule.fill("=add working days(today(),")
    rule.blur()
    expect(page.locator("#check-status")).to_have_class("check-status error")
    expect(page.locator(".finding-badge.error")).to_have_count(1)
    window.look("processes_edit_error")
    publish(page, "broken")
    expect(page.locator("#outcome")).to_have_class("notice error")
    assert page.input_value("#note") == "broken"
    page.click("[data-act=undo]")
    expect(page.locator(".finding-badge.error")).to_have_count(0)
    assert first_deadline(page).input_value() == "2"


def test_two_owners_at_once_lose_nothing(page_as: PageAs) -> None:
    mine, theirs = editor(page_as, "en").page, editor(page_as, "en").page
    change(theirs, "7")
    publish(theirs, "seven")
    change(mine, "9")
    publish(mine, "nine")
    expect(mine.locator("#outcome")).to_have_class("notice warning")
    mine.locator("#outcome button").first.click()
    expect(mine.locator("#outcome li")).to_have_count(1)
    assert first_deadline(mine).input_value() == "9"
    mine.locator("#outcome button").last.click()
    expect(mine.locator("#outcome")).to_have_class("notice ok")
    expect(mine.locator("#outcome a").last).to_have_attribute("href", "/processes/contact/3")


def test_the_slider_goes_the_way_the_reader_reads(site: Site, page_as: PageAs) -> None:
    steps.opened(site.story)
    steps.contacted(site.story)
    for lang, back in (("ar", "ArrowRight"), ("en", "ArrowLeft")):
        page = page_as(AUDITOR, lang).open(f"/cases/{site.story.case}/history").page
        expect(page.locator("#history")).to_have_attribute("data-ready", "yes")
        page.focus("#slider")
        page.keyboard.press(back)
        expect(page.locator("[data-part=number]")).to_have_text("1")
        expect(page.locator("#steps [aria-current]")).to_have_attribute("data-seq", "1")
        assert page.url.endswith("seq=1")


def test_a_check_of_an_upload_keeps_the_chosen_files(page_as: PageAs) -> None:
    window = page_as(OWNER, "ar").open("/processes/upload")
    page = window.page
    page.set_input_files(
        "#f-files", {"name": "a.form", "mimeType": "application/json", "buffer": b"{"}
    )
    page.click("button[value=check]")
    expect(page.locator("#upload-result table")).to_be_visible()
    assert page.evaluate("document.getElementById('f-files').files.length") == 1
    window.look("processes_upload")
