"""One task: filling in, drafts, errors, unusual answers, who was first, handing over."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from werkzeug.test import TestResponse

from engine.records import SYSTEM, Paging, TaskState
from tests.journey.scenarios import answers, steps
from tests.web.driver import Page, Pages, errors, words

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
CONTACT = {"channel": "phone", "attempt_result": "interviewed_at_once"}
FORM = "//form[@data-task-form]"


def read(answer: TestResponse) -> Page:
    """The page of an answer."""
    page: Page = html.fromstring(answer.text)
    return page


@pytest.fixture
def contact(pages: Pages) -> str:
    """The address of a contact task at Irbid."""
    pages.story.register(WORKER)
    pages.story.open_journey(WORKER, "naf:irbid")
    return f"/tasks/{pages.story.task(WORKER, 'contact_client')['id']}"


def task_of(pages: Pages, path: str) -> Any:
    return pages.product.engine.tasks.get(SYSTEM, path.rpartition("/")[2])


def test_the_page_tells_who_what_and_how_far(pages: Pages, contact: str) -> None:
    page = pages.see(WORKER, contact, lang="en")
    assert "سلمى الخطيب" in words(page)
    assert page.xpath("//ol[@class='steps']/li[@class='here']")
    assert page.xpath(f"//a[@href='/cases/{pages.story.case}']")
    assert page.xpath("//a[contains(@href, '/letters/task/')]")


def test_a_finished_task_leads_to_the_next_of_the_same_client(pages: Pages, contact: str) -> None:
    answer = pages.submit(WORKER, contact, CONTACT, form=FORM, lang="en")
    following = pages.story.task(WORKER, "readiness_interview")
    assert answer.status_code == 302
    assert answer.location == f"/tasks/{following['id']}"
    assert "Here is the next step" in words(pages.see(WORKER, answer.location, lang="en"))


def test_without_a_next_task_the_case_tells_what_happens(pages: Pages, contact: str) -> None:
    story = pages.story
    steps.grouped_a(story)
    plan = story.task(WORKER, "agree_action_plan")
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    story.do(WORKER, "contact_provider", destination=answers.MEDIATION_IRBID, contact_person="أمل")
    issue = story.task(WORKER, "issue_referral")
    typed = {
        "destination_name": answers.MEDIATION_IRBID,
        "destination_address": "وسط المدينة",
        "intervention_type": "lm_mediation",
    }
    answer = pages.submit(WORKER, f"/tasks/{issue['id']}", typed, form=FORM)
    assert answer.location == f"/cases/{story.case}", read(answer).text_content()
    officer = story.task("mol_officer.irbid", "mol_accept")
    done = pages.submit(
        "mol_officer.irbid",
        f"/tasks/{officer['id']}",
        {"referral_decision": "accepted"},
        form=FORM,
    )
    assert done.location.startswith("/tasks")
    assert pages.get("mol_officer.irbid", f"/tasks/{plan['id']}").status_code == 404


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    pages: Pages, contact: str
) -> None:
    answer = pages.submit(WORKER, contact, {"contact_note": "اتصلت مرتين"}, form=FORM, lang="en")
    assert answer.status_code == 422
    page = read(answer)
    assert {"channel", "attempt_result"} <= set(errors(page))
    assert "اتصلت مرتين" in answer.text
    assert page.xpath("//*[@role='alert']//a[@href='#f-channel']")
    assert task_of(pages, contact).state is TaskState.OPEN


def test_a_page_sent_twice_is_accepted_once(pages: Pages, contact: str) -> None:
    page = pages.see(WORKER, contact)
    [form] = page.xpath(FORM)
    sent = {**dict(form.form_values()), **CONTACT}
    first = pages.post(WORKER, contact, sent)
    second = pages.post(WORKER, contact, sent)
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    assert len(pages.story.todo(WORKER)) == len(set(pages.story.todo(WORKER)))


def test_who_comes_second_keeps_what_was_typed(pages: Pages, contact: str) -> None:
    page = pages.see(HEAD, contact)
    [form] = page.xpath(FORM)
    sent = {**dict(form.form_values()), **CONTACT, "contact_note": "كتبت هذا ولم يصل"}
    pages.submit(WORKER, contact, CONTACT, form=FORM)
    answer = pages.post(HEAD, contact, sent, lang="ar")
    assert answer.status_code == 409
    assert "كتبت هذا ولم يصل" in answer.text
    assert "لم تُرسل إجاباتك" in answer.text


def test_a_task_that_was_taken_and_given_back_can_be_sent_again(pages: Pages, contact: str) -> None:
    page = pages.see(WORKER, contact, lang="en")
    [form] = page.xpath(FORM)
    sent = {**dict(form.form_values()), **CONTACT}
    pages.post(HEAD, f"{contact}/claim")
    pages.post(HEAD, f"{contact}/release")
    stale = pages.post(WORKER, contact, sent, lang="en")
    assert stale.status_code == 409
    [again] = read(stale).xpath(FORM)
    answer = pages.post(WORKER, contact, dict(again.form_values()), lang="en")
    assert answer.status_code == 302


def test_drafts_are_kept_with_and_without_javascript(pages: Pages, contact: str) -> None:
    kept = pages.submit(WORKER, contact, {"contact_note": "أول"}, form=FORM)
    assert kept.status_code == 422
    page = pages.see(WORKER, contact)
    sent = {**dict(page.xpath(FORM)[0].form_values()), "contact_note": "مسودة", "_save": "1"}
    assert pages.post(WORKER, contact, sent).location == contact
    again = pages.see(WORKER, contact, lang="en")
    assert again.xpath("string(//*[@name='contact_note'])").strip() == "مسودة"
    assert "Your draft is here" in words(again)
    typed = pages.post(WORKER, f"{contact}/draft", {"contact_note": "من المتصفح"}, method="PUT")
    assert typed.status_code == 204
    assert typed.headers["X-Saved-At"]
    assert "من المتصفح" in words(pages.see(WORKER, contact))
    assert task_of(pages, contact).state is TaskState.OPEN


def test_answers_decide_what_is_asked(pages: Pages, contact: str) -> None:
    phoned = pages.post(
        WORKER, f"{contact}/visibility", {"attempt_result": "appointment_agreed"}
    ).get_json()
    refused = pages.post(WORKER, f"{contact}/visibility", {"attempt_result": "refused"}).get_json()
    assert "appointment_at" not in phoned["hidden"]
    assert "appointment_at" in refused["hidden"]
    assert "appointment_at" in phoned["required"]


def test_unusual_answers_are_asked_about_once(
    pages: Pages, contact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"contact_note": ["Longer than usual."]}
    monkeypatch.setattr("web.task_page.OpenedTask.unusual", lambda _opened, _typed: said)
    asked = pages.submit(WORKER, contact, CONTACT, form=FORM, lang="en")
    assert asked.status_code == 422
    page = read(asked)
    assert "Longer than usual." in page.xpath("string(//*[@id='w-contact_note'])")
    assert "Please look once more" in words(page)
    [form] = read(asked).xpath(FORM)
    again = dict(form.form_values())
    assert "_confirmed" not in again, "somebody has to tick it"
    assert pages.post(WORKER, contact, again, lang="en").status_code == 422
    assert pages.post(WORKER, contact, {**again, "_confirmed": "1"}, lang="en").status_code == 302


def test_a_wage_below_the_minimum_is_unusual_by_the_days_parameters(
    pages: Pages, contact: str
) -> None:
    pages.story.do(WORKER, "contact_client", **CONTACT)
    interview = f"/tasks/{pages.story.task(WORKER, 'readiness_interview')['id']}"
    typed = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in answers.READY.items()
    }
    typed |= {"accepts_minimum_wage": "false", "expected_min_wage_jod": "2500"}
    asked = pages.submit(WORKER, interview, typed, form=FORM, lang="en")
    assert asked.status_code == 422
    assert read(asked).xpath("//*[@id='w-expected_min_wage_jod']")


def test_the_rules_proposal_stands_apart_with_its_reasons(pages: Pages, contact: str) -> None:
    story = pages.story
    story.do(WORKER, "contact_client", **CONTACT)
    story.do(WORKER, "readiness_interview", **answers.READY)
    story.do(WORKER, "readiness_decision")
    decision = f"/tasks/{story.task(WORKER, 'grouping_decision')['id']}"
    for lang, group in (("ar", "جاهز للعمل"), ("en", "A – job-ready")):
        [box] = pages.see(WORKER, decision, lang=lang).xpath("//section[@class='proposal']")
        assert group in box.text_content()
        reasons = [each.text_content() for each in box.xpath(".//li")]
        assert reasons
        assert all(" | " not in reason for reason in reasons)


def test_claiming_shows_colleagues_that_somebody_is_at_it(pages: Pages, contact: str) -> None:
    assert pages.post(WORKER, f"{contact}/claim").location == contact
    held = pages.see(HEAD, contact, lang="en")
    assert not held.xpath(FORM)
    assert "you can only read it" in words(held)
    assert pages.post(HEAD, f"{contact}/claim").status_code == 409
    assert pages.post(HEAD, f"{contact}/release").location == contact
    assert pages.see(HEAD, contact).xpath(FORM)


def test_handing_over(pages: Pages, contact: str) -> None:
    page = pages.see(WORKER, contact)
    assert page.xpath("//select[@name='assignee']/option/@value") == ["", HEAD]
    assert pages.post(WORKER, f"{contact}/assign", {"assignee": HEAD}).location == contact
    assert task_of(pages, contact).assignee == HEAD
    wrong = pages.post(
        HEAD, f"{contact}/assign", {"assignee": "mol_officer.irbid"}, follow_redirects=True
    )
    assert 'class="notice error"' in wrong.text
    assert task_of(pages, contact).assignee == HEAD


def test_a_task_without_a_form_is_one_button(pages: Pages, contact: str) -> None:
    steps.grouped_a(pages.story)
    steps.planned(pages.story, answers.MEDIATION_IRBID, "2026-01-14")
    pages.story.pass_days(20)
    found = pages.product.engine.tasks.list(SYSTEM, paging=Paging(200)).items
    [bare] = [task for task in found if task.form is None and task.element_id == "remind_client"]
    page = pages.see(WORKER, f"/tasks/{bare.id}", lang="en")
    [form] = page.xpath(FORM)
    assert [button.text_content() for button in form.xpath(".//button")] == ["It is done"]
    assert pages.post(WORKER, f"/tasks/{bare.id}", dict(form.form_values())).status_code == 302
    assert task_of(pages, f"/tasks/{bare.id}").state is TaskState.COMPLETED


def test_correcting_keeps_both_versions_and_needs_a_reason(pages: Pages, contact: str) -> None:
    pages.submit(WORKER, contact, {**CONTACT, "contact_note": "قديم"}, form=FORM)
    done = pages.see(WORKER, contact, lang="en")
    assert "قديم" in words(done)
    assert not done.xpath(FORM)
    assert done.xpath(f"//a[@href='{contact}/correct']")
    without = pages.submit(
        WORKER, f"{contact}/correct", {"contact_note": "جديد"}, form=FORM, lang="en"
    )
    assert without.status_code == 422
    assert "reason" in errors(read(without))
    assert "جديد" in without.text
    typed = {"contact_note": "جديد", "reason": "خطأ في الكتابة"}
    assert pages.submit(WORKER, f"{contact}/correct", typed, form=FORM).location == contact
    corrected = words(pages.see(WORKER, contact, lang="en"))
    assert "جديد" in corrected
    assert "Reason: خطأ في الكتابة" in corrected
    assert "قديم" in corrected.partition("Earlier answers")[2]


def test_an_open_task_is_filled_in_not_corrected(pages: Pages, contact: str) -> None:
    assert pages.get(WORKER, f"{contact}/correct").location == contact
    assert pages.get("mol_officer.irbid", f"{contact}/correct").status_code == 404


def test_json_does_not_wipe_a_draft(pages: Pages, contact: str) -> None:
    draft = f"{contact}/draft"
    kept = pages.post(WORKER, draft, {"contact_note": "kept"}, method="PUT")
    assert kept.status_code == 204
    assert pages.send(WORKER, "PUT", draft, {"contact_note": "x"}).status_code == 415
    assert "kept" in words(pages.see(WORKER, contact))


def test_a_draft_has_an_end(pages: Pages, contact: str) -> None:
    data = {"contact_note": "ش" * 300_000}
    answer = pages.post(WORKER, f"{contact}/draft", data, method="PUT")
    assert answer.status_code == 422


def test_the_partners_report_stands_above_the_outcome(pages: Pages) -> None:
    story = pages.story
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do("mol_officer.irbid", "mol_accept", referral_decision="accepted")
    report = {**answers.mediated("2026-01-18"), "feedback_note": "تبدأ يوم الأحد"}
    story.do("mol_officer.irbid", "mol_mediate", **report)
    story.do("mol_officer.irbid", "check_vacancy", **answers.CRITERIA)
    task = story.task(WORKER, "record_outcome_reported")["id"]
    page = pages.see(WORKER, f"/tasks/{task}")
    [section] = page.xpath("//section[h2='ما أبلغ به الشريك']")
    seen = [words(one) for one in section.xpath(".//dl[not(@hidden)]")]
    assert seen == ["نتيجة الوساطة تم التشغيل", "ملاحظة إلى الصندوق تبدأ يوم الأحد"]
    chosen = page.xpath("//input[@type='radio'][@checked]/@value")
    assert {"mol", "employed"} <= set(chosen)
