"""Fixtures of the tests in a real browser: Chromium, a site, windows that users look through."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, sync_playwright

from app import Product
from tests.web.browser.chromium import Chromium, find
from tests.web.browser.people import ClickedStory
from tests.web.browser.seen import Seen
from tests.web.browser.site import Site
from tests.web.browser.window import Window
from web.context import LANGUAGE_COOKIE
from web.session import COOKIE

HEIGHT = 900
LOCALES = {"ar": "ar-JO", "en": "en-GB"}


class PageAs(Protocol):
    """Opens a window of a user (None: not signed in) in a language, so many pixels wide."""

    def __call__(
        self, user: str | None, lang: str = "ar", width: int = 1280, *, javascript: bool = True
    ) -> Window: ...


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """The browser's program; a machine without one fails."""
    return find()


@pytest.fixture(scope="session")
def browser(chromium: Chromium) -> Iterator[Browser]:
    """One browser with a fresh profile for the tests of a process."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium.path,
            args=list(chromium.arguments),
            env={**os.environ, **chromium.environment},
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Seen:
    """What all processes of this run have looked at."""
    own = tmp_path_factory.getbasetemp()
    return Seen((own if worker_id == "master" else own.parent) / "seen")


@pytest.fixture
def site(product: Product, page_tokens: dict[str, str]) -> Iterator[Site]:
    """A fresh installation, served."""
    with Site(product, page_tokens) as served:
        yield served


@pytest.fixture
def page_as(browser: Browser, site: Site) -> Iterator[PageAs]:
    """Opens windows onto the site; when the test ends nothing may have gone wrong in any."""
    windows: list[Window] = []

    def opened(
        user: str | None, lang: str = "ar", width: int = 1280, *, javascript: bool = True
    ) -> Window:
        token = site.token(user) if user else None
        window = window_of(
            browser, site.url, user, token, lang=lang, width=width, javascript=javascript
        )
        windows.append(window)
        return window

    yield opened
    problems = [problem for window in windows for problem in window.problems]
    for window in windows:
        window.page.context.close()
    assert problems == []


class Tell(Protocol):
    """A story told by clicking, in a language and at a width."""

    def __call__(
        self, lang: str = "ar", width: int = 1280, *, javascript: bool = True
    ) -> ClickedStory: ...


@pytest.fixture
def tell(site: Site, page_as: PageAs, seen: Seen) -> Tell:
    """Begins a story on the site."""

    def begin(lang: str = "ar", width: int = 1280, *, javascript: bool = True) -> ClickedStory:
        return ClickedStory(
            site.product,
            site.story.app,
            site.tokens,
            open_window=lambda user: page_as(user, lang, width, javascript=javascript),
            seen=seen,
            look_at_pages=javascript,
        )

    return begin


def window_of(
    browser: Browser,
    url: str,
    user: str | None,
    token: str | None,
    *,
    lang: str = "ar",
    width: int = 1280,
    javascript: bool = True,
) -> Window:
    """A window with cookies of its own; `token` signs its user in."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale=LOCALES[lang],
        timezone_id="Asia/Amman",
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(40_000)
    context.add_cookies([{"name": LANGUAGE_COOKIE, "value": lang, "url": url}])
    if token:
        context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
    return Window(context.new_page(), url, user, lang, width)
