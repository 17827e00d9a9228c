"""The product as it is installed: `rihla serve` in a process of its own, signed in by typing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journey.scenarios.conftest import installed, settings_of
from tests.journey.scenarios.driver import PASSWORD
from tests.prepared import PreparedDatabases
from tests.product.server import Server
from tests.web.browser.conftest import window_of
from tests.web.browser.window import Window

pytestmark = pytest.mark.xdist_group("browser-looks")

HOMES = {
    "case_worker.irbid": "/tasks",
    "hq_coordinator.hq": "/reports",
    "process_owner.hq": "/processes",
    "auditor.hq": "/cases",
    "admin.hq": "/users",
}
"""The first page of each one's day."""


@pytest.fixture(scope="module")
def served(prepared: PreparedDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the installed product answers."""
    folder = tmp_path_factory.mktemp("served")
    url = prepared.fresh("sqlite", "installed", installed, folder)
    settings = settings_of(folder, url)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("clock", "master_key", "secret_key"):
            patch.setenv(f"RIHLA_{name.upper()}", getattr(settings, name))
        server = Server(folder, url)
    with server:
        yield f"http://127.0.0.1:{server.port}"


def signed_in(browser: Browser, url: str, user: str) -> Window:
    """A window whose user has typed name and password."""
    window = window_of(browser, url, None, None)
    window.open("/")
    window.page.locator("[name=username]").fill(user)
    window.page.locator("[name=password]").fill(PASSWORD)
    window.click("main form button")
    return window


def test_everybody_begins_on_the_first_page_of_their_day(browser: Browser, served: str) -> None:
    for user, home in HOMES.items():
        window = signed_in(browser, served, user)
        assert window.path == home
        assert window.problems == []
        window.page.context.close()


def test_signing_out_ends_the_session_at_the_server(browser: Browser, served: str) -> None:
    window = signed_in(browser, served, "case_worker.irbid")
    kept = window.page.context.cookies()
    window.open("/account")
    window.click("main form[action='/sign-out'] button")
    assert window.path == "/sign-in"
    window.page.context.add_cookies(kept)  # type: ignore[arg-type]  # as they were given out
    window.open("/tasks")
    assert window.path.startswith("/sign-in"), "a copy of the session is of no use"
    assert window.problems == []
