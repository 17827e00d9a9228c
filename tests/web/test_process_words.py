"""Processes, their steps and what the checks say are told in the reader's language everywhere."""

from __future__ import annotations

import re

from settings import ROOT
from tests.journey.scenarios import answers, steps
from tests.web.driver import Pages, words
from web.texts import catalogue

OWNER = "process_owner.hq"
AUDITOR = "auditor.hq"
WORKER = "case_worker.irbid"
PROVIDER = "service_provider.vtc_irbid"

CONTACT = (ROOT / "bpmn" / "processes" / "contact.bpmn").read_text(encoding="utf-8")
BROKEN = CONTACT.replace("=add working days(today(), 2)", "=add working days(today(), ", 1)


def test_processes_are_named_in_the_readers_language(pages: Pages) -> None:
    for path, names in (
        ("/processes", ("رحلة العميل", "Client journey")),
        ("/processes/contact", ("الاتصال والدعوة", "Contact and invitation")),
        ("/processes/contact/1", ("الاتصال والدعوة", "Contact and invitation")),
        ("/processes/contact/edit", ("الاتصال والدعوة", "Contact and invitation")),
        ("/cases", ("رحلة العميل", "Client journey")),
    ):
        for lang, told, other in (("ar", *names), ("en", *reversed(names))):
            page = words(pages.see(OWNER, path, lang=lang))
            assert told in page, (path, lang)
            assert other not in page, (path, lang)
    assert "Part ofClient journey" in words(pages.see(OWNER, "/processes", lang="en"))


def test_running_cases_are_counted_on_the_page(pages: Pages) -> None:
    for national_id in ("9901234599", "9901234598"):
        pages.story.register(WORKER, national_id=national_id)
        pages.story.open_journey(WORKER, "naf:irbid")
    page = words(pages.see(OWNER, "/processes", lang="en"))
    assert re.search(r"Client journey client_journey .*?Running cases\s*2\b", page)


def test_what_a_check_found_is_said_in_arabic_too(pages: Pages) -> None:
    assert BROKEN != CONTACT
    body = {"key": "contact", "xml": BROKEN}
    for lang, letters in (("ar", "[ء-ي]"), ("en", "^[^ء-ي]+$")):
        answer = pages.send(OWNER, "POST", "/processes/check", body, lang=lang)
        [first, *_] = answer.get_json()["findings"]
        assert first["severity"] == "error"
        for said in (first["message"], first["suggestion"]):
            assert re.search(letters, said), (lang, said)


def test_the_history_tells_what_a_partner_did_through_a_link(pages: Pages) -> None:
    story, engine = pages.story, pages.product.engine
    steps.opened(story)
    steps.grouped_b(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    worker = engine.identity.actor_for_token(pages.token(WORKER))
    task = story.task(PROVIDER, "provider_accept")
    link, token = engine.links.issue(worker, task["id"])
    form = "//form[@data-task-form]"
    sent = pages.submit(None, f"/r/{token}", {"referral_decision": "accepted"}, form=form)
    assert sent.status_code == 302
    engine.links.revoke(worker, link.id)
    engine.comments.add(worker, story.case, "to be seen")
    path = f"/cases/{story.case}/history"
    english = words(pages.see(AUDITOR, path, lang="en"))
    assert "A partner, through a link" in english
    assert "link:" not in english
    arabic = words(pages.see(AUDITOR, path))
    for told in (
        "A link was given to a partner",
        "A partner's link was ended",
        "A comment was written",
    ):
        assert told in english
        assert str(catalogue()[told].string) in arabic
    steps_told = pages.see(AUDITOR, path, lang="en").xpath("//ol[@id='steps']/li/a/span")
    assert len(steps_told) > 5
    # People's names are as they are.
    said = [words(one).replace("أخصائي الحالة - إربد", "") for one in steps_told]
    assert not [one for one in said if re.search("[ء-ي]", one)]
