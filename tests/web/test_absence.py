"""Being away: a colleague stands in, from a day to a day."""

from __future__ import annotations

import pytest
from lxml import html
from werkzeug.test import TestResponse

from engine.records import SYSTEM, Role
from tests.web.driver import Page, Pages, errors, words

WORKER = "case_worker.irbid"
COLLEAGUE = "second_worker.irbid"


def read(answer: TestResponse) -> Page:
    """The page of an answer."""
    page: Page = html.fromstring(answer.text)
    return page


@pytest.fixture
def colleague(pages: Pages) -> str:
    """Somebody else with the same work at Irbid."""
    pages.product.engine.identity.users.create(
        SYSTEM,
        COLLEAGUE,
        name="زميلة ثانية",
        password="a long demonstration password",
        roles=[Role.CASE_WORKER],
        units=["naf:irbid"],
        must_change_password=False,
    )
    return COLLEAGUE


def test_naming_and_ending(pages: Pages, colleague: str) -> None:
    day = pages.story.now
    typed = {
        "substitute": colleague,
        "valid_from": f"{day:%d/%m/%Y}",
        "valid_to": f"{day:%d/%m/}{day.year + 1}",
    }
    assert pages.submit(WORKER, "/absence", typed).location == "/absence"
    assert "زميلة ثانية" in words(pages.see(WORKER, "/absence"))
    head = pages.see("branch_head.irbid", "/absence", lang="en")
    assert "زميلة ثانية stands in for" in words(head)
    [end] = head.xpath("//form[contains(@action, '/end')]/@action")
    assert pages.post("case_worker.zarqa", end).status_code in (403, 404)
    assert pages.post("branch_head.irbid", end).location == "/absence"
    assert "زميلة ثانية" not in words(pages.see("branch_head.irbid", "/absence", lang="en"))


def test_what_is_missing_is_said(pages: Pages, colleague: str) -> None:
    answer = pages.submit(
        WORKER, "/absence", {"substitute": "", "valid_from": "soon", "valid_to": ""}
    )
    assert answer.status_code == 422
    page = read(answer)
    assert set(errors(page)) == {"substitute", "valid_from", "valid_to"}
    assert 'value="soon"' in answer.text


def test_days_the_wrong_way_round(pages: Pages, colleague: str) -> None:
    typed = {"substitute": colleague, "valid_from": "10/02/2026", "valid_to": "01/02/2026"}
    answer = pages.submit(WORKER, "/absence", typed)
    assert answer.status_code == 422
    assert "valid_to" in errors(read(answer))


def test_who_has_no_tasks_has_no_substitute(pages: Pages) -> None:
    assert pages.get("auditor.hq", "/absence").status_code == 403
