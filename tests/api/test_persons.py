"""People and their journeys over HTTP."""

from __future__ import annotations

from tests.api.conftest import PERSON, World, body_of

WORKER = "case_worker.irbid"


def test_register_read_change(world: World) -> None:
    person = world.person()
    assert person["unit"] == "naf:irbid"
    assert (person["first_name"], person["age"], person["version"]) == ("سلمى", 35, 1)
    path = f"/persons/{person['id']}"
    assert world.ok(WORKER, "GET", path) == person
    changed = world.ok(WORKER, "PATCH", path, json={"phone": "0790000000", "version": 1})
    assert (changed["phone"], changed["version"]) == ("0790000000", 2)
    stale = world.call(WORKER, "PATCH", path, json={"phone": "0791111111", "version": 1})
    assert stale.status_code == 409
    assert world.call("case_worker.zarqa", "GET", path).status_code == 404


def test_a_national_id_is_registered_once(world: World) -> None:
    person = world.person()
    again = world.call("case_worker.zarqa", "POST", "/persons", json=PERSON)
    assert again.status_code == 409
    assert "look" in (body_of(again)["detail"] + body_of(again)["reason"]).lower()
    found = world.ok("case_worker.zarqa", "POST", "/persons/lookup",
                     json={"national_id": PERSON["national_id"]})  # fmt: skip
    assert found == {"id": person["id"], "unit": "naf:irbid", "open_journey": False}
    unknown = {"national_id": "0009999999"}
    assert world.call(WORKER, "POST", "/persons/lookup", json=unknown).status_code == 404


def test_search_finds_by_name_within_the_branch(world: World) -> None:
    person = world.person()
    for q in ("سلمي", "الخط", PERSON["national_id"]):
        found = world.ok(WORKER, "POST", "/persons/search", json={"q": q})
        assert [one["id"] for one in found["items"]] == [person["id"]], q
    other = world.ok("case_worker.zarqa", "POST", "/persons/search", json={"q": "سلمى"})
    assert other["items"] == []


def test_bad_data_is_named(world: World) -> None:
    bad = {**PERSON, "national_id": "12", "date_of_birth": "1990-03-41"}
    answer = world.call(WORKER, "POST", "/persons", json=bad)
    assert answer.status_code == 422
    assert set(body_of(answer)["errors"]) == {"date_of_birth"}
    answer = world.call(WORKER, "POST", "/persons", json={**PERSON, "national_id": "12"})
    assert set(body_of(answer)["errors"]) == {"national_id"}


def test_one_open_journey_at_a_time(world: World) -> None:
    person = world.person()
    path = f"/persons/{person['id']}/journeys"
    key = {"Idempotency-Key": "open-1"}
    case = world.ok(WORKER, "POST", path, json={"unit": "naf:irbid"}, headers=key)
    assert case["process"] == "client_journey"
    assert case["business_key"].startswith("R-2026-")
    again = world.ok(WORKER, "POST", path, json={"unit": "naf:irbid"}, headers=key)
    assert again["id"] == case["id"]
    assert world.call(WORKER, "POST", path, json={"unit": "naf:irbid"}).status_code == 409
    (cycle,) = world.ok(WORKER, "GET", path)["items"]
    assert (cycle["instance_id"], cycle["cycle_no"]) == (case["id"], 1)
    direct = world.call(WORKER, "POST", "/processes/client_journey/instances", json={})
    assert direct.status_code in (403, 422)


def test_the_same_key_registers_one_person(world: World) -> None:
    key = {"Idempotency-Key": "p-1"}
    first = world.ok(WORKER, "POST", "/persons", json=PERSON, headers=key)
    assert world.ok(WORKER, "POST", "/persons", json=PERSON, headers=key) == first


def test_an_erased_person_is_gone(world: World) -> None:
    person = world.person()
    path = f"/persons/{person['id']}"
    assert world.call(WORKER, "POST", f"{path}/erase", json={"reason": "asked"}).status_code == 404
    answer = world.call("admin.hq", "POST", f"{path}/erase", json={"reason": "asked for it"})
    assert answer.status_code == 204
    assert world.call(WORKER, "GET", path).status_code in (404, 410)


def test_reading_people_leaves_lines_for_the_auditor(world: World) -> None:
    person = world.person()
    world.ok(WORKER, "GET", f"/persons/{person['id']}")
    lines = world.ok("auditor.hq", "GET", f"/access-log?subject={person['id']}")["items"]
    assert lines[0]["actor"] == WORKER
    assert world.call(WORKER, "GET", "/access-log").status_code == 403


def test_versions_say_who_wrote_what_and_when(world: World) -> None:
    person = world.person()
    path = f"/persons/{person['id']}"
    changed = world.ok(
        "branch_head.irbid", "PATCH", path, json={"phone": "0790000000", "last_name": "الحسن"}
    )
    first, second = world.ok(WORKER, "GET", f"{path}/versions")["items"]
    assert [(one["number"], one["by"]) for one in (first, second)] == [
        (1, WORKER),
        (2, "branch_head.irbid"),
    ]
    assert first["at"] == person["created_at"]
    assert (first["data"]["last_name"], first["data"]["phone"]) == ("الخطيب", None)
    assert (second["data"]["last_name"], second["data"]["phone"]) == ("الحسن", "0790000000")
    same = {name: changed[name] for name in second["data"] if name not in ("age", "age_told_on")}
    assert {name: second["data"][name] for name in same} == same
    page = world.ok(WORKER, "GET", f"{path}/versions?limit=1")
    rest = world.ok(WORKER, "GET", f"{path}/versions?cursor={page['next_cursor']}")
    assert page["items"] + rest["items"] == [first, second]
    read = world.ok("auditor.hq", "GET", "/access-log")["items"]
    assert "persons.versions" in str(read)
