"""Signing in, the language, and what is refused, by clicking."""

from __future__ import annotations

import pytest

from tests.journey.scenarios.driver import PASSWORD
from tests.web.browser.conftest import PageAs

pytestmark = pytest.mark.xdist_group("browser-looks")


def test_signing_in_leads_to_where_one_wanted_to_go(page_as: PageAs) -> None:
    window = page_as(None)
    window.open("/account")
    assert window.path == "/sign-in?next=/account"
    window.look("sign-in")
    page = window.page
    page.locator("[name=username]").fill("case_worker.irbid")
    page.locator("[name=password]").fill("wrong")
    window.click("main form button")
    assert page.locator("main [role=alert]").count() == 1
    window.look("sign-in-refused")
    page.locator("[name=password]").fill(PASSWORD)
    window.click("main form button")
    assert window.path == "/account"


@pytest.mark.parametrize("width", [1280, 800])
def test_the_language_changes_where_one_stands(page_as: PageAs, width: int) -> None:
    window = page_as("case_worker.irbid", "ar", width)
    window.open("/account").look("account")
    window.click("header button[name=language]")
    window.lang = "en"
    assert window.path == "/account"
    window.look("account")
