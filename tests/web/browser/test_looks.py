"""Every page that links lead to, looked at: no rule of accessibility broken (WCAG 2.2 AA), nothing
wider than the window, a picture kept of each; for every role, in both languages, on a screen and on
a tablet."""

from __future__ import annotations

import os
from collections import Counter
from urllib.parse import urldefrag, urlsplit

import pytest
from werkzeug.routing import MapAdapter

from tests.journey.scenarios.driver import Story
from tests.web.browser.conftest import PageAs
from tests.web.browser.site import Site
from tests.web.browser.window import Window
from tests.web.permissions import COLUMNS
from tests.web.places import HERE, offered, referred
from web import create_pages

MORE = [("ar", 800), ("en", 1280)]
SOAK = bool(os.environ.get("RIHLA_SOAK"))
"""Whether there is time for every language at every width, and for each role's view of a page."""
PLACES = [
    pytest.param("ar", 1280, marks=pytest.mark.soak),
    pytest.param("en", 800, marks=pytest.mark.soak),
    *(pytest.param(*place, marks=pytest.mark.soak) for place in MORE if SOAK),
]
DOWNLOADS = {"cases.download", "processes.file"}
PAPER = (".pdf", ".csv", ".xlsx", ".bpmn")


def furnish(story: Story) -> None:
    """Somebody in mediation, somebody whose referral waits for an answer, and what is late."""
    referred(story, "irbid", **HERE)
    offered(story, "irbid", national_id="9900000001", first_name="رنا", last_name="العمري")
    story.until("2026-01-20")


def looked_at(window: Window, routes: MapAdapter, seen: set[str]) -> None:
    """Look at every page that links lead the user to, one address of each route."""
    visits: Counter[str] = Counter()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        window.open(path)
        endpoint = routes.match(urlsplit(window.path).path, method="GET")[0]
        name = f"page-{endpoint}-{(window.user or '').split('.')[0]}"
        if (name if SOAK else endpoint) not in seen:
            seen.add(name if SOAK else endpoint)
            window.look(name)
        links = window.page.locator("a[href^='/']").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        for link in sorted({urldefrag(link)[0] for link in links}):
            endpoint = routes.match(urlsplit(link).path, method="GET")[0]
            paper = urlsplit(link).path.endswith(PAPER) or endpoint in DOWNLOADS
            if not visits[endpoint] and not paper:
                visits[endpoint] += 1
                waiting.append(link)


@pytest.mark.parametrize(("lang", "width"), PLACES)
def test_every_page(site: Site, page_as: PageAs, lang: str, width: int) -> None:
    furnish(site.story)
    product = site.product
    pages = create_pages(product.settings, product.engine, product.journey)
    seen: set[str] = set()
    for user in COLUMNS:
        looked_at(page_as(user, lang, width), pages.url_map.bind("localhost"), seen)
