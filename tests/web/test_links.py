"""Every link that a page shows leads to a page that its reader may see; nobody reads about somebody
of another office, neither on the pages that links lead to nor at any address tried by hand."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product as combinations
from urllib.parse import urldefrag, urljoin

import pytest
from lxml import html
from werkzeug.test import TestResponse

from tests.web.driver import Pages
from tests.web.permissions import COLUMNS
from tests.web.places import SECRETS, both

PER_PAGE = 3
"""So many addresses of each route are visited: twenty tasks are shown by the same page."""
STRANGERS = (
    "case_worker.irbid",
    "branch_head.irbid",
    "mol_officer.irbid",
    "service_provider.vtc_irbid",
    "process_owner.hq",
    "admin.hq",
)
"""Who may not know anything of a person of Zarqa."""


def told(text: str) -> list[str]:
    """What a page says that only Zarqa may read."""
    return [secret for secret in SECRETS if secret in text]


def read(answer: TestResponse) -> str:
    """What can be read of an answer without a program for it."""
    return answer.text if (answer.mimetype or "").startswith(("text/", "application/json")) else ""


def walk(pages: Pages, user: str, lang: str) -> dict[str, str]:
    """Every page that links lead `user` to, from the first one on: address → text."""
    routes = pages.app.url_map.bind("localhost")
    visits: Counter[str] = Counter()
    seen: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        answer = pages.get(user, path, lang=lang, follow_redirects=True)
        assert answer.status_code == 200, f"{user} is led to {path}: {answer.status_code}"
        seen[path] = read(answer)
        if answer.mimetype != "text/html":
            continue
        page = html.fromstring(answer.text)
        for link in sorted({str(each.get("href")) for each in page.iter("a") if each.get("href")}):
            target, anchor = urldefrag(urljoin(answer.request.path, link))
            if link.startswith("#"):
                assert page.xpath("//*[@id=$id]", id=anchor), f"{path}: no place called {link}"
            if not target.startswith("/") or link.startswith("#"):
                continue
            endpoint, _values = routes.match(target.split("?")[0], method="GET")
            if visits[endpoint] < PER_PAGE:
                visits[endpoint] += 1
                waiting.append(target)
    return seen


@pytest.mark.parametrize("lang", ["ar", pytest.param("en", marks=pytest.mark.soak)])
def test_every_link_leads_somewhere(pages: Pages, lang: str) -> None:
    both(pages)
    for user in COLUMNS:
        seen = walk(pages, user, lang)
        if user in STRANGERS:
            assert {path: told(text) for path, text in seen.items() if told(text)} == {}, user


@pytest.mark.parametrize(
    "strangers",
    [STRANGERS[::2], pytest.param(STRANGERS[1::2], marks=pytest.mark.soak)],
    ids=["some", "the others"],
)
def test_nobody_reads_of_another_offices_person_at_any_address(
    pages: Pages, strangers: tuple[str, ...]
) -> None:
    case, person = both(pages)["zarqa"]
    story = pages.story
    tasks = [
        task["id"]
        for user in ("case_worker.zarqa", "mol_officer.zarqa")
        for state in ("open", "completed")
        for task in story.tasks(user, case, state=state)
    ]
    assert len(tasks) > 7
    ids = [case, person, tasks[0], tasks[-1], "naf:zarqa", "offices", "client_journey", "1"]
    leaks = []
    for rule in pages.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        holes = re.findall(r"<[^>]+>", rule.rule)
        for chosen in combinations(ids, repeat=len(holes)):
            path = rule.rule
            for hole, value in zip(holes, chosen, strict=True):
                path = path.replace(hole, value, 1)
            for user in strangers:
                answer = pages.get(user, path)
                assert answer.status_code < 500, (user, path)
                if told(read(answer)):
                    leaks.append((user, path))
    assert leaks == []
