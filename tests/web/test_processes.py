"""The pages of published processes: look, check, publish, upload."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from lxml import etree, html
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from engine.records import Actor
from settings import ROOT
from tests.api.conftest import body_of
from tests.web.driver import Pages, words

OWNER = "process_owner.hq"
AUDITOR = "auditor.hq"
WORKER = "case_worker.irbid"
PARTNER = "service_provider.vtc_irbid"

CONTACT = (ROOT / "bpmn" / "processes" / "contact.bpmn").read_text(encoding="utf-8")
DEADLINE = "=add working days(today(), 2)"
CHANGED = CONTACT.replace(DEADLINE, "=add working days(today(), 4)", 1)
BROKEN = CONTACT.replace(DEADLINE, "=add working days(today(), ", 1)


def check(pages: Pages, xml: str, user: str = OWNER, lang: str = "en") -> TestResponse:
    return pages.send(user, "POST", "/processes/check", {"key": "contact", "xml": xml}, lang=lang)


def publish(pages: Pages, xml: str, base: int = 1, user: str = OWNER, **more: Any) -> TestResponse:
    body = {"key": "contact", "xml": xml, "note": "four days", "base": base, **more}
    return pages.send(user, "POST", "/processes/publish", body, lang="en")


def upload(
    pages: Pages, action: str, *files: tuple[str, bytes], note: str = "", lang: str = "en"
) -> TestResponse:
    sent = [FileStorage(io.BytesIO(content), name) for name, content in files]
    data = {"action": action, "note": note, "csrf_token": pages.csrf(OWNER, lang), "files": sent}
    return pages.client(OWNER, lang).post(
        "/processes/upload", data=data, content_type="multipart/form-data"
    )


def actor(pages: Pages, user: str) -> Actor:
    return pages.product.engine.identity.actor_for_token(pages.token(user))


def newest(pages: Pages) -> int:
    return pages.product.engine.deployments.process(actor(pages, OWNER), "contact").number


def open_case(pages: Pages, **person: str) -> str:
    pages.story.register(WORKER, **person)
    opened: str = pages.story.open_journey(WORKER, "naf:irbid")["id"]
    return opened


def data_of(pages: Pages, path: str, element: str, lang: str = "ar") -> Any:
    page = pages.see(OWNER, path, lang=lang)
    return json.loads(page.xpath(f"string(//script[@id='{element}'])"))


class TestLooking:
    def test_every_process_is_listed_with_who_published_it_and_why(self, pages: Pages) -> None:
        page = pages.see(OWNER, "/processes", lang="en")
        assert len(page.xpath("//li[contains(@class, 'process-card')]")) == 9
        said = words(page)
        assert "Shipped with this release" in said
        assert "The system" in said
        arabic = words(pages.see(OWNER, "/processes"))
        assert "جاء مع هذا الإصدار" in arabic
        assert "Shipped" not in arabic

    def test_parts_name_what_they_are_part_of(self, pages: Pages) -> None:
        page = pages.see(OWNER, "/processes", lang="en")
        [card] = page.xpath("//li[.//bdi[text()='contact']]")
        assert "Part of" in words(card)

    def test_running_cases_are_counted(self, pages: Pages) -> None:
        open_case(pages)
        page = pages.see(OWNER, "/processes", lang="en")
        [card] = page.xpath("//li[.//bdi[text()='client_journey']]")
        assert "Running cases1" in words(card)

    def test_a_version_shows_its_diagram_its_files_and_what_it_calls(self, pages: Pages) -> None:
        data = data_of(pages, "/processes/client_journey/1", "diagram-data")
        assert data["links"]["contact"] == "/processes/contact/1"
        page = pages.see(OWNER, "/processes/client_journey/1")
        assert "parameters.dmn" in words(page)
        assert page.xpath("//a[@href='/processes/contact/1']")
        shipped = ROOT / "bpmn" / "processes" / "client_journey.bpmn"
        assert pages.get(OWNER, data["xml"]).data == shipped.read_bytes()

    def test_who_may_only_look_is_offered_nothing_else(self, pages: Pages) -> None:
        for user in (AUDITOR, WORKER):
            for path in ("/processes", "/processes/contact", "/processes/contact/1"):
                page = pages.see(user, path)
                assert not page.xpath("//main//form")
                assert not page.xpath(
                    "//main//a[contains(@href, '/edit') or contains(@href, '/upload')]"
                )

    @pytest.mark.parametrize("path", ["/processes", "/processes/contact", "/processes/contact/1"])
    def test_partners_are_refused(self, pages: Pages, path: str) -> None:
        assert pages.get(PARTNER, path).status_code == 403

    def test_what_there_is_not_is_not_found(self, pages: Pages) -> None:
        for path in ("/processes/nothing", "/processes/contact/9", "/processes/contact/9.bpmn"):
            assert pages.get(OWNER, path).status_code == 404


class TestEditing:
    def test_the_page_carries_what_its_editor_needs(self, pages: Pages) -> None:
        data = data_of(pages, "/processes/contact/edit", "editor-data")
        assert (data["key"], data["version"]) == ("contact", 1)
        assert data["texts"]["words"]["Duration"] == "المدة"
        english = data_of(pages, "/processes/contact/edit", "editor-data", lang="en")
        assert english["texts"]["words"] == {}

    def test_only_the_editor_may_style_by_itself_and_nothing_is_evaluated(
        self, pages: Pages
    ) -> None:
        def policy(path: str) -> str:
            return pages.get(OWNER, path).headers["Content-Security-Policy"]

        assert "style-src 'self' 'unsafe-inline'" in policy("/processes/contact/edit")
        assert "unsafe" not in policy("/processes/contact/1")
        assert "unsafe-eval" not in policy("/processes/contact/edit")

    @pytest.mark.parametrize("user", [AUDITOR, WORKER, "admin.hq", "hq_coordinator.hq"])
    def test_others_do_not_edit(self, pages: Pages, user: str) -> None:
        assert pages.get(user, "/processes/contact/edit").status_code == 403
        assert check(pages, CHANGED, user).status_code == 403
        assert publish(pages, CHANGED, user=user).status_code == 403
        assert pages.get(user, "/processes/upload").status_code == 403
        assert newest(pages) == 1

    def test_a_sound_diagram_has_no_error(self, pages: Pages) -> None:
        answer = check(pages, CHANGED)
        assert answer.status_code == 200
        assert not [one for one in body_of(answer)["findings"] if one["severity"] == "error"]

    def test_a_broken_deadline_is_found_at_its_element(self, pages: Pages) -> None:
        found = body_of(check(pages, BROKEN))["findings"]
        assert found[0]["severity"] == "error"
        assert found[0]["element"] == "contact_client"
        assert found[0]["message"]

    def test_nothing_is_stored_by_a_check(self, pages: Pages) -> None:
        check(pages, CHANGED)
        assert newest(pages) == 1

    @pytest.mark.parametrize("body", [{}, {"key": "contact"}, {"key": 1, "xml": "x"}, [], None])
    def test_a_request_of_another_shape_is_refused(self, pages: Pages, body: Any) -> None:
        assert pages.send(OWNER, "POST", "/processes/check", body).status_code == 400
        assert pages.send(OWNER, "POST", "/processes/publish", body).status_code == 400

    def test_without_its_token_nothing_is_published(self, pages: Pages) -> None:
        body = {"key": "contact", "xml": CHANGED, "note": "x", "base": 1}
        client = pages.client(OWNER)
        assert client.post("/processes/publish", json=body).status_code == 400


class TestPublishing:
    def test_it_names_every_process_that_has_a_new_version(self, pages: Pages) -> None:
        answer = publish(pages, CHANGED)
        assert answer.status_code == 201
        made = {one["key"]: one["version"] for one in body_of(answer)["processes"]}
        assert made == {"contact": 2, "client_journey": 2}
        page = pages.see(OWNER, "/processes/contact", lang="en")
        assert "four days" in words(page)
        assert OWNER in words(page)

    def test_the_new_version_holds_the_change(self, pages: Pages) -> None:
        publish(pages, CHANGED)
        assert pages.get(AUDITOR, "/processes/contact/2.bpmn").text == CHANGED
        assert pages.get(AUDITOR, "/processes/contact/1.bpmn").text == CONTACT

    def test_the_same_again_makes_nothing(self, pages: Pages) -> None:
        answer = publish(pages, CONTACT)
        assert answer.status_code == 200
        assert body_of(answer)["created"] is False

    def test_errors_stop_it_and_stand_at_their_elements(self, pages: Pages) -> None:
        answer = publish(pages, BROKEN)
        assert answer.status_code == 422
        assert body_of(answer)["message"]
        assert body_of(answer)["findings"][0]["element"] == "contact_client"

    def test_a_newer_version_is_told_and_not_run_over(self, pages: Pages) -> None:
        publish(pages, CHANGED)
        mine = CONTACT.replace(DEADLINE, "=add working days(today(), 7)", 1)
        answer = publish(pages, mine, base=1)
        assert answer.status_code == 409
        assert body_of(answer)["newest"] == {"version": 2, "xml": "/processes/contact/2.bpmn"}
        assert publish(pages, mine, base=1, anyway=True).status_code == 201
        assert pages.get(AUDITOR, "/processes/contact/3.bpmn").text == mine

    def test_a_case_that_runs_keeps_its_version(self, pages: Pages) -> None:
        before = open_case(pages)
        publish(pages, CHANGED)
        after = open_case(pages, national_id="9901234599")
        cases, auditor = pages.product.engine.cases, actor(pages, AUDITOR)
        assert [cases.get(auditor, one).version for one in (before, after)] == [1, 2]


class TestUploading:
    def test_files_are_published_with_a_note(self, pages: Pages) -> None:
        file = ("contact.bpmn", CHANGED.encode())
        answer = upload(pages, "publish", file, note="by upload")
        assert answer.status_code == 201
        assert "version 2" in answer.text
        assert "by upload" in pages.get(OWNER, "/processes/contact", lang="en").text

    def test_a_note_and_a_file_are_asked_for(self, pages: Pages) -> None:
        answer = upload(pages, "publish")
        assert answer.status_code == 422
        page = html.fromstring(answer.text)
        refused = {one.get("name") for one in page.iter() if one.get("aria-invalid")}
        assert refused == {"files", "note"}
        assert page.xpath("//div[@id='upload-result']//a[@href='#f-files']")

    def test_a_check_stores_nothing_and_needs_no_note(self, pages: Pages) -> None:
        answer = upload(pages, "check", ("contact.bpmn", CHANGED.encode()))
        assert answer.status_code == 200
        assert "these files can be published" in answer.text
        assert pages.get(OWNER, "/processes/contact/2").status_code == 404

    def test_findings_are_listed_with_file_and_element(self, pages: Pages) -> None:
        answer = upload(pages, "publish", ("contact.bpmn", BROKEN.encode()), note="x")
        assert answer.status_code == 422
        row = words(next(html.fromstring(answer.text).iter("tbody")))
        assert "contact.bpmn" in row
        assert "contact_client" in row
        assert words(next(html.fromstring(answer.text).iter("textarea"))) == "x"

    def test_what_is_no_diagram_is_said_to_be_none(self, pages: Pages) -> None:
        for name, content in (("a.txt", b"x"), ("a.bpmn", b"<x"), ("a.bpmn", b"")):
            answer = upload(pages, "check", (name, content))
            assert answer.status_code == 200
            assert html.fromstring(answer.text).xpath("//tbody/tr")

    def test_the_folder_of_the_sender_is_cut_off(self, pages: Pages) -> None:
        file = ("C:\\Users\\me\\contact.bpmn", CHANGED.encode())
        assert upload(pages, "publish", file, note="x").status_code == 201


def test_a_table_or_form_comes_back_as_it_was_published(pages: Pages) -> None:
    page = pages.see(OWNER, "/processes/contact/1")
    [link] = page.xpath("//a[contains(@href, '/files/')][.//bdi[text()='contact_log.form']]")
    answer = pages.get(AUDITOR, link.get("href"))
    shipped = ROOT / "forms" / "definitions" / "contact_log.form"
    assert answer.data == shipped.read_bytes()
    assert answer.headers["Content-Disposition"] == "attachment; filename=contact_log.form"
    assert pages.get(PARTNER, link.get("href")).status_code == 403


def test_the_shipped_diagrams_parse_as_the_tests_expect() -> None:
    assert CHANGED != CONTACT
    etree.fromstring(CHANGED.encode())
