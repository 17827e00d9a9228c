"""Signing in and out, who is signed in, passwords."""

from __future__ import annotations

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
