"""Incidents: told in plain words, tried again, and what came of it."""

from __future__ import annotations

import pytest

from engine.records import SYSTEM
from engine.source_files import SourceFile
from tests.api.conftest import FILES
from tests.web.driver import Pages, words

ADMIN = "admin.hq"


@pytest.fixture
def stuck(pages: Pages) -> str:
    """A case that stands still at once; its id."""
    content = (FILES / "wait.bpmn").read_bytes()
    pages.product.engine.deployments.deploy(SYSTEM, [SourceFile("wait.bpmn", content)], "test")
    body = {"unit": "naf:irbid", "variables": {"broken": "x"}}
    made = pages.story.call("case_worker.irbid", "POST", "/processes/wait/instances", body)
    return str(made.get_json()["id"])


def test_told_in_plain_words_without_the_case_s_data(pages: Pages, stuck: str) -> None:
    page = pages.see(ADMIN, "/incidents", lang="en")
    [heading] = page.xpath("//main//section/h2")
    assert heading.text_content().endswith(".")
    assert page.xpath(f"//main//a[@href='/cases/{stuck}']")
    assert "It is 'x'" not in words(page)
    cleared = words(pages.see(ADMIN, "/incidents?state=resolved", lang="en"))
    assert cleared.endswith("Nothing was cleared yet.")


def test_tried_again_in_vain(pages: Pages, stuck: str) -> None:
    [retry] = pages.see(ADMIN, "/incidents").xpath("//form[contains(@action, '/retry')]/@action")
    assert pages.post(ADMIN, retry, lang="en").location == "/incidents"
    page = pages.see(ADMIN, "/incidents", lang="en")
    assert "failed again" in words(page)
    assert page.xpath("//form[contains(@action, '/retry')]")


def test_nothing_stands_still(pages: Pages) -> None:
    assert "Nothing stands still" in words(pages.see(ADMIN, "/incidents", lang="en"))
