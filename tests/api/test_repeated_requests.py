"""The same request sent twice with one Idempotency-Key: what is created is created once."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from tests.api.conftest import FILES, World, body_of

ADMIN = "admin.hq"
OWNER = "process_owner.hq"
KEY = {"Idempotency-Key": "once-1"}
USER = {
    "username": "huda.irbid",
    "name": "هدى",
    "password": "a good first password",
    "roles": ["case_worker"],
    "units": ["naf:irbid"],
}
SUBSTITUTE = {
    "substitute": "case_worker.irbid",
    "valid_from": "2026-01-01",
    "valid_to": "2026-01-31",
}
SUBSTITUTES = "/users/case_worker.zarqa/substitutes"


def _errand(days: int, note: str = "") -> dict[str, Any]:
    content = (FILES / "errand.bpmn").read_bytes().replace(b"P3D", f"P{days}D".encode())
    files = [(io.BytesIO(content), "errand.bpmn")]
    return {"data": {"files": files, "note": note}, "content_type": "multipart/form-data"}


def _stored(world: World) -> str:
    with world.engine.database.reading() as tx:
        return str(tx.execute(sa.text("SELECT * FROM idempotency")).all())


def test_a_deployment_is_made_once(world: World) -> None:
    def deploy(**sent: Any) -> Any:
        return world.call(OWNER, "POST", "/deployments", headers=KEY, **sent)

    first, again = deploy(**_errand(4)), deploy(**_errand(4))
    assert (first.status_code, again.status_code) == (201, 201)
    assert body_of(first) == body_of(again)
    world.ok(OWNER, "POST", "/deployments", **_errand(5))
    assert body_of(deploy(**_errand(4))) == body_of(first), "not a roll-back"
    assert world.ok(OWNER, "GET", "/processes/errand")["version"] == 3
    assert deploy(**_errand(6)).status_code == 422
    assert deploy(**_errand(4, "another note")).status_code == 422


def test_a_refused_deployment_keeps_no_answer(world: World) -> None:
    broken = _errand(4)
    broken["data"]["files"] = [(io.BytesIO(b"no diagram"), "errand.bpmn")]
    assert world.call(OWNER, "POST", "/deployments", headers=KEY, **broken).status_code == 422
    assert world.ok(OWNER, "POST", "/deployments", headers=KEY, **_errand(4))["processes"]


def test_a_user_is_made_once_and_no_secret_is_kept(world: World) -> None:
    first = world.ok(ADMIN, "POST", "/users", json=USER, headers=KEY)
    assert world.ok(ADMIN, "POST", "/users", json=USER, headers=KEY) == first
    assert world.call(ADMIN, "POST", "/users", json=USER).status_code == 409
    other = {**USER, "password": "another good password"}
    assert world.call(ADMIN, "POST", "/users", json=other, headers=KEY).status_code == 422
    for secret in ("password", USER["name"], "naf:irbid"):
        assert str(secret) not in _stored(world)


def test_the_hash_of_a_body_cannot_be_guessed_without_the_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.ok(ADMIN, "POST", "/users", json=USER, headers=KEY)
    monkeypatch.setattr(world.engine.keyring, "derive", lambda _purpose: b"another key")
    assert world.call(ADMIN, "POST", "/users", json=USER, headers=KEY).status_code == 422


def test_a_comment_is_made_once(world: World) -> None:
    path = f"/instances/{world.start()['id']}/comments"
    worker, text = "case_worker.irbid", {"text": "اتصلت به صباحاً"}
    first = world.ok(worker, "POST", path, json=text, headers=KEY)
    assert world.ok(worker, "POST", path, json=text, headers=KEY) == first
    assert world.ok(worker, "GET", path)["items"] == [first]


def test_a_substitute_is_named_once(world: World) -> None:
    first = world.ok(ADMIN, "POST", SUBSTITUTES, json=SUBSTITUTE, headers=KEY)
    assert world.ok(ADMIN, "POST", SUBSTITUTES, json=SUBSTITUTE, headers=KEY) == first
    assert world.ok(ADMIN, "GET", SUBSTITUTES)["items"] == [first]
    assert world.call(ADMIN, "DELETE", f"/substitutes/{first['id']}").status_code == 204
    assert world.ok(ADMIN, "POST", SUBSTITUTES, json=SUBSTITUTE, headers=KEY) == first
    assert world.ok(ADMIN, "GET", SUBSTITUTES)["items"] == []


def test_a_visit_is_recorded_once(world: World) -> None:
    visit = {"visited_on": "2026-01-02", "note": None}
    for _ in range(2):
        answer = world.call("hq_coordinator.hq", "POST", "/units/naf:irbid/visits",
                            json=visit, headers=KEY)  # fmt: skip
        assert answer.status_code == 204, answer.text
    with world.engine.database.reading() as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM office_visit")).scalar_one() == 1
