"""One tab of one user's browser. Whatever goes wrong in it behind a page's back is a problem: an
error on the console, a broken policy, a lost request, an answer of 500, anything fetched from
elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response

from settings import ROOT

SHOTS = ROOT / "var" / "screenshots"
SHOOT = bool(os.environ.get("RIHLA_SHOTS"))
"""With RIHLA_SHOTS=1 every page that is looked at leaves a picture for people."""
RULES: dict[str, Any] = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
"""WCAG 2.2 AA, its new rule on the size of targets (off unless asked for), good practice. None of
their rules needs files fetched beforehand, and no page has frames."""

_ANSWERED = re.compile(r"the server responded with a status of 4(01|03|04|09|10|22|29)")
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_axe = Axe()


@dataclass
class Window:
    """A tab, the site it shows, and what went wrong so far."""

    page: Page
    url: str
    user: str | None
    lang: str
    width: int
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("requestfailed", self._lost)
        self.page.on("response", self._answered)
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: dialog.accept())  # "Are you sure?" Yes.

    # -- going about

    def open(self, path: str, status: int = 200) -> Window:
        """Go to a path, which must answer with `status`."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == status, (self.user, path, answer.status)
        return self

    @property
    def path(self) -> str:
        """Where it is, without the site."""
        return self.page.url.removeprefix(self.url)

    @property
    def main(self) -> Locator:
        """The page's own content."""
        return self.page.locator("main")

    def text(self) -> str:
        """What the page's content says, on one line."""
        return " ".join(self.main.inner_text().split())

    @contextmanager
    def moving(self) -> Iterator[None]:
        """What happens inside leads to another page, which is there when this ends."""
        with self.page.expect_navigation(wait_until="load"):
            yield

    def click(self, where: str | Locator) -> None:
        """Click what leads to another page: a selector, or what was found. What is folded away
        is opened first."""
        found = (self.page.locator(where) if isinstance(where, str) else where).first
        self.unfold(found)
        with self.moving():
            found.click()

    def unfold(self, found: Locator) -> None:
        """Open what hides `found`."""
        folded = found.locator("xpath=ancestor::details[not(@open)]")
        for _each in range(folded.count()):
            folded.first.locator("> summary").click()

    # -- looking

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page for people to look at."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        file = SHOTS / f"{name}-{self.lang}-{self.width}.png"
        self.page.screenshot(path=file, full_page=True, animations="disabled")

    def faults(self) -> list[str]:
        """What is wrong with the page for somebody who cannot see, point, or scroll sideways."""
        found = [
            f"{rule['id']}: {node['html'][:160]} ({rule['help']})"
            for rule in _axe.run(self.page, options=RULES).response["violations"]
            for node in rule["nodes"]
        ]
        wanted = ("rtl", "ar") if self.lang == "ar" else ("ltr", "en")
        root = self.page.locator("html")
        if (root.get_attribute("dir"), root.get_attribute("lang")) != wanted:
            found.append(f"the page does not say that it is {wanted}")
        if (wider := self.page.evaluate(_WIDER)) > 0:
            found.append(f"{wider} px wider than the window")
        return found

    def look(self, name: str) -> None:
        """No fault; a picture of what has one, and of everything if pictures are wanted."""
        faults = self.faults()
        if SHOOT or faults:
            self.shot(name)
        assert not faults, "\n".join([f"{self.path} ({self.lang}, {self.width}):", *faults])

    # -- problems

    def _heard(self, message: ConsoleMessage) -> None:
        # That a form is refused with 422 is an answer; the browser's console calls it an error.
        if message.type == "error" and not (
            _ANSWERED.search(message.text) and "/static/" not in message.location["url"]
        ):
            self.problems.append(f"console: {message.text} ({self.path})")

    def _lost(self, request: Request) -> None:
        # A page that is left takes its open requests with it.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"lost: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status}: {response.request.method} {response.url}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", "about:")):
            self.problems.append(f"from elsewhere: {request.url}")
