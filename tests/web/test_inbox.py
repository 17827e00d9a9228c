"""Reminders: new ones first, read once they were opened."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.records import Role
from tests.web.driver import Pages, words

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"


def remind(pages: Pages, text: str, *, task: str | None = None, case: str | None = None) -> None:
    engine = pages.product.engine
    with engine.database.transaction() as tx:
        engine.notifications.notify(
            tx,
            role=Role.CASE_WORKER,
            unit="naf:irbid",
            kind="deadline",
            text_ar=f"{text} بالعربية",
            text_en=f"{text} in English",
            at=datetime(2026, 1, 4, 8, tzinfo=UTC),
            task_id=task,
            instance_id=case,
        )


def test_nothing_to_read(pages: Pages) -> None:
    assert "There are no reminders" in words(pages.see(WORKER, "/notifications", lang="en"))


def test_opening_a_reminder_marks_it_and_leads_to_its_task(pages: Pages) -> None:
    story = pages.story
    story.register(WORKER)
    story.open_journey(WORKER, "naf:irbid")
    task = story.task(WORKER, "contact_client")["id"]
    remind(pages, "Call", task=task)
    page = pages.see(WORKER, "/notifications", lang="en")
    assert "Call in English" in words(page)
    assert "Call بالعربية" in words(pages.see(WORKER, "/notifications"))
    assert page.xpath("string(//a[@class='bell']/@aria-label)") == "1 unread reminder"
    [path] = page.xpath("//main//form[contains(@action, '/read')]/@action")[:1]
    assert pages.post(WORKER, path).location == f"/tasks/{task}"
    after = pages.see(WORKER, "/notifications", lang="en")
    assert "Earlier" in words(after)
    assert "New" not in [each.text for each in after.xpath("//h2")]


def test_a_reminder_of_a_task_that_is_gone_asks_for_nothing(pages: Pages) -> None:
    story = pages.story
    story.register(WORKER)
    case = story.open_journey(WORKER, "naf:irbid")["id"]
    task = story.task(WORKER, "contact_client")["id"]
    remind(pages, "Call", task=task, case=case)
    pages.post(HEAD, f"/cases/{case}/cancel", {"reason": "انتقلت العائلة"})
    page = pages.see(WORKER, "/notifications", lang="en")
    assert "no task waits any more" in words(page)
    assert "انتهى أمره" in words(pages.see(WORKER, "/notifications"))
    assert "New" not in [each.text for each in page.xpath("//h2")]
    assert page.xpath("string(//a[@class='bell']/@aria-label)") == "0 unread reminders"
    assert page.xpath("//main//a[@class='button secondary']/@href") == [f"/cases/{case}"]


def test_a_reminder_about_nothing_is_just_read(pages: Pages) -> None:
    remind(pages, "Meeting")
    page = pages.see(WORKER, "/notifications", lang="en")
    assert "I have read it" in words(page)
    [path] = page.xpath("//main//form[contains(@action, '/read')]/@action")[:1]
    assert pages.post(WORKER, path).location == "/notifications"
    assert pages.post("case_worker.zarqa", path).status_code == 404


def test_all_at_once(pages: Pages) -> None:
    for text in ("One", "Two", "Three"):
        remind(pages, text)
    pages.post(WORKER, "/notifications/read")
    page = pages.see(WORKER, "/notifications", lang="en")
    assert page.xpath("string(//a[@class='bell']/@aria-label)").startswith("0")
