"""The access log: every reading leaves a line, auditors find it, nobody else may."""

from __future__ import annotations

import pytest

from tests.web.driver import Pages, words
from tests.web.permissions import COLUMNS
from tests.web.places import SECRETS, both

AUDITOR = "auditor.hq"


def rows(pages: Pages, query: str = "") -> list[list[str]]:
    """The log's lines as they are read."""
    page = pages.see(AUDITOR, f"/access-log{query}", lang="en")
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
        for row in page.xpath("//tbody/tr")
    ]


def test_opening_a_person_leaves_a_line_that_the_auditor_finds(pages: Pages) -> None:
    case, person = both(pages)["irbid"]
    pages.see("branch_head.irbid", f"/persons/{person}")
    found = rows(pages, "?reader=branch_head.irbid")
    assert found
    assert {line[1] for line in found} == {"branch_head.irbid"}
    assert "Page of the client" in {line[3] for line in found}
    number = found[0][2].split()[0]
    assert number.startswith("R-")
    about = rows(pages, f"?subject={number}")
    assert {line[2].split()[0] for line in about} == {number}
    assert case in pages.get(AUDITOR, f"/access-log?subject={number}").text


def test_the_log_shows_no_names_and_no_national_ids(pages: Pages) -> None:
    both(pages)
    answer = pages.get(AUDITOR, "/access-log")
    assert not [secret for secret in SECRETS if secret in answer.text]


def test_pages_follow_each_other(pages: Pages) -> None:
    _case, person = both(pages)["irbid"]
    for _ in range(30):
        pages.get("case_worker.irbid", f"/persons/{person}")
    first = pages.see(AUDITOR, "/access-log", lang="en")
    (following,) = first.xpath("//a[@rel='next']/@href")
    second = pages.see(AUDITOR, str(following), lang="en")
    assert "First page" in words(second)
    assert len(first.xpath("//tbody/tr")) == 50


@pytest.mark.parametrize("user", [one for one in COLUMNS if one != AUDITOR])
def test_nobody_else_reads_the_log(pages: Pages, user: str) -> None:
    assert pages.get(user, "/access-log").status_code == 403
