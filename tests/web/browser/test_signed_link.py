"""A provider without an account: the branch makes a link, the provider answers through it, in two
windows that know nothing of each other."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import PageAs
from tests.web.browser.filling import fill, refused
from tests.web.browser.people import FORM, SUBMIT
from tests.web.browser.site import Site
from tests.web.browser.window import Window
from tests.web.places import HERE, offered

pytestmark = pytest.mark.xdist_group("browser-paths")

WORKER, INSTITUTE = "case_worker.irbid", "service_provider.vtc_irbid"


def made_link(branch: Window, case: str) -> str:
    """The path of a new link, read from the page that shows it once."""
    branch.open(f"/cases/{case}")
    branch.click(f"main form[action='/cases/{case}/links'] button")
    branch.look("link-made")
    address = branch.page.locator("#address").input_value()
    return address.removeprefix(branch.url)


@pytest.mark.parametrize(("lang", "width"), [("ar", 800), ("en", 1280)])
def test_a_provider_answers_through_a_link(
    site: Site, page_as: PageAs, lang: str, width: int
) -> None:
    case = offered(site.story, "irbid", **HERE)
    path = made_link(page_as(WORKER, lang, width), case)

    provider = page_as(None, lang, width).open(path)
    provider.look("link")
    text = provider.text()
    assert "الخطيب" in text
    assert provider.page.locator("nav.menu").count() == 0, "there is nothing else to go to"
    form = provider.main.locator(FORM).first
    fill(form, {"referral_decision": "rejected"})
    provider.click(form.locator(SUBMIT).last)
    assert refused(provider.page) == ["rejection_reason"]
    provider.look("link-refused")
    form = provider.main.locator(FORM).first
    fill(form, {"referral_decision": "accepted"})
    provider.click(form.locator(SUBMIT).last)
    provider.look("link-sent")
    assert site.story.todo(INSTITUTE, case) == ["provider_feedback"]

    # The same link opens what is asked next, and nothing else of the site.
    provider.open(path)
    fill(
        provider.main.locator(FORM).first,
        {
            "service_result": "completed",
            "service_end_date": "2026-01-04",
            "service_duration_weeks": 1,
            "actual_result": "شهادة حضور",
        },
    )
    provider.click(provider.main.locator(FORM).first.locator(SUBMIT).last)
    assert "record_outcome_reported" in site.story.todo(WORKER, case)
    provider.open("/tasks")
    assert provider.path.startswith("/sign-in")


def test_a_withdrawn_link_opens_nothing(site: Site, page_as: PageAs) -> None:
    case = offered(site.story, "irbid", **HERE)
    branch = page_as(WORKER)
    path = made_link(branch, case)
    branch.open(f"/cases/{case}")
    branch.click("main form[action$='/revoke'] button")
    provider = page_as(None)
    provider.open(path, status=410)
    provider.look("link-withdrawn")
    provider.open("/r/made.up", status=404)
    assert "الخطيب" not in provider.text()
