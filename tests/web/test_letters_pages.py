"""Printing through the pages: who may print what, and what comes out."""

from __future__ import annotations

from tests.web.driver import Pages
from tests.web.places import ELSEWHERE, SECRETS, both
from tests.web.printed import has, text_of

WORKER, OFFICER = "case_worker.irbid", "mol_officer.irbid"


def _pdf(pages: Pages, user: str, path: str, lang: str = "ar") -> bytes:
    answer = pages.get(user, path, lang=lang)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    return bytes(answer.data)


def _task(pages: Pages, user: str, case: str, element: str, state: str = "open") -> str:
    return str(pages.story.task(user, element, case, state=state)["id"])


def test_a_worker_prints_letter_case_and_forms_of_the_own_branch(pages: Pages) -> None:
    case, _person = both(pages)["irbid"]
    for lang in ("ar", "en"):
        letter = _pdf(pages, WORKER, f"/letters/referral/{case}.pdf", lang)
        assert has(letter, "0600000777")
        file = _pdf(pages, WORKER, f"/letters/case/{case}.pdf", lang)
        assert has(file, "0600000777")
    assert has(file, "What the rule proposed")
    assert has(file, "Ready for a job under realistic conditions")
    done = _task(pages, WORKER, case, "readiness_interview", "completed")
    form = _pdf(pages, WORKER, f"/letters/task/{done}.pdf?language=en", "ar")
    assert has(form, "Completed by")
    blank = _pdf(pages, WORKER, f"/letters/task/{done}.pdf?blank=1", "en")
    assert has(blank, "Form to be filled in on paper")


def test_a_partner_prints_the_own_form_but_neither_case_nor_letter(pages: Pages) -> None:
    case, _person = both(pages)["irbid"]
    task = _task(pages, OFFICER, case, "mol_mediate")
    form = _pdf(pages, OFFICER, f"/letters/task/{task}.pdf?blank=1", "en")
    assert has(form, "Form to be filled in on paper")
    assert not has(form, "health")
    for path in (f"/letters/case/{case}.pdf", f"/letters/referral/{case}.pdf"):
        assert pages.get(OFFICER, path).status_code == 404
    assert pages.get(WORKER, f"/letters/task/{task}.pdf").status_code == 404


def test_another_branchs_papers_do_not_exist(pages: Pages) -> None:
    places = both(pages)
    case, _person = places["zarqa"]
    for path in (f"/letters/case/{case}.pdf", f"/letters/referral/{case}.pdf"):
        answer = pages.get(WORKER, path)
        assert answer.status_code == 404
        assert not any(secret in answer.text for secret in SECRETS)
    own = text_of(_pdf(pages, WORKER, f"/letters/case/{places['irbid'][0]}.pdf"))
    assert ELSEWHERE["phone"] not in own


def test_overseers_get_no_papers_that_show_the_person(pages: Pages) -> None:
    case, _person = both(pages)["irbid"]
    file = _pdf(pages, "auditor.hq", f"/letters/case/{case}.pdf", "en")
    assert has(file, "may not see the person's particulars")
    assert not has(file, "0600000777")
    assert pages.get("auditor.hq", f"/letters/referral/{case}.pdf").status_code == 404
    for user in ("hq_coordinator.hq", "process_owner.hq", "admin.hq"):
        assert pages.get(user, f"/letters/case/{case}.pdf").status_code == 403
        assert pages.get(user, f"/letters/referral/{case}.pdf").status_code == 403


def test_nobody_prints_without_signing_in(pages: Pages) -> None:
    answer = pages.get(None, "/letters/case/whatever.pdf")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def test_only_a_link_of_this_site_gets_into_a_letter(pages: Pages) -> None:
    case, _person = both(pages)["irbid"]
    path = f"/letters/referral/{case}.pdf"
    good = pages.post(WORKER, path, {"link": "http://localhost/r/some-token"}, lang="en")
    assert good.status_code == 200
    assert has(good.data, "without an account")
    for bad in ("https://elsewhere.example/r/x", "javascript:alert(1)", ""):
        assert pages.post(WORKER, path, {"link": bad}).status_code == 422
    assert pages.post(WORKER, path, {"link": "x"}, csrf=False).status_code == 400


def test_a_journey_without_a_referral_has_no_letter_yet(pages: Pages) -> None:
    story = pages.story
    story.register(WORKER)
    story.open_journey(WORKER, "naf:irbid")
    answer = pages.get(WORKER, f"/letters/referral/{story.case}.pdf")
    assert answer.status_code == 409
    assert "إحالة" in answer.text
    empty = _pdf(pages, WORKER, f"/letters/case/{story.case}.pdf", "en")
    assert has(empty, "Case file")
