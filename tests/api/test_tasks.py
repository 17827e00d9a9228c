"""The work list and the life of a task over HTTP."""

from __future__ import annotations

from tests.api.conftest import World, body_of

WORKER = "case_worker.irbid"
GOOD = {"summary": "تم", "minutes": 10, "office": "mol:irbid"}


def test_a_task_has_exactly_the_documented_fields(world: World) -> None:
    case = world.start(business_key="K-1")
    task = world.task(case["id"], "note", WORKER)
    assert {
        "id", "instance_id", "process", "version", "element_id", "name", "form", "state",
        "assignee", "candidate_groups", "unit", "business_key", "created_at", "due_at",
        "follow_up_at", "priority", "revision",
    } <= set(task)  # fmt: skip
    assert task["instance_id"] == case["id"]
    assert (task["process"], task["version"], task["form"]) == ("errand", 1, "note")
    assert (task["state"], task["assignee"], task["unit"]) == ("open", None, "naf:irbid")
    assert task["business_key"] == "K-1"
    assert task["created_at"].endswith("Z")
    assert task["due_at"] == "2026-01-07T07:00:00Z"
    assert world.ok(WORKER, "GET", f"/tasks/{task['id']}") == task


def test_the_form_comes_with_choices(world: World) -> None:
    case = world.start()
    task = world.task(case["id"], "note", WORKER)
    form = world.ok(WORKER, "GET", f"/tasks/{task['id']}/form")
    assert form["form"]["id"] == "note"
    assert (form["data"], form["draft"]) == ({}, None)
    choices = {choice["value"]: choice for choice in form["options"]["office"]}
    assert set(choices["mol:irbid"]) == {"value", "label_ar", "label_en"}
    world.ok(WORKER, "PUT", f"/tasks/{task['id']}/draft", json={"data": {"summary": "نصف"}})
    again = world.ok(WORKER, "GET", f"/tasks/{task['id']}/form")
    assert again["draft"] == {"summary": "نصف"}


def test_claim_release_assign(world: World) -> None:
    case = world.start()
    task = world.task(case["id"], "note", WORKER)
    path = f"/tasks/{task['id']}"
    claimed = world.ok(WORKER, "POST", f"{path}/claim")
    assert claimed["assignee"] == WORKER
    assert world.ok(WORKER, "GET", "/tasks?mine=true")["items"][0]["id"] == task["id"]
    assert world.call("branch_head.irbid", "POST", f"{path}/claim").status_code == 409
    assert world.ok(WORKER, "POST", f"{path}/release")["assignee"] is None
    handed = world.ok(WORKER, "POST", f"{path}/assign", json={"assignee": "branch_head.irbid"})
    assert handed["assignee"] == "branch_head.irbid"
    elsewhere = {"assignee": "case_worker.zarqa"}
    assert (
        world.call("branch_head.irbid", "POST", f"{path}/assign", json=elsewhere).status_code == 422
    )


def test_complete_claims_answers_and_moves_on(world: World) -> None:
    case = world.start()
    done = world.note(case["id"])
    assert done["task"]["state"] == "completed"
    assert done["task"]["assignee"] == WORKER
    assert done["task"]["completed_by"] == WORKER
    assert done["next_tasks"] == []
    check = world.task(case["id"], "check", "mol_officer.irbid")
    assert check["unit"] == "mol:irbid"
    body = {"revision": check["revision"], "data": {"extra": 1}}
    path = f"/tasks/{check['id']}/complete"
    assert world.call("mol_officer.irbid", "POST", path, json=body).status_code == 422
    world.ok("mol_officer.irbid", "POST", path, json={**body, "data": {}})
    close = world.task(case["id"], "close", WORKER)
    world.ok(WORKER, "POST", f"/tasks/{close['id']}/complete",
             json={"revision": close["revision"], "data": {}})  # fmt: skip
    assert world.ok(WORKER, "GET", f"/instances/{case['id']}")["state"] == "completed"


def test_bad_answers_are_named_field_by_field_in_the_callers_language(world: World) -> None:
    case = world.start()
    task = world.task(case["id"], "note", WORKER)
    path, bad = f"/tasks/{task['id']}/complete", {"summary": "x", "minutes": 999, "office": "moon"}
    body = {"revision": task["revision"], "data": bad}
    english = world.call(WORKER, "POST", path, json=body)
    arabic = world.call(WORKER, "POST", path, json=body, headers={"Accept-Language": "ar"})
    assert english.status_code == arabic.status_code == 422
    assert set(body_of(english)["errors"]) == {"minutes", "office"}
    assert body_of(english)["errors"]["minutes"] != body_of(arabic)["errors"]["minutes"]
    world.ok(WORKER, "POST", path, json={"revision": task["revision"], "data": GOOD})


def test_stale_closed_and_claimed_are_conflicts(world: World) -> None:
    case = world.start()
    task = world.task(case["id"], "note", WORKER)
    path = f"/tasks/{task['id']}/complete"
    stale = {"revision": task["revision"] + 1, "data": GOOD}
    assert world.call(WORKER, "POST", path, json=stale).status_code == 409
    claimed = world.ok("branch_head.irbid", "POST", f"/tasks/{task['id']}/claim")
    mine = {"revision": claimed["revision"], "data": GOOD}
    assert world.call(WORKER, "POST", path, json=mine).status_code == 409
    world.ok("branch_head.irbid", "POST", path, json=mine)
    assert world.call("branch_head.irbid", "POST", path, json=mine).status_code == 409


def test_the_same_key_gives_the_first_answer(world: World) -> None:
    case = world.start()
    task = world.task(case["id"], "note", WORKER)
    path = f"/tasks/{task['id']}/complete"
    body = {"revision": task["revision"], "data": GOOD}
    key = {"Idempotency-Key": "k-1"}
    first = world.ok(WORKER, "POST", path, json=body, headers=key)
    reordered = '{ "data": {"office":"mol:irbid","minutes":10,"summary":"تم"}, "revision": %d }'
    again = world.call(WORKER, "POST", path, data=reordered % task["revision"],
                       content_type="application/json", headers=key)  # fmt: skip
    assert (again.status_code, body_of(again)) == (200, first)
    other = {**body, "data": {**GOOD, "minutes": 11}}
    reused = world.call(WORKER, "POST", path, json=other, headers=key)
    assert (reused.status_code, body_of(reused)["type"]) == (422, "urn:rihla:problem:key-reused")
    bad = world.call(WORKER, "POST", path, json=body, headers={"Idempotency-Key": "two words"})
    assert bad.status_code == 422


def test_a_correction_is_a_new_version_with_a_reason(world: World) -> None:
    case = world.start()
    done = world.note(case["id"])
    path = f"/tasks/{done['task']['id']}/correct"
    body = {"data": {**GOOD, "minutes": 12}, "reason": "typing error"}
    assert world.call(WORKER, "POST", path, json={**body, "reason": ""}).status_code == 422
    corrected = world.ok(WORKER, "POST", path, json=body)
    assert corrected["state"] == "completed"
    assert world.ok(WORKER, "GET", f"/tasks/{corrected['id']}/form")["data"]["minutes"] == 12


def test_pages_follow_each_other_without_gaps(world: World) -> None:
    for number in range(5):
        world.start(business_key=f"P-{number}")
    for sort in ("due", "created", "priority"):
        seen: list[str] = []
        query: dict[str, object] = {"limit": 2, "sort": sort}
        while True:
            page = world.ok(WORKER, "GET", "/tasks", query_string=query)
            seen += [task["business_key"] for task in page["items"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert sorted(seen) == [f"P-{number}" for number in range(5)]


def test_filters(world: World) -> None:
    case = world.start(business_key="F-1")
    world.start(business_key="F-2")
    for query, expected in (
        ({"business_key": "F-1"}, 1),
        ({"instance": case["id"]}, 1),
        ({"process": "errand"}, 2),
        ({"element": "note"}, 2),
        ({"element": "check"}, 0),
        ({"group": "case_worker"}, 2),
        ({"group": "mol_officer"}, 0),
        ({"unit": "naf:irbid"}, 2),
        ({"due_before": "2026-01-06T00:00:00Z"}, 0),
        ({"due_before": "2026-01-09T00:00:00Z"}, 2),
        ({"state": "completed"}, 0),
        ({"q": "F-2"}, 1),
    ):
        found = world.ok(WORKER, "GET", "/tasks", query_string=query)["items"]
        assert len(found) == expected, query
