"""One case on one page: where it stands, what is next, what is known, what can be done with it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from lxml import html

from tests.journey.scenarios import answers
from tests.web.driver import Pages, errors, words
from tests.web.places import HERE, SECRETS, both, referred

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
AUDITOR = "auditor.hq"
PROVIDER = "service_provider.vtc_irbid"
PDF = b"%PDF-1.4\n%%EOF\n"


def opened(pages: Pages) -> str:
    """A case at its first step."""
    pages.story.register(WORKER)
    pages.story.open_journey(WORKER, "naf:irbid")
    return pages.story.case


def at_provider(pages: Pages) -> str:
    """A case of group B whose referral waits at a training provider."""
    story = pages.story
    case = opened(pages)
    story.do(WORKER, "contact_client", channel="phone", attempt_result="interviewed_at_once")
    story.do(WORKER, "readiness_interview", **answers.NOT_READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    story.do(WORKER, "grouping_decision")
    there = answers.TRAINING_IRBID
    story.do(WORKER, "agree_action_plan", **answers.plan(there, "2026-01-14"))
    story.do(WORKER, "contact_provider", destination=there, contact_person="قسم القبول")
    story.do(
        WORKER,
        "issue_referral",
        destination_name=there,
        destination_address="وسط المدينة",
        intervention_type="training",
    )
    return case


def upload(pages: Pages, case: str, name: str, content: bytes) -> Any:
    """Send a file to a case."""
    sent = {
        "file": (io.BytesIO(content), name),
        "note": "شهادة",
        "csrf_token": pages.csrf(WORKER),
    }
    return pages.client(WORKER).post(
        f"/cases/{case}/attachments", data=sent, content_type="multipart/form-data"
    )


def link_text(page: html.HtmlElement, path: str) -> list[str]:
    """What the links to an address say."""
    return [" ".join(one.text_content().split()) for one in page.xpath(f"//a[@href='{path}']")]


def test_the_next_step_is_one_big_button(pages: Pages) -> None:
    case = opened(pages)
    task = pages.story.task(WORKER, "contact_client")["id"]
    page = pages.see(WORKER, f"/cases/{case}", lang="en")
    big = page.xpath("//main//*[contains(@class, 'big')]")
    assert [one.get("href") for one in big] == [f"/tasks/{task}"]
    assert "سلمى الخطيب" in words(page)
    assert [one.text_content().split()[-1] for one in page.xpath("//li[@class='here']")] == [
        "Contact"
    ]


def test_waiting_says_for_whom_and_until_when(pages: Pages) -> None:
    case = referred(pages.story, "irbid", **HERE)
    page = pages.see(WORKER, f"/cases/{case}", lang="en")
    assert page.xpath("//main//*[contains(@class, 'big')]") == []
    waiting = " ".join(page.xpath("string(//ul[@class='waiting'])").split())
    assert "Employment office, Irbid" in waiting
    assert re.search(r"until \d+ \w+ 20\d\d", waiting)
    assert "Mediation" in page.xpath("string(//li[@class='here'])")


def calendar_days(page: html.HtmlElement) -> dict[str, str]:
    """What the calendar calls each line → the day beside it."""
    lines = page.xpath("//*[@id='calendar']//li[span[@class='when']]")
    return {
        " ".join(one.xpath("string(span[2]//bdi)").split()): one.xpath("string(span[1])")
        for one in lines
    }


def test_the_last_day_of_a_deadline_stands_in_the_calendar_as_at_the_task(pages: Pages) -> None:
    case = at_provider(pages)
    days = calendar_days(pages.see(WORKER, f"/cases/{case}", lang="en"))
    assert days["Accept the referral at the service provider"] == "6 January 2026"
    assert days["The partner must have answered by now"] == "6 January 2026"
    assert days["Still no answer: the branch head is told"] == "19 January 2026"
    assert days["Two days before the client must report"] == "12 January 2026"
    pages.story.do(PROVIDER, "provider_accept", referral_decision="accepted")
    days = calendar_days(pages.see(WORKER, f"/cases/{case}", lang="en"))
    assert days["Service and feedback"] == "18 January 2026"
    assert days["The partner must have reported by now"] == "18 January 2026"


def test_who_made_a_link_is_named(pages: Pages) -> None:
    case = at_provider(pages)
    task = pages.story.task(PROVIDER, "provider_accept")["id"]
    engine = pages.product.engine
    with engine.database.reading() as tx:
        worker = engine.identity.actor(tx, WORKER)
    engine.links.issue(worker, task)
    page = pages.see(WORKER, f"/cases/{case}", lang="en")
    told = page.xpath("string(//ul[@class='links'])")
    assert "made on 4 January 2026 by أخصائي الحالة - إربد" in " ".join(told.split())


def test_everything_known_is_there_also_what_the_partner_answered(pages: Pages) -> None:
    case = referred(pages.story, "irbid", **HERE)
    page = pages.see(WORKER, f"/cases/{case}", lang="en")
    shown = page.xpath("//*[@id='answers']//details")
    assert len(shown) == 8
    text = words(page)
    assert "0600000777" in text
    assert "خياطة منزلية" in text  # the interview
    assert "Accepted" in page.xpath("string(//*[@id='answers'])")  # the employment office
    calendar = page.xpath("//*[@id='calendar']//h3")
    assert [one.text for one in calendar] == ["Under way", "Planned", "Done"]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_earlier_journeys_are_named_and_linked(pages: Pages, lang: str) -> None:
    first = opened(pages)
    pages.post(HEAD, f"/cases/{first}/cancel", {"reason": "انتقلت العائلة"})
    pages.story.open_journey(WORKER, "naf:irbid")
    page = pages.see(WORKER, f"/cases/{pages.story.case}", lang=lang)
    cycles = page.xpath("//ol[@class='cycles']/li")
    assert len(cycles) == 2
    assert cycles[1].xpath(".//a/@href") == [f"/cases/{first}"]
    closed = pages.see(WORKER, f"/cases/{first}", lang=lang)
    assert closed.xpath("//main//form[contains(@action, 'links')]") == []


def test_a_comment_is_kept_and_an_empty_one_is_refused_at_its_field(pages: Pages) -> None:
    case = opened(pages)
    path = f"/cases/{case}/comments"
    assert pages.post(WORKER, path, {"text": "<b>تتصل مساءً</b>"}).status_code == 303
    shown = pages.get(WORKER, f"/cases/{case}").text
    assert "&lt;b&gt;تتصل مساءً&lt;/b&gt;" in shown
    refused = pages.post(WORKER, path, {"text": "  "})
    assert refused.status_code == 422
    assert set(errors(html.fromstring(refused.text))) == {"text"}


def test_a_document_is_saved_and_never_served_as_a_page(pages: Pages) -> None:
    case = opened(pages)
    saved = upload(pages, case, "شهادة.pdf", PDF)
    assert saved.status_code == 303
    page = pages.see(WORKER, f"/cases/{case}")
    (path,) = page.xpath("//*[@id='documents']//a[@download]/@href")
    assert page.xpath("//input[@type='file']/@accept")[0].startswith(".pdf")
    answer = pages.get(WORKER, path)
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert pages.get("case_worker.zarqa", path).status_code == 404
    assert pages.get("mol_officer.irbid", path).status_code == 404


def test_who_added_a_document_takes_it_back_with_a_reason(pages: Pages) -> None:
    case = opened(pages)
    upload(pages, case, "شهادة.pdf", PDF)
    page = pages.see(WORKER, f"/cases/{case}")
    (path,) = page.xpath("//*[@id='documents']//a[@download]/@href")
    (back,) = page.xpath("//*[@id='documents']//a[contains(@href, '/withdraw')]/@href")
    head = pages.see("branch_head.irbid", f"/cases/{case}")
    assert not head.xpath("//*[@id='documents']//a[contains(@href, '/withdraw')]")
    refused = pages.submit(WORKER, back, {"reason": " "})
    assert refused.status_code == 422
    assert set(errors(html.fromstring(refused.text))) == {"reason"}
    taken = pages.submit(WORKER, back, {"reason": "تخص شخصاً آخر"})
    assert (taken.status_code, taken.location) == (303, f"/cases/{case}#documents")
    assert pages.get(WORKER, path).status_code == 404
    assert not pages.see(WORKER, f"/cases/{case}").xpath("//*[@id='documents']//a[@download]")
    history = words(pages.see(WORKER, f"/cases/{case}/history", lang="en"))
    assert "A document was taken back" in history
    assert "تخص شخصاً آخر" in history


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>"),
        ("picture.png", b"<script>"),
        ("", b""),
        ("big.pdf", PDF * 680_000),
    ],
)
def test_a_file_that_is_not_accepted_is_refused_at_its_field(
    pages: Pages, name: str, content: bytes
) -> None:
    case = opened(pages)
    answer = upload(pages, case, name, content)
    assert answer.status_code == 422
    assert set(errors(html.fromstring(answer.text))) == {"file"}


def test_the_head_hands_over_and_the_branch_no_longer_sees_the_case(pages: Pages) -> None:
    case = opened(pages)
    path = f"/cases/{case}/transfer"
    refused = pages.submit(HEAD, path, {"unit": "naf:zarqa", "reason": ""})
    assert refused.status_code == 422
    assert set(errors(html.fromstring(refused.text))) == {"reason"}
    done = pages.submit(HEAD, path, {"unit": "naf:zarqa", "reason": "سكنت في الزرقاء"})
    assert (done.status_code, done.location) == (303, "/cases")
    assert pages.get(HEAD, f"/cases/{case}").status_code == 404
    assert pages.get("case_worker.zarqa", f"/cases/{case}").status_code == 200


def test_the_head_ends_a_case_with_a_reason(pages: Pages) -> None:
    case = opened(pages)
    assert pages.submit(HEAD, f"/cases/{case}/cancel", {"reason": " "}).status_code == 422
    done = pages.submit(HEAD, f"/cases/{case}/cancel", {"reason": "توفيت"})
    assert done.status_code == 303
    page = pages.see(HEAD, f"/cases/{case}", lang="en")
    assert page.xpath("//main//*[contains(@class, 'big')]") == []
    assert "This journey ended on" in words(page)
    assert "Hand over or end" not in words(page)


def test_a_worker_is_not_offered_what_only_the_head_may_do(pages: Pages) -> None:
    case = opened(pages)
    page = pages.see(WORKER, f"/cases/{case}")
    assert link_text(page, f"/cases/{case}/cancel") == []
    assert pages.get(WORKER, f"/cases/{case}/cancel").status_code == 403
    assert pages.post(WORKER, f"/cases/{case}/cancel", {"reason": "لا"}).status_code == 403


def test_a_link_for_a_provider_is_shown_once_and_can_be_withdrawn(pages: Pages) -> None:
    case = at_provider(pages)
    made = pages.submit(WORKER, f"/cases/{case}", {"valid_until": ""}, lang="en")
    assert made.status_code == 200
    shown = html.fromstring(made.text)
    address = str(shown.xpath("string(//input[@readonly]/@value)"))
    assert re.fullmatch(r"http://localhost/r/[0-9a-f]+\.[\w\-]+", address)
    assert shown.xpath("//*[name()='svg' and contains(@class, 'segno')]")
    token = address.split("/r/")[1]
    assert pages.product.engine.links.holder(token)[0].instance_id == case
    page = pages.see(WORKER, f"/cases/{case}", lang="en")
    assert token not in html.tostring(page, encoding="unicode")
    assert "works until" in page.xpath("string(//*[@id='links'])")
    (revoke,) = page.xpath("//form[contains(@action, '/revoke')]/@action")
    assert pages.post("case_worker.zarqa", revoke).status_code == 404
    assert pages.post(WORKER, revoke).status_code == 303
    page = pages.see(WORKER, f"/cases/{case}", lang="en")
    assert "withdrawn" in page.xpath("string(//*[@id='links'])")


@pytest.mark.parametrize("until", ["gestern", "01/01/2020"])
def test_a_link_needs_a_day_ahead(pages: Pages, until: str) -> None:
    case = at_provider(pages)
    refused = pages.submit(WORKER, f"/cases/{case}", {"valid_until": until})
    assert refused.status_code == 422
    assert set(errors(html.fromstring(refused.text))) == {"valid_until"}


def test_who_may_only_see_where_a_case_stands_reads_nothing_of_the_client(pages: Pages) -> None:
    case, person = both(pages)["zarqa"]
    for user in ("hq_coordinator.hq", "process_owner.hq", "admin.hq"):
        answer = pages.get(user, f"/cases/{case}")
        assert answer.status_code == 200
        assert not [secret for secret in SECRETS if secret in answer.text], user
        assert person not in answer.text
        listed = pages.get(user, "/cases").text
        assert not [secret for secret in SECRETS if secret in listed], user
    for user in (WORKER, HEAD, "mol_officer.zarqa", "service_provider.vtc_irbid"):
        assert pages.get(user, f"/cases/{case}").status_code == 404
    assert SECRETS[1] in pages.get(AUDITOR, f"/cases/{case}").text


def test_the_list_is_filtered_and_keeps_to_the_branch(pages: Pages) -> None:
    cases = both(pages)

    def listed(user: str, query: str) -> list[str]:
        page = pages.see(user, f"/cases{query}", lang="en")
        return [str(one).split("/")[-1] for one in page.xpath("//tbody//a/@href")]

    assert listed(WORKER, "") == [cases["irbid"][0]]
    assert set(listed(AUDITOR, "")) == {case for case, _ in cases.values()}
    assert listed(AUDITOR, "?unit=naf:zarqa") == [cases["zarqa"][0]]
    assert listed(AUDITOR, "?state=completed") == []
    assert listed(AUDITOR, "?number=r-2026-000001") in ([cases["irbid"][0]], [])
    assert listed(AUDITOR, "?state=nonsense&process=client_journey") != []
    assert listed("mol_officer.irbid", "") == []
