"""The work list: what is next, whose tasks, filters, search."""

from __future__ import annotations

import pytest

from engine.tasks import MOST_COUNTED
from tests.web.driver import Page, Pages, words
from web.formats import counted

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"


def registered(pages: Pages, number: int, first: str, last: str) -> str:
    """A person of Irbid with a journey just opened; its contact task."""
    story = pages.story
    story.register(WORKER, national_id=f"990765432{number}", first_name=first, last_name=last)
    story.open_journey(WORKER, "naf:irbid")
    return str(story.task(WORKER, "contact_client")["id"])


def listed(page: Page) -> list[str]:
    """Whom the list shows, in its order."""
    return [str(each.text_content()).strip() for each in page.xpath("//*[@class='work-client']")]


def test_an_empty_list_says_what_to_do(pages: Pages) -> None:
    page = pages.see(WORKER, "/tasks", lang="en")
    assert "register a client" in words(page)
    assert page.xpath("//main//a[@href='/persons']")
    partner = pages.see("mol_officer.irbid", "/tasks", lang="en")
    assert not partner.xpath("//main//a[@href='/persons']")
    assert "referred to you" in words(partner)


def test_the_first_due_is_the_next_thing(pages: Pages) -> None:
    registered(pages, 1, "سلمى", "الخطيب")
    pages.story.pass_days(1)
    registered(pages, 2, "رنا", "الزعبي")
    page = pages.see(WORKER, "/tasks")
    [box] = page.xpath("//section[contains(@class, 'next-task')]")
    assert "سلمى الخطيب" in box.text_content()
    assert listed(page) == ["سلمى الخطيب", "رنا الزعبي"]
    assert "R-2026-000001" in words(page)


def test_ones_own_tasks_and_the_branchs(pages: Pages) -> None:
    mine = registered(pages, 1, "سلمى", "الخطيب")
    registered(pages, 2, "رنا", "الزعبي")
    pages.post(WORKER, f"/tasks/{mine}/claim")
    assert listed(pages.see(WORKER, "/tasks")) == ["سلمى الخطيب"]
    whole = pages.see(WORKER, "/tasks?scope=unit", lang="en")
    assert sorted(listed(whole)) == ["رنا الزعبي", "سلمى الخطيب"]
    tabs = [link.text_content() for link in whole.xpath("//nav[@class='tabs']//a")]
    assert tabs == ["My tasks (1)", "Whole branch (2)"]
    assert "with \u2068أخصائي الحالة - إربد\u2069" in words(
        pages.see(HEAD, "/tasks?scope=unit", lang="en")
    )


def test_late_tasks_are_marked_and_can_be_shown_alone(pages: Pages) -> None:
    registered(pages, 1, "سلمى", "الخطيب")
    pages.story.pass_days(5)
    registered(pages, 2, "رنا", "الزعبي")
    page = pages.see(WORKER, "/tasks?scope=unit")
    assert len(page.xpath("//ul[@class='work']//*[contains(@class, 'late')]")) == 1
    assert listed(pages.see(WORKER, "/tasks?scope=unit&due=overdue")) == ["سلمى الخطيب"]
    week = pages.see(WORKER, "/tasks?scope=unit&due=week")
    assert listed(week) == ["سلمى الخطيب", "رنا الزعبي"]
    none = pages.see(WORKER, "/tasks?scope=unit&element=readiness_interview")
    assert listed(none) == []


@pytest.mark.parametrize("typed", ["الخطيب", "سلمي", "سَلْمى", "9907654321", "R-2026-000001"])
def test_search_by_what_the_worker_has_at_hand(pages: Pages, typed: str) -> None:
    registered(pages, 1, "سلمى", "الخطيب")
    registered(pages, 2, "رنا", "الزعبي")
    answer = pages.post(WORKER, "/tasks/search", {"q": typed})
    assert "سلمى الخطيب" in answer.text
    assert "رنا" not in answer.text
    stranger = pages.post("case_worker.zarqa", "/tasks/search", {"q": typed})
    assert "سلمى" not in stranger.text.replace(typed, "")


def test_pages_of_a_long_list(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.task_list.PAGE_SIZE", 2)
    for number, first in enumerate(("سلمى", "رنا", "ليث"), 1):
        registered(pages, number, first, "الخطيب")
    first = pages.see(WORKER, "/tasks?scope=unit")
    [following] = first.xpath("//a[@rel='next']/@href")
    second = pages.see(WORKER, str(following))
    assert len(listed(first)) == 2
    assert len(listed(second)) == 1
    assert not set(listed(first)) & set(listed(second))
    found = pages.post(WORKER, "/tasks/search", {"q": "الخطيب"})
    assert "الخطيب" not in found.request.full_path
    assert 'name="cursor"' in found.text


def test_a_made_up_place_in_the_list_is_refused(pages: Pages) -> None:
    assert pages.get(WORKER, "/tasks?cursor=nonsense").status_code == 422
    assert pages.get(WORKER, "/tasks?scope=nonsense&due=nonsense").status_code == 200


def test_a_count_that_was_not_finished_says_so(pages: Pages) -> None:
    with pages.app.test_request_context():
        assert [counted(number) for number in (0, 999)] == ["0", "999"]
        assert counted(MOST_COUNTED) == "\u20661,000+\u2069"
