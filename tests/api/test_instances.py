"""Cases over HTTP: start, look, cancel, transfer, history, replay, messages, incidents."""

from __future__ import annotations

from tests.api.conftest import World, body_of

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"


def test_a_case_from_start_to_history(world: World) -> None:
    case = world.start(business_key="C-1", variables={"office": "mol:irbid"})
    assert {
        "id", "process", "version", "business_key", "unit", "state", "variables",
        "active_elements", "started_at", "ended_at", "revision",
    } <= set(case)  # fmt: skip
    assert (case["state"], case["active_elements"]) == ("active", ["note"])
    world.note(case["id"])
    now = world.ok(WORKER, "GET", f"/instances/{case['id']}")
    assert now["variables"]["minutes"] == 10
    assert now["active_elements"] == ["check"]
    history = world.ok(WORKER, "GET", f"/instances/{case['id']}/history")["items"]
    assert [entry["seq"] for entry in history] == list(range(1, len(history) + 1))
    assert {
        "seq", "at", "kind", "element_id", "element_name", "actor", "flow_ids", "data", "hash",
    } == set(history[0])  # fmt: skip
    assert history[0]["kind"] == "start"
    assert "to_note" in history[0]["flow_ids"]
    page = world.ok(WORKER, "GET", f"/instances/{case['id']}/history?limit=1")
    rest = f"/instances/{case['id']}/history?cursor={page['next_cursor']}"
    assert page["items"] + world.ok(WORKER, "GET", rest)["items"] == history


def test_comments_and_the_calendar_of_a_case(world: World) -> None:
    case = world.start()
    path = f"/instances/{case['id']}"
    made = world.ok(WORKER, "POST", f"{path}/comments", json={"text": "اتصلت به صباحاً"})
    assert set(made) == {"id", "at", "author", "author_name", "text"}
    second = world.ok(HEAD, "POST", f"{path}/comments", json={"text": "حسناً"})
    assert world.ok(WORKER, "GET", f"{path}/comments")["items"] == [made, second]
    first = world.ok(WORKER, "GET", f"{path}/comments?limit=1")
    rest = world.ok(WORKER, "GET", f"{path}/comments?cursor={first['next_cursor']}")
    assert first["items"] + rest["items"] == [made, second]
    assert world.call(WORKER, "POST", f"{path}/comments", json={"text": " "}).status_code == 422
    world.note(case["id"])
    calendar = world.ok(WORKER, "GET", f"{path}/calendar")["items"]
    assert ("done", "note") in {(entry["kind"], entry["element_id"]) for entry in calendar}
    assert set(calendar[0]) == {
        "kind", "at", "until", "due", "element_id", "name", "who", "task_id", "last_day",
    }  # fmt: skip
    first = world.ok(WORKER, "GET", f"{path}/calendar?limit=1")
    rest = world.ok(WORKER, "GET", f"{path}/calendar?cursor={first['next_cursor']}")
    assert first["items"] + rest["items"] == calendar


def test_replay_shows_the_case_as_it_stood(world: World) -> None:
    case = world.start()
    world.note(case["id"])
    path = f"/instances/{case['id']}/replay"
    begin = world.ok(WORKER, "GET", f"{path}?seq=1")
    assert begin["active_elements"] == ["note"]
    assert [task["element_id"] for task in begin["open_tasks"]] == ["note"]
    assert "minutes" not in begin["variables"]
    last = world.ok(WORKER, "GET", path)
    assert (last["active_elements"], last["variables"]["minutes"]) == (["check"], 10)
    assert last["flows"] == ["to_note", "to_check"]
    assert world.call(WORKER, "GET", f"{path}?seq=99").status_code == 422
    assert world.call(WORKER, "GET", f"{path}?seq=x").status_code == 422


def test_who_may_not_see_variables_gets_none(world: World) -> None:
    case = world.start()
    world.note(case["id"])
    path = f"/instances/{case['id']}"
    assert world.ok("hq_coordinator.hq", "GET", path)["variables"] == {}
    assert world.call("mol_officer.irbid", "GET", path).status_code == 404
    without = world.ok("process_owner.hq", "GET", f"{path}/history")["items"]
    assert all(entry["data"] == {} for entry in without)


def test_lists_are_filtered_and_paged(world: World) -> None:
    world.start(business_key="L-1")
    world.start("wait", business_key="L-2", variables={"broken": 0})
    world.start(business_key="L-3", unit="naf:zarqa")
    for query, expected in (
        ({}, 3),
        ({"process": "errand"}, 2),
        ({"process": "errand", "version": 1}, 2),
        ({"unit": "naf:zarqa"}, 1),
        ({"business_key": "L-2"}, 1),
        ({"element": "catch"}, 1),
        ({"state": "completed"}, 0),
    ):
        found = world.ok("hq_coordinator.hq", "GET", "/instances", query_string=query)
        assert len(found["items"]) == expected, query
    assert len(world.ok(WORKER, "GET", "/instances")["items"]) == 2
    page = world.ok("hq_coordinator.hq", "GET", "/instances?limit=2")
    assert page["next_cursor"]


def test_starting_needs_the_role_that_the_diagram_names(world: World) -> None:
    path = "/processes/errand/instances"
    assert world.call("mol_officer.irbid", "POST", path, json={}).status_code == 403
    assert world.call(WORKER, "POST", path, json={"unit": "naf:zarqa"}).status_code in (403, 404)
    assert world.call(WORKER, "POST", "/processes/nothing/instances", json={}).status_code == 404
    assert world.call(WORKER, "POST", path, json={"version": 9}).status_code == 404
    assert world.call(WORKER, "POST", path, json={"surprise": 1}).status_code == 422


def test_cancel_and_transfer_are_the_heads(world: World) -> None:
    case = world.start()
    path = f"/instances/{case['id']}"
    assert world.call(WORKER, "POST", f"{path}/cancel", json={"reason": "x"}).status_code == 403
    moved = world.ok(
        HEAD, "POST", f"{path}/transfer", json={"unit": "naf:zarqa", "reason": "moved"}
    )
    assert moved["unit"] == "naf:zarqa"
    assert world.call(HEAD, "POST", f"{path}/cancel", json={"reason": "x"}).status_code == 404
    other = "branch_head.zarqa"
    gone = world.ok(other, "POST", f"{path}/cancel", json={"reason": "double entry"})
    assert (gone["state"], gone["active_elements"]) == ("cancelled", [])
    assert world.call(other, "POST", f"{path}/cancel", json={"reason": "x"}).status_code == 409


def test_a_message_reaches_the_case_that_waits(world: World) -> None:
    case = world.start("wait", business_key="M-1", variables={"broken": 0})
    body = {"name": "answer_arrived", "correlation_key": "M-1", "payload": {"a": 1}}
    key = {"Idempotency-Key": "m1"}
    answer = world.call("connector.post", "POST", "/messages", json=body, headers=key)
    assert answer.status_code == 202
    assert body_of(answer)["delivered_to"] == [case["id"]]
    again = world.call("connector.post", "POST", "/messages", json=body, headers=key)
    assert body_of(again) == body_of(answer)
    assert world.ok(WORKER, "GET", f"/instances/{case['id']}")["state"] == "completed"
    nobody = world.ok("connector.post", "POST", "/messages", json={**body, "time_to_live": "P1D"})
    assert nobody["delivered_to"] == []
    assert world.call(WORKER, "POST", "/messages", json=body).status_code == 403
    wrong = {**body, "time_to_live": "1 day"}
    assert world.call("connector.post", "POST", "/messages", json=wrong).status_code == 422


def test_an_incident_is_listed_and_retried(world: World) -> None:
    case = world.start("wait", variables={"broken": "text"})
    assert case["state"] == "incident"
    found = world.ok("admin.hq", "GET", "/incidents", query_string={"instance": case["id"]})
    (incident,) = found["items"]
    assert incident["element_id"] == "choice"
    assert incident["message"]
    path = f"/incidents/{incident['id']}/retry"
    assert world.call(WORKER, "POST", path).status_code == 403
    world.ok("admin.hq", "POST", path)
    assert world.ok("admin.hq", "GET", f"/instances/{case['id']}")["state"] == "incident"
