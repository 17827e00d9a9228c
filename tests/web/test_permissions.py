"""The table of `permissions.py`, tried out cell by cell; a page without a row fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.web.attempt import Attempt
from tests.web.attempts import MAKERS
from tests.web.driver import Pages
from tests.web.permissions import COLUMNS, EVERYBODY, TABLE

UNSPOKEN = {"HEAD", "OPTIONS"}


def nameless(route: str) -> str:
    """A route whose variables have no names: `GET /tasks/<>`."""
    return re.sub(r"<[^>]*>", "<>", route)


def routes(pages: Pages) -> set[str]:
    """Every method and address of the pages."""
    return {
        nameless(f"{method} {rule.rule}")
        for rule in pages.app.url_map.iter_rules()
        for method in (rule.methods or set()) - UNSPOKEN
    }


def cells() -> Iterator[tuple[str, str, str, str]]:
    """(route, place, user, expected)."""
    for route, row in TABLE.items():
        letters = row.split()
        assert len(letters) == len(COLUMNS), route
        for number, place in enumerate(("irbid", "zarqa")):
            for user, cell in zip(COLUMNS, letters, strict=True):
                yield route, place, user, cell[number % len(cell)]


class Trial:
    """Tries cells one after the other; a thing that nobody has touched yet serves the next cell."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._fresh: tuple[str, str, Attempt] | None = None

    def got(self, route: str, place: str, user: str) -> str:
        """What the user gets, in the letters of the table."""
        method = route.split(" ", maxsplit=1)[0]
        if self._fresh is not None and self._fresh[:2] == (route, place):
            attempt = self._fresh[2]
        else:
            attempt = MAKERS[route](self._pages, place)
        if method == "GET":
            answer = self._pages.get(user, attempt.path)
        elif attempt.body is not None:
            answer = self._pages.send(user, method, attempt.path, attempt.body)
        else:
            answer = self._pages.post(user, attempt.path, attempt.form(user), method=method)
        assert not (answer.location or "").startswith("/sign-in"), (route, user)
        done = answer.status_code < 400
        used = done and method != "GET"
        self._fresh = None if used else (route, place, attempt)
        if done:
            return "y"
        return {403: "-", 404: "."}.get(answer.status_code, f"{answer.status_code} {answer.text}")


def test_every_page_has_a_row(pages: Pages) -> None:
    known = {nameless(route) for route in TABLE} | {nameless(route) for route in EVERYBODY}
    assert routes(pages) == known
    assert set(TABLE) == set(MAKERS)


def test_every_cell(pages: Pages) -> None:
    trial = Trial(pages)
    wrong = [
        (route, place, user, expected, got)
        for route, place, user, expected in cells()
        if (got := trial.got(route, place, user)) != expected
    ]
    assert wrong == []


def test_who_is_not_signed_in_is_asked_to(pages: Pages) -> None:
    for route in TABLE:
        method, path = route.split(" ", maxsplit=1)
        path = re.sub(r"<ending>", "csv", path)
        path = re.sub(r"<[^>]*>", "1", path)
        answer = pages.post(None, path, method=method, csrf=method != "GET")
        assert answer.status_code == 302, (route, answer.status_code)
        assert answer.location.startswith("/sign-in"), (route, answer.location)


def test_nothing_is_done_without_the_forms_token(pages: Pages) -> None:
    for route in (*TABLE, *EVERYBODY):
        method, path = route.split(" ", maxsplit=1)
        if method == "GET":
            continue
        path = re.sub(r"<[^>]*>", "1", path)
        answer = pages.post("case_worker.irbid", path, csrf=False, method=method)
        assert answer.status_code == 400, (route, answer.status_code)
