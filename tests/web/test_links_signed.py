"""The page behind a signed link: one referral, for a partner without an account."""

from __future__ import annotations

import pytest
from lxml import html
from werkzeug.test import TestResponse

from engine.records import Actor
from tests.journey.scenarios import answers, steps
from tests.web.driver import Page, Pages, errors, words
from tests.web.printed import has

WORKER = "case_worker.irbid"
PROVIDER = "service_provider.vtc_irbid"
FORM = "//form[@data-task-form]"


def read(answer: TestResponse) -> Page:
    """The page of an answer."""
    page: Page = html.fromstring(answer.text)
    return page


def worker(pages: Pages) -> Actor:
    engine = pages.product.engine
    with engine.database.reading() as tx:
        return engine.identity.actor(tx, WORKER)


@pytest.fixture
def link(pages: Pages) -> str:
    """The address of a link to a training referral that waits for an answer."""
    story = pages.story
    steps.opened(story)
    steps.grouped_b(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    task = story.task(PROVIDER, "provider_accept")
    _, token = pages.product.engine.links.issue(worker(pages), task["id"])
    return f"/r/{token}"


def test_it_shows_one_referral_and_no_way_further(pages: Pages, link: str) -> None:
    answer = pages.get(None, link)
    page = read(answer)
    assert answer.status_code == 200
    assert "سلمى الخطيب" in words(page)
    assert page.xpath(FORM)
    assert not page.xpath("//nav")
    assert [str(href) for href in page.xpath("//a/@href")] == ["#content"]
    assert "/cases/" not in answer.text
    assert "/persons" not in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cache-Control"] == "no-store"


def test_accepting_thanks_and_asks_for_the_report(pages: Pages, link: str) -> None:
    wrong = pages.submit(None, link, {"referral_decision": "rejected"}, form=FORM, lang="en")
    assert wrong.status_code == 422
    assert errors(read(wrong))
    answer = pages.submit(None, link, {"referral_decision": "accepted"}, form=FORM, lang="en")
    assert answer.status_code == 302, words(read(answer))
    thanks = pages.see(None, answer.location, lang="en")
    assert "Thank you" in words(thanks)
    assert thanks.xpath(f"//a[@href='{link}']")
    page = pages.see(None, link, lang="en")
    assert page.xpath("//form[@data-task-form]//*[@name='service_result']")
    assert "provider_feedback" in pages.story.todo(PROVIDER)


def test_it_goes_on_with_an_extended_deadline(pages: Pages, link: str) -> None:
    story = pages.story
    story.do(PROVIDER, "provider_accept", referral_decision="accepted")
    for today, day in (("2026-01-19", "2026-01-21"), ("2026-01-22", "2026-01-24")):
        story.until(today)
        story.do(
            WORKER,
            "overdue_feedback",
            overdue_action="deadline_extended",
            extended_deadline=day,
            extension_reason="تبدأ الدورة في الأسبوع القادم",
        )
        page = pages.see(None, link, lang="en")
        assert page.xpath("//form[@data-task-form]//*[@name='service_result']")
    assert "24 January 2026" in words(page)


def test_who_answered_through_it_is_called_a_partner(pages: Pages, link: str) -> None:
    pages.submit(None, link, {"referral_decision": "accepted"}, form=FORM)
    case = pages.story.case
    for lang, called in (("en", "A partner, through a link"), ("ar", "شريك عبر رابط")):
        page = pages.see(WORKER, f"/cases/{case}", lang=lang)
        assert called in page.xpath("string(//*[@id='calendar'])")
        assert called in page.xpath("string(//*[@id='answers'])")
        assert "link:" not in words(page)
    file = bytes(pages.get(WORKER, f"/letters/case/{case}.pdf", lang="en").data)
    assert has(file, "A partner, through a link")
    assert not has(file, "link:")


def test_a_page_sent_twice_is_accepted_once(pages: Pages, link: str) -> None:
    [form] = pages.see(None, link).xpath(FORM)
    sent = {**dict(form.form_values()), "referral_decision": "accepted"}
    first, second = pages.post(None, link, sent), pages.post(None, link, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert pages.story.todo(PROVIDER) == ["provider_feedback"]


def test_it_opens_nothing_else(pages: Pages, link: str) -> None:
    other = pages.story.task(WORKER, "record_outcome")["id"]
    [form] = pages.see(None, link).xpath(FORM)
    sent = {**dict(form.form_values()), "_task": other, "referral_decision": "accepted"}
    answer = pages.post(None, link, sent)
    assert answer.status_code == 302
    assert "provider_accept" in pages.story.todo(PROVIDER)
    assert pages.get(None, f"/tasks/{other}").location.startswith("/sign-in")


def test_links_that_no_longer_hold_say_so(pages: Pages, link: str) -> None:
    token = link.rpartition("/")[2]
    unknown = pages.get(None, f"{link}x", lang="en")
    assert unknown.status_code == 404
    assert "This link is not right" in unknown.text
    engine = pages.product.engine
    engine.links.revoke(worker(pages), token.partition(".")[0])
    withdrawn = pages.get(None, link, lang="en")
    assert withdrawn.status_code == 410
    assert "withdrawn" in withdrawn.text
    assert "سلمى" not in withdrawn.text


def test_an_expired_link(pages: Pages, link: str) -> None:
    pages.story.pass_days(120)
    expired = pages.get(None, link, lang="en")
    assert expired.status_code == 410
    assert "has expired" in expired.text


def test_guessing_is_slowed_down(pages: Pages, link: str) -> None:
    wrong = link.partition(".")[0] + ".guess"
    statuses = [pages.get(None, wrong).status_code for _ in range(40)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
