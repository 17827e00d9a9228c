"""Signing in and out, who is signed in, passwords."""

from __future__ import annotations

import re

from tests.api.conftest import BASE, PASSWORD, World, body_of


def _sign_in(world: World, username: str, password: str = PASSWORD) -> dict[str, object]:
    body = {"username": username, "password": password}
    answer = world.call(None, "POST", "/auth/token", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = body_of(answer)
    return found


def test_a_token_says_who_one_is(world: World) -> None:
    session = _sign_in(world, "branch_head.irbid")
    assert session["token_type"] == "Bearer"
    assert isinstance(session["expires_in"], int)
    assert session["user"] == {
        "username": "branch_head.irbid",
        "name": "branch_head.irbid",
        "roles": ["branch_head"],
        "units": ["naf:irbid"],
        "language": "ar",
        "must_change_password": False,
    }
    assert world.ok("branch_head.irbid", "GET", "/me") == session["user"]


def test_wrong_password_and_unknown_user_look_alike(world: World) -> None:
    answers = [
        world.call(None, "POST", "/auth/token", json={"username": name, "password": "nonsense"})
        for name in ("admin.hq", "nobody.nowhere")
    ]
    bodies = [{**body_of(answer), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert bodies[0] == bodies[1]


def test_signing_out_ends_the_token(world: World) -> None:
    token = str(_sign_in(world, "auditor.hq")["access_token"])
    headers = {"Authorization": f"Bearer {token}"}
    assert world.client.get(f"{BASE}/me", headers=headers).status_code == 200
    assert world.client.delete(f"{BASE}/auth/token", headers=headers).status_code == 204
    assert world.client.get(f"{BASE}/me", headers=headers).status_code == 401


def test_tokens_of_others_making_are_refused(world: World) -> None:
    for value in ("", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer " + "x" * 5000):
        answer = world.client.get(f"{BASE}/me", headers={"Authorization": value})
        assert answer.status_code == 401, value


def test_a_new_password_ends_other_sessions(world: World) -> None:
    old = world.token("case_worker.irbid")
    wrong = {"old": "not it at all", "password": "another good password"}
    assert world.call("case_worker.irbid", "POST", "/me/password", json=wrong).status_code == 422
    right = {"old": PASSWORD, "password": "another good password"}
    session = world.ok("case_worker.irbid", "POST", "/me/password", json=right)
    assert session["must_change_password"] is False
    headers = {"Authorization": f"Bearer {old}"}
    assert world.client.get(f"{BASE}/me", headers=headers).status_code == 401
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    assert world.client.get(f"{BASE}/me", headers=headers).status_code == 200
    _sign_in(world, "case_worker.irbid", "another good password")


def _newcomer(world: World, **changes: object) -> str:
    """The token of an account that an administrator made."""
    body = {
        "username": "huda.irbid", "name": "هدى", "password": PASSWORD,
        "roles": ["case_worker"], "units": ["naf:irbid"], **changes,
    }  # fmt: skip
    world.ok("admin.hq", "POST", "/users", json=body)
    session = _sign_in(world, "huda.irbid")
    assert session["must_change_password"] is body.get("must_change_password", True)
    return str(session["access_token"])


def test_with_a_password_of_somebody_elses_making_one_sets_the_own_first(world: World) -> None:
    token = _newcomer(world)
    case = world.start()
    for language, words in (("en", "password"), ("ar", "كلمة مرور")):
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        for method, path in (
            ("GET", "/tasks"),
            ("GET", f"/instances/{case['id']}"),
            ("POST", "/persons/search"),
            ("GET", "/processes"),
            ("GET", "/nothing"),
        ):
            refused = world.client.open(f"{BASE}{path}", method=method, headers=headers)
            told = body_of(refused)
            assert refused.status_code == 403, (path, told)
            assert told["type"] == "urn:rihla:problem:password-change-needed"
            assert "POST /me/password" in told["detail"]
            assert words in told["title"].lower()
            assert words in told["reason"]
        assert world.client.get(f"{BASE}/openapi.json", headers=headers).status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    me = body_of(world.client.get(f"{BASE}/me", headers=headers))
    assert (me["username"], me["must_change_password"]) == ("huda.irbid", True)
    body = {"old": PASSWORD, "password": "my very own words"}
    session = body_of(world.client.post(f"{BASE}/me/password", headers=headers, json=body))
    assert session["must_change_password"] is False
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    assert world.client.get(f"{BASE}/tasks", headers=headers).status_code == 200
    assert body_of(world.client.get(f"{BASE}/me", headers=headers))["must_change_password"] is False


def test_a_password_set_by_an_administrator_has_to_be_changed_again(world: World) -> None:
    token = _newcomer(world, must_change_password=False)
    headers = {"Authorization": f"Bearer {token}"}
    assert world.client.get(f"{BASE}/tasks", headers=headers).status_code == 200
    world.ok("admin.hq", "PATCH", "/users/huda.irbid", json={"password": "for the time being"})
    session = _sign_in(world, "huda.irbid", "for the time being")
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    assert world.client.get(f"{BASE}/tasks", headers=headers).status_code == 403
    assert world.client.delete(f"{BASE}/auth/token", headers=headers).status_code == 204
    assert world.client.get(f"{BASE}/me", headers=headers).status_code == 401


def test_every_refusal_of_an_operation_is_described(world: World) -> None:
    token = _newcomer(world)
    paths = body_of(world.client.get(f"{BASE}/openapi.json"))["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            if method == "parameters" or path.endswith(
                ("/health/live", "/health/ready", "/metrics")
            ):
                continue
            if operation["operationId"] in {"sign_in", "sign_out", "get_me", "change_password"}:
                assert "403" not in operation["responses"], path
                continue
            url = re.sub(r"\{[^}]*\}", "1", path)
            headers = {"Authorization": f"Bearer {token}"}
            answer = world.client.open(url, method=method, headers=headers)
            assert answer.status_code == 403, (method, path)
            assert "403" in operation["responses"], (method, path)
