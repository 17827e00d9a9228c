"""What every tour does: open windows, fill forms in, take the next picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator

from api import create_app
from tests.journey.scenarios.driver import Story
from tests.web.browser.camera import HEIGHT, WIDTH, photograph, photograph_paper
from tests.web.browser.conftest import window_of
from tests.web.browser.filling import fill
from tests.web.browser.people import FORM
from tests.web.browser.site import Site
from tests.web.browser.window import Window


class QuickStory(Story):
    """A story that is told for its pictures: what it records is proved by the scenarios."""

    def _compare(self) -> None:
        pass


@dataclass
class Tour:
    """One tutorial's way through an installation of its own, in one language."""

    who: str
    lang: str
    site: Site
    browser: Browser
    folder: Path
    taken: int = 0
    """Pictures taken so far; each belongs to the step of this number."""
    _windows: dict[str | None, Window] = field(default_factory=dict)

    @cached_property
    def story(self) -> QuickStory:
        """The same installation over HTTP, for what happens between the pictures."""
        product = self.site.product
        api = create_app(product.settings, product.engine, product.journey)
        return QuickStory(product, api, self.site.tokens)

    def said(self, arabic: str, english: str) -> str:
        """What a person types, in the language of the tour."""
        return arabic if self.lang == "ar" else english

    def window(self, user: str | None) -> Window:
        """The window of a user; None is somebody who has not signed in."""
        if user not in self._windows:
            token = self.site.token(user) if user else None
            self._windows[user] = window_of(
                self.browser, self.site.url, user, token, lang=self.lang, width=WIDTH
            )
            self._windows[user].page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        return self._windows[user]

    def task(self, user: str, element: str, instance: str | None = None, **typed: Any) -> Window:
        """The page of an open task, with its form filled in as far as told."""
        task = self.story.task(user, element, instance)
        window = self.window(user).open(f"/tasks/{task['id']}")
        if typed:
            fill(window.main.locator(FORM).first, typed)
        return window

    def take(
        self,
        window: Window,
        *,
        at: str | Locator | None = None,
        height: int = HEIGHT,
        mark: str | Locator | Iterable[str | Locator] = (),
    ) -> None:
        """The picture of the next step: from the page's top or from `at` downwards; `mark` is what
        the reader is told to press or to look at."""
        found = [mark] if isinstance(mark, str | Locator) else list(mark)
        photograph(
            window.page,
            self._next_file(),
            at=_located(window, at) if at is not None else None,
            height=height,
            mark=[_located(window, one) for one in found],
        )

    def take_paper(self, window: Window, path: str, *, height: int = HEIGHT, **form: str) -> None:
        """The picture of the next step is a printed sheet; with `form` it is asked for by POST."""
        address = window.url + path
        asked = window.page.context.request
        answer = asked.post(address, form={**form}) if form else asked.get(address)
        assert answer.ok, (path, answer.status)
        photograph_paper(self.browser, answer.body(), self._next_file(), height=height)

    def close(self) -> None:
        """Close the windows; nothing may have gone wrong in any."""
        problems = [problem for window in self._windows.values() for problem in window.problems]
        for window in self._windows.values():
            window.page.context.close()
        assert problems == [], problems

    def _next_file(self) -> Path:
        self.taken += 1
        return self.folder / f"{self.lang}-{self.who}-{self.taken}.webp"


def _located(window: Window, where: str | Locator) -> Locator:
    return window.page.locator(where) if isinstance(where, str) else where
