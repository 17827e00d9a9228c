"""Finding, registering and changing people; starting their journey."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journey.scenarios import answers
from tests.web.driver import Pages, errors, words

WORKER = "case_worker.irbid"
OTHER = "case_worker.zarqa"
TYPED: dict[str, Any] = {
    "national_id": "٩٩٠١٢٣٤٥٦٧",
    "first_name": "سلمى",
    "last_name": "الخطيب",
    "sex": "female",
    "date_of_birth": "15/06/1994",
    "residence_location": "irbid",
    "education_level": "secondary",
    "phone": "0600000777",
}


def register(pages: Pages, user: str = WORKER, **typed: Any) -> str:
    """Register somebody by the form; the address of the person's page."""
    answer = pages.submit(user, "/persons/new", {**TYPED, **typed}, form="//main//form[.//select]")
    assert answer.status_code == 303, errors_of(answer)
    return str(answer.location)


def errors_of(answer: Any) -> dict[str, str]:
    """The field errors of an answer."""
    from lxml import html

    return errors(html.fromstring(answer.text))


def test_lookup_then_register_then_first_task(pages: Pages) -> None:
    page = pages.submit(WORKER, "/persons", {"q": TYPED["national_id"]}, lang="en")
    assert page.status_code == 200
    assert "Not registered at any branch" in page.text
    begun = pages.post(
        WORKER, "/persons/new", {"begin": "1", "national_id": "9901234567"}, lang="en"
    )
    assert 'value="9901234567"' in begun.text
    assert errors_of(begun) == {}
    person = register(pages)
    shown = pages.see(WORKER, person)
    assert "سلمى الخطيب" in words(shown)
    assert "15/06/1994" in words(shown)
    started = pages.submit(WORKER, person, {"unit": "naf:irbid"})
    assert started.status_code == 303
    assert started.location.startswith("/tasks/")
    assert "الخطوة التالية" not in words(pages.see(WORKER, person))


def test_a_form_that_is_sent_twice_registers_once(pages: Pages) -> None:
    sent = {**TYPED, "_key": "k" * 24}
    first = pages.post(WORKER, "/persons/new", sent)
    second = pages.post(WORKER, "/persons/new", sent)
    assert (first.status_code, first.location) == (second.status_code, second.location)


def test_what_was_typed_wrong_is_said_at_its_field(pages: Pages) -> None:
    wrong = {**TYPED, "national_id": "12", "date_of_birth": "31/31/1994", "last_name": ""}
    answer = pages.submit(WORKER, "/persons/new", wrong, lang="en", form="//main//form[.//select]")
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["date_of_birth"]
    wrong["date_of_birth"] = ""
    wrong["last_name"] = "الخطيب"
    answer = pages.submit(WORKER, "/persons/new", wrong, lang="en", form="//main//form[.//select]")
    found = errors_of(answer)
    assert set(found) == {"national_id", "date_of_birth"}
    assert "10 digits" in found["national_id"]
    assert "سلمى" in answer.text


def test_somebody_registered_already_is_opened_not_made_again(pages: Pages) -> None:
    person = register(pages)
    again = pages.submit(WORKER, "/persons/new", TYPED, form="//main//form[.//select]")
    assert (again.status_code, again.location) == (303, person)
    searched = pages.submit(WORKER, "/persons", {"q": TYPED["national_id"]})
    assert searched.location == person


def test_another_branch_learns_where_and_nothing_more(pages: Pages) -> None:
    person = register(pages)
    for path, sent in (("/persons", {"q": "9901234567"}), ("/persons/new", TYPED)):
        answer = pages.post(OTHER, path, sent, lang="en")
        assert "National Aid Fund branch, Irbid" in answer.text
        assert "الخطيب" not in answer.text
        assert "0600000777" not in answer.text
    assert pages.get(OTHER, person).status_code == 404
    assert pages.get(OTHER, f"{person}/edit").status_code == 404


def test_another_branch_starts_the_next_journey_when_none_is_under_way(pages: Pages) -> None:
    person = register(pages)
    found = pages.post(OTHER, "/persons", {"q": "9901234567"}, lang="en")
    assert "Start a new journey here" in found.text
    started = pages.post(OTHER, f"{person}/journeys", {"unit": "naf:zarqa"})
    assert started.status_code == 303
    assert pages.get(OTHER, person).status_code == 200


def test_no_journey_is_offered_while_one_is_under_way_elsewhere(pages: Pages) -> None:
    person = register(pages)
    assert pages.post(WORKER, f"{person}/journeys", {"unit": "naf:irbid"}).status_code == 303
    found = pages.post(OTHER, "/persons", {"q": "9901234567"}, lang="en")
    assert "under way there" in found.text
    assert "Start a new journey" not in found.text
    assert pages.post(OTHER, f"{person}/journeys", {"unit": "naf:zarqa"}).status_code == 409


def test_a_name_is_found_however_it_is_spelled(pages: Pages) -> None:
    person = register(pages)
    assert pages.submit(WORKER, "/persons", {"q": "سلمي خطيب"}).status_code == 200
    assert pages.submit(WORKER, "/persons", {"q": "سلمي الخط"}).location == person
    nobody = pages.submit(OTHER, "/persons", {"q": "سلمى"}, lang="en")
    assert "Nobody found at your branch" in nobody.text


@pytest.mark.parametrize("typed", ["12345", "س"])
def test_a_search_that_cannot_find_anybody_says_why(pages: Pages, typed: str) -> None:
    answer = pages.submit(WORKER, "/persons", {"q": typed})
    assert answer.status_code == 422
    assert set(errors_of(answer)) == {"q"}


def test_a_change_is_a_new_version_and_the_later_of_two_is_refused(pages: Pages) -> None:
    person = register(pages)
    form = "//main//form[.//select]"
    changed = pages.submit(WORKER, f"{person}/edit", {"phone": "0600000999"}, form=form)
    assert changed.location == person
    shown = words(pages.see(WORKER, person, lang="en"))
    assert "0600000999" in shown
    assert "version 2" in shown
    assert "15/06/1994" in shown
    late = pages.post(WORKER, f"{person}/edit", {**TYPED, "version": "1"})
    assert late.status_code == 409


def test_no_national_id_and_no_name_stands_in_an_address(pages: Pages) -> None:
    person = register(pages)
    page = pages.see(WORKER, person)
    addresses = [str(one) for one in page.xpath("//@href | //@action")]
    assert not [one for one in addresses if "9901234567" in one or "سلمى" in one]
    for form in page.xpath("//main//form"):
        assert form.get("method") == "post"


def test_a_telephone_in_arabic_digits_is_kept_in_latin_ones(pages: Pages) -> None:
    assert "0600000777" in words(pages.see(WORKER, register(pages, phone="٠٦٠٠٠٠٠٧٧٧")))


def test_work_sought_elsewhere_is_told_only_when_it_is(pages: Pages) -> None:
    asked = "Is work sought outside the place of residence?"
    assert asked not in words(pages.see(WORKER, register(pages), lang="en"))
    elsewhere = {"job_search_elsewhere": "true", "job_search_location": "zarqa"}
    person = register(pages, national_id="9901234575", **elsewhere)
    assert asked in words(pages.see(WORKER, person, lang="en"))


def test_the_coordinator_looks_up_but_sees_no_person(pages: Pages) -> None:
    person = register(pages)
    found = pages.post("hq_coordinator.hq", "/persons", {"q": "9901234567"}, lang="en")
    assert "National Aid Fund branch, Irbid" in found.text
    assert "Start a new journey" not in found.text
    assert pages.get("hq_coordinator.hq", person).status_code == 404


def test_answers_of_the_scenarios_can_be_typed(pages: Pages) -> None:
    """The browser's stories fill in the same fields as the API's."""
    page = pages.see(WORKER, "/persons/new")
    fields = {str(name) for name in page.xpath("//main//form//@name")}
    assert set(answers.PERSON) <= fields


def test_every_version_says_who_changed_what(pages: Pages) -> None:
    person = register(pages)
    assert not pages.see(WORKER, person).xpath(f"//a[@href='{person}/versions']")
    change = {"phone": "0600000999", "education_level": "diploma"}
    pages.submit(WORKER, f"{person}/edit", change, form="//main//form[.//select]")
    pages.submit("branch_head.irbid", f"{person}/edit", {}, form="//main//form[.//select]")
    assert pages.see(WORKER, person).xpath(f"//a[@href='{person}/versions']")
    page = pages.see(WORKER, f"{person}/versions", lang="en")
    cards = [words(card) for card in page.xpath("//main//section")]
    assert [card.split(" · ")[0] for card in cards] == ["Version 3", "Version 2", "Version 1"]
    assert "Saved without a change." in cards[0]
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in page.xpath("//main//tbody/tr")
    ]
    assert rows == [
        ["Telephone", "0600000777", "0600000999"],
        ["Level of education", "Secondary", "College diploma"],
    ]
    assert pages.get(OTHER, f"{person}/versions").status_code == 404
