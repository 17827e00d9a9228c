"""A case's past, stepped through: the same with a slider and without, and with what one may see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from tests.journey.scenarios.answers import READY, plan
from tests.journey.scenarios.steps import contacted
from tests.web.driver import Pages, words

OWNER = "process_owner.hq"
AUDITOR = "auditor.hq"
WORKER = "case_worker.irbid"
NAME = "أخصائي الحالة - إربد"

Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A case that was opened, reached and interviewed."""

    pages: Pages
    path: str

    def steps(self, user: str = AUDITOR, lang: str = "en", after: int = 0) -> Json:
        answer = self.pages.get(user, f"{self.path}.json?after={after}", lang=lang)
        assert answer.status_code == 200
        found: Json = answer.get_json()
        return found


@pytest.fixture
def told(pages: Pages) -> Told:
    """The story that every test here is about."""
    story = pages.story
    story.register(WORKER)
    story.open_journey(WORKER, "naf:irbid")
    contacted(story)
    story.do(WORKER, "readiness_interview", **READY)
    return Told(pages, f"/cases/{story.case}/history")


class TestSteps:
    def test_each_says_when_who_and_what(self, told: Told) -> None:
        steps = told.steps()["steps"]
        assert [one["seq"] for one in steps] == [1, 2, 3]
        assert [one["what"] for one in steps] == [
            "The case began", "A task was done", "A task was done",
        ]  # fmt: skip
        assert {one["who"] for one in steps} == {f"{NAME} ({WORKER})"}
        assert steps[1]["when"] == "4 January 2026 10:00"
        assert steps[1]["state"] == "Case under way"

    def test_people_are_named_to_who_reads_the_data(self, told: Told) -> None:
        story = told.pages.story
        task = story.task(WORKER, "readiness_decision")
        story.change(WORKER, "POST", f"/tasks/{task['id']}/assign", {"assignee": WORKER})
        last = told.steps()["steps"][-1]
        said = {one["label"]: one["value"] for one in last["details"]}
        assert said["Handed to"] == f"{NAME} ({WORKER})"
        page = told.pages.see(AUDITOR, told.path, lang="en")
        assert page.xpath("string(//*[@data-part='who'])") == f"{NAME} ({WORKER})"
        listed = page.xpath("//ol[@id='steps']//li//span[@class='quiet']")
        assert all(NAME in one.text_content() for one in listed)

    def test_colleagues_names_are_not_told_to_who_sees_the_way_only(self, told: Told) -> None:
        assert {one["who"] for one in told.steps(OWNER)["steps"]} == {WORKER}
        assert NAME not in told.pages.get(OWNER, told.path).text

    def test_tokens_and_flows_name_the_process_they_are_in(self, told: Told) -> None:
        first, second, _ = told.steps()["steps"]
        assert ["contact", "contact_client"] in first["active"]
        assert ["client_journey", "call_contact"] in first["active"]
        assert first["focus"] == ["contact", "contact_client"]
        assert ["contact", "missed_appointment__contact_client"] in first["flows"]
        assert ["contact", "contact_client"] in second["left"]
        assert ["contact", "contact_client"] not in second["active"]
        assert second["focus"] == ["profiling", "readiness_interview"]

    def test_answers_are_read_by_their_questions(self, told: Told) -> None:
        details = told.steps()["steps"][1]["details"]
        said = {one["label"]: one["value"] for one in details}
        assert said["Channel"] == "By phone"
        arabic = told.steps(lang="ar")["steps"][1]["details"]
        assert "channel" not in {one["label"] for one in arabic}

    def test_a_choice_from_the_catalogue_is_read_by_its_name(self, told: Told) -> None:
        story = told.pages.story
        story.do(WORKER, "readiness_decision")
        story.do(WORKER, "grouping_decision")
        there = "mol:irbid/mol_irbid.mediation"
        story.do(WORKER, "agree_action_plan", **plan(there, "2026-01-14"))
        for lang, name in (("en", "Employment office, Irbid"), ("ar", "مكتب التشغيل - إربد")):
            last = told.steps(lang=lang)["steps"][-1]
            told_values = " ".join(one["value"] for one in last["details"])
            assert name in told_values, told_values
            assert there not in told_values
            assert "mol:irbid" not in told_values
            assert story.person["id"] not in told_values

    def test_what_the_form_asked_comes_first_and_names_of_the_engine_are_apart(
        self, told: Told
    ) -> None:
        contact, interview = told.steps()["steps"][1:]
        assert contact["details"][0]["label"] == "Date and time of the attempt"
        for step in (contact, interview):
            assert not [one for one in step["details"] if "_" in one["label"]]
            assert not [one for one in step["details"] if " | " in one["value"]]
        assert "Task opened" in {one["label"] for one in contact["details"]}
        assert "proposed_readiness" not in {one["label"] for one in interview["details"]}
        assert any("Rule asked" in one["label"] for one in interview["technical"])
        assert not [one for one in interview["technical"] if " | " in one["value"]]
        page = told.pages.see(AUDITOR, f"{told.path}?seq=3", lang="en")
        folded = " ".join(page.xpath("string(//details[@data-part='technical'])").split())
        for one in interview["technical"]:
            assert " ".join(one["value"].split()) in folded

    def test_a_long_journal_comes_in_parts(
        self, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = told.steps()["steps"]
        monkeypatch.setattr("web.pages.history.STEPS_AT_ONCE", 2)
        begin = told.steps()
        assert begin["next"] == f"{told.path}.json?after=2"
        rest = told.pages.get(AUDITOR, begin["next"], lang="en").get_json()
        assert rest["next"] is None
        assert begin["steps"] + rest["steps"] == whole

    def test_who_may_not_read_data_sees_the_way_without_it(self, told: Told) -> None:
        full, bare = told.steps()["steps"], told.steps(OWNER)["steps"]
        for one, other in zip(full, bare, strict=True):
            assert {id_ for _, id_ in one["active"]} == {id_ for _, id_ in other["active"]}
            assert [id_ for _, id_ in one["flows"]] == [id_ for _, id_ in other["flows"]]
            assert other["details"] == []
            assert other["technical"] == []
        assert ["contact", "contact_client"] in bare[1]["left"]


class TestPage:
    def test_it_shows_the_last_step_and_leads_to_every_other(self, told: Told) -> None:
        page = told.pages.see(AUDITOR, told.path, lang="en")
        assert "Step 3 of 3" in words(page)
        page = told.pages.see(AUDITOR, told.path, lang="en")
        links = page.xpath("//ol[@id='steps']//a/@href")
        assert links == [f"{told.path}?seq={seq}" for seq in (1, 2, 3)]
        first = words(told.pages.see(AUDITOR, links[0], lang="en"))
        assert "Step 1 of 3" in first
        assert "The case began" in first

    def test_page_and_slider_tell_the_same(self, told: Told) -> None:
        for step in told.steps()["steps"]:
            page = told.pages.see(AUDITOR, f"{told.path}?seq={step['seq']}", lang="en")
            said = words(page)
            for name in step["tokens"]:
                assert name in said
            for one in step["details"]:
                assert " ".join(one["value"].split()) in said

    def test_the_diagrams_are_those_that_ran(self, told: Told) -> None:
        page = told.pages.see(AUDITOR, told.path)
        data = json.loads(page.xpath("string(//script[@id='history-data'])"))
        assert data["diagrams"][0]["key"] == "client_journey"
        assert data["diagrams"][0]["xml"] == "/processes/client_journey/1.bpmn"
        by_key = {one["key"]: one for one in data["diagrams"]}
        assert "contact_client" in by_key["contact"]["ids"]
        for one in data["diagrams"]:
            assert told.pages.get(AUDITOR, one["xml"]).status_code == 200

    def test_a_step_that_there_is_not_is_not_found(self, told: Told) -> None:
        for seq in (0, 4, -1, 10**30):
            assert told.pages.get(AUDITOR, f"{told.path}?seq={seq}").status_code == 404

    def test_nothing_on_it_changes_anything(self, told: Told) -> None:
        page = told.pages.see(AUDITOR, told.path)
        assert not page.xpath("//main//form")
        for method in ("POST", "PUT", "DELETE"):
            answer = told.pages.send(AUDITOR, method, told.path, {})
            assert answer.status_code == 405

    def test_the_record_is_shown_to_be_whole(self, told: Told) -> None:
        page = told.pages.see(AUDITOR, told.path)
        assert page.xpath("//p[@class='chain intact']")

    def test_an_entry_that_was_altered_is_named_and_marked(self, told: Told) -> None:
        alter(told, "UPDATE journal SET actor = 'nobody' WHERE stream = :stream AND seq = 2")
        page = told.pages.see(AUDITOR, told.path, lang="en")
        [said] = page.xpath("//p[@class='chain broken'][@role='alert']")
        assert "entry 2 was changed" in said.text_content()
        marked = page.xpath("//ol[@id='steps']/li[@class='altered']/a/@data-seq")
        assert marked == ["2"]
        assert [one["altered"] for one in told.steps()["steps"]] == [False, True, False]
        shown = told.pages.see(AUDITOR, f"{told.path}?seq=2", lang="en")
        assert not shown.xpath("//*[@data-part='altered'][@hidden]")

    @pytest.mark.parametrize("user", [AUDITOR, WORKER, OWNER])
    def test_a_changed_byte_of_what_was_written_leaves_the_steps_before_it(
        self, told: Told, user: str
    ) -> None:
        change_byte(told, 3)
        page = told.pages.see(user, told.path, lang="en")
        assert "entry 3 was changed" in words(page)
        assert page.xpath("//ol[@id='steps']//a/@data-seq") == ["1", "2"]
        [unread] = page.xpath("//ol[@id='steps']/li[contains(@class, 'unread')]")
        assert "cannot be read" in unread.text_content()
        assert [one["seq"] for one in told.steps(user)["steps"]] == [1, 2]
        assert told.pages.get(user, f"{told.path}?seq=3").status_code == 404

    def test_a_changed_first_entry_leaves_only_what_is_wrong(self, told: Told) -> None:
        change_byte(told, 1)
        page = told.pages.see(AUDITOR, told.path, lang="en")
        assert "entry 1 was changed" in words(page)
        assert not page.xpath("//ol[@id='steps']//a")
        assert told.steps()["steps"] == []

    def test_the_case_page_leads_there(self, told: Told) -> None:
        change_byte(told, 2)
        page = told.pages.see(WORKER, told.path.removesuffix("/history"), lang="en")
        [said] = page.xpath("//p[@role='alert'][a]")
        assert "changed from outside" in said.text_content()
        assert said.xpath("a/@href") == [told.path]


def alter(told: Told, statement: str, **values: Any) -> None:
    """Change the case's journal past the database's guard."""
    stream = f"case:{told.pages.story.case}"
    with told.pages.product.engine.database.engine.begin() as connection:
        for (trigger,) in connection.execute(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.execute(sa.text(f'DROP TRIGGER "{trigger}"'))
        connection.execute(sa.text(statement), {"stream": stream, **values})


def change_byte(told: Told, seq: int) -> None:
    """Change the last byte of what an entry of the case's journal holds."""
    alter(
        told,
        "UPDATE journal SET payload = CAST(substr(payload, 1, length(payload) - 1) ||"
        " CASE hex(substr(payload, -1)) WHEN '00' THEN x'01' ELSE x'00' END AS BLOB)"
        " WHERE stream = :stream AND seq = :seq",
        seq=seq,
    )


class TestWhoMaySee:
    @pytest.mark.parametrize("user", ["case_worker.zarqa", "mol_officer.irbid"])
    def test_other_places_and_partners_find_nothing(self, told: Told, user: str) -> None:
        assert told.pages.get(user, told.path).status_code == 404
        assert told.pages.get(user, f"{told.path}.json").status_code == 404

    @pytest.mark.parametrize("user", ["hq_coordinator.hq", "admin.hq"])
    def test_who_sees_the_case_but_not_its_past_is_refused(self, told: Told, user: str) -> None:
        assert told.pages.get(user, told.path).status_code == 403
        assert told.pages.get(user, f"{told.path}.json").status_code == 403

    def test_no_answer_reaches_a_process_owner(self, told: Told) -> None:
        answer = told.pages.get(OWNER, told.path, lang="en")
        assert answer.status_code == 200
        assert "without the data" in answer.text
        assert "خياطة منزلية" not in answer.text
        assert "خياطة منزلية" in told.pages.get(AUDITOR, told.path).text
        assert "خياطة منزلية" not in json.dumps(told.steps(OWNER), ensure_ascii=False)


def test_an_erased_person_leaves_the_steps_and_no_data(told: Told) -> None:
    product, story = told.pages.product, told.pages.story
    actor_of = product.engine.identity.actor_for_token
    head = actor_of(told.pages.token("branch_head.irbid"))
    admin = actor_of(told.pages.token("admin.hq"))
    product.engine.cases.cancel(head, story.case, "moved abroad")
    product.journey.persons.erase(admin, story.person["id"], "asked for it")
    answer = told.pages.get(AUDITOR, told.path, lang="en")
    assert answer.status_code == 200
    assert "was erased" in answer.text
    assert "chain intact" in answer.text
    assert "خياطة منزلية" not in answer.text
    assert [one["details"] for one in told.steps()["steps"]] == [[], [], [], []]
