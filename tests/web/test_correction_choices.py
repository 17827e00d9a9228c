"""A finished form offers what it offered when it was filled in, to be corrected or read."""

from __future__ import annotations

from tests.journey.scenarios import answers, steps
from tests.web.driver import Pages, words

WORKER = "case_worker.irbid"


def test_a_finished_referral_offers_and_names_its_destinations(pages: Pages) -> None:
    story = pages.story
    steps.opened(story)
    steps.grouped_b(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    task = story.task(WORKER, "issue_referral", state="completed")
    form = pages.product.engine.tasks.form(
        pages.product.engine.identity.actor_for_token(pages.token(WORKER)), task["id"]
    )
    path, choices = next((path, many) for path, many in form.options.items() if path in form.data)
    assert choices
    page = pages.see(WORKER, f"/tasks/{task['id']}/correct", lang="en")
    fields = page.xpath(f"//*[@name='{path}']")
    assert fields
    for choice in choices:
        assert choice.label_en in words(page)
    read = words(pages.see(WORKER, f"/tasks/{task['id']}", lang="en"))
    chosen = next(one for one in choices if one.value == form.data[path])
    assert chosen.label_en in read
