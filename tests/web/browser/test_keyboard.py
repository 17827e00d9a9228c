"""A whole interview with the keyboard alone, from the list of tasks to the rule's proposal."""

from __future__ import annotations

import pytest

from tests.journey.scenarios import answers, steps
from tests.web.browser.conftest import PageAs
from tests.web.browser.keyboard import choose, tab_to, tick, write
from tests.web.browser.site import Site

pytestmark = pytest.mark.xdist_group("browser-looks")

WORKER = "case_worker.irbid"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_an_interview_by_keyboard(site: Site, page_as: PageAs, lang: str) -> None:
    steps.opened(site.story)
    steps.contacted(site.story)
    task = site.story.task(WORKER, "readiness_interview")
    window = page_as(WORKER, lang).open("/tasks")
    page = window.page

    # The first Tab offers to pass the menu over.
    page.keyboard.press("Tab")
    with page.expect_event("framenavigated"):
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, f"a[href^='/tasks/{task['id']}']")
    with window.moving():
        page.keyboard.press("Enter")

    for name, answer in answers.READY.items():
        if isinstance(answer, list):
            for one in answer:
                tick(page, name, one)
        elif page.locator(f'main [name="{name}"]').first.get_attribute("type") == "radio":
            choose(page, name, str(answer).lower() if isinstance(answer, bool) else str(answer))
        else:
            write(page, name, str(answer))
    tab_to(page, "main form:has([data-form]) button:not([name^=_])")
    with window.moving():
        page.keyboard.press("Enter")
    assert site.story.todo(WORKER) == ["readiness_decision"], window.text()
    stored = site.story.shown(WORKER, "readiness_decision")
    assert stored["readiness_result"] == "ready"


def test_an_error_takes_the_focus_and_leads_to_its_field(site: Site, page_as: PageAs) -> None:
    steps.opened(site.story)
    task = site.story.task(WORKER, "contact_client")
    window = page_as(WORKER).open(f"/tasks/{task['id']}")
    page = window.page
    tab_to(page, "main form:has([data-form]) button:not([name^=_])")
    with window.moving():
        page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('[role=alert]') !== null")
    tab_to(page, "[role=alert] a")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_function("id => document.activeElement.id === id", arg=target.removeprefix("#"))
