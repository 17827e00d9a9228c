"""What holds for every call: problem details, headers, limits, languages, health, metrics."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from api import beside, create_app, health
from api.errors import STATUSES, status_of
from api.problems import MEDIA_TYPE
from engine import errors
from engine.wording import Text
from tests.api.conftest import BASE, PASSWORD, World, body_of


def _families(base: type[errors.EngineError]) -> list[type[errors.EngineError]]:
    found = [base]
    for family in base.__subclasses__():
        found += _families(family)
    return found


def test_every_engine_error_has_a_status() -> None:
    shared = [e for e in _families(errors.EngineError) if e.__module__ == errors.__name__]
    for family in shared:
        if family is not errors.EngineError:
            assert family in STATUSES
            assert status_of(family.__new__(family))[0] in range(400, 600)


def test_without_a_token_everything_is_401(world: World) -> None:
    rules = world.client.application.url_map.iter_rules()
    for rule in rules:
        path = rule.rule.replace("<int(max=2147483647):", "<").split("<")
        url = path[0] + "".join("1" + part.split(">", 1)[1] for part in path[1:])
        for method in sorted(rule.methods or ()):
            public = url in (f"{BASE}/openapi.json",) or "/health/" in url
            public = public or (url == f"{BASE}/auth/token" and method in ("POST", "OPTIONS"))
            if public or url.endswith("/metrics"):
                continue
            answer = world.client.open(url, method=method)
            assert answer.status_code == 401, (method, url, answer.status_code)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert world.client.get(f"{BASE}/nothing").status_code == 401


BAD_INPUT: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/nothing", {}, 404),
    ("GET", "/tasks/", {}, 404),
    ("GET", "/tasks/%00", {}, 404),
    ("GET", "/instances/does-not-exist", {}, 404),
    ("PUT", "/tasks", {}, 405),
    ("GET", "/tasks?limit=0", {}, 422),
    ("GET", "/tasks?limit=201", {}, 422),
    ("GET", "/tasks?cursor=nonsense", {}, 422),
    ("GET", "/tasks?colour=red", {}, 422),
    ("GET", "/tasks?q=%00", {}, 422),
    ("GET", "/tasks?q=%ff", {}, 200),
    ("POST", "/persons/search", {"data": "{", "content_type": "application/json"}, 400),
    ("POST", "/persons/search", {"data": b"\xff", "content_type": "application/json"}, 400),
    ("POST", "/persons/search", {"data": '{"q":NaN}', "content_type": "application/json"}, 400),
    ("POST", "/persons/search", {"data": '{"q":"a","q":"b"}',
                                 "content_type": "application/json"}, 400),
    ("POST", "/persons/search", {"data": "[" * 90_000,
                                 "content_type": "application/json"}, 400),
    ("POST", "/persons/search", {"data": "q=a", "content_type": "text/plain"}, 415),
    ("POST", "/persons/search", {"json": {"q": "a\u0000b"}}, 422),
    ("POST", "/persons/search", {"data": '{"q":"\\ud800"}',
                                 "content_type": "application/json"}, 422),
    ("POST", "/persons/search", {"json": []}, 422),
    ("POST", "/persons/search", {}, 422),
    ("POST", "/persons/search", {"json": {"q": "x" * 1_100_000}}, 413),
]  # fmt: skip


def test_bad_input_is_a_problem_and_never_a_fault(world: World) -> None:
    for method, path, options, status in BAD_INPUT:
        answer = world.call("case_worker.irbid", method, path, **options)
        place = (method, path, options if len(str(options)) < 200 else "", answer.text)
        assert answer.status_code == status, place
        if status == 200:
            continue
        assert answer.content_type == MEDIA_TYPE, place
        problem = body_of(answer)
        assert problem["status"] == status
        assert problem["request_id"] == answer.headers["X-Request-Id"]
        if status == 405:
            assert "GET" in answer.headers["Allow"]
        if status == 422:
            assert problem["errors"], place


def test_problems_speak_the_callers_language(world: World) -> None:
    body = {"national_id": 5}
    arabic = world.call("case_worker.irbid", "POST", "/persons", json=body,
                        headers={"Accept-Language": "fr"})  # fmt: skip
    english = world.call("case_worker.irbid", "POST", "/persons", json=body)
    assert arabic.headers["Content-Language"] == "ar"
    assert body_of(arabic)["errors"]["national_id"] == ["المطلوب نص."]
    assert body_of(english)["errors"]["national_id"] == ["A text is expected."]
    assert body_of(english)["errors"]["first_name"] == ["This field is required."]
    assert body_of(arabic)["title"] != body_of(english)["title"]


def test_every_answer_is_private_and_marked(world: World) -> None:
    for answer in (
        world.call("case_worker.irbid", "GET", "/me"),
        world.call(None, "GET", "/me"),
        world.call("case_worker.irbid", "GET", "/me", headers={"X-Request-Id": "bad id\t"}),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert len(answer.headers["X-Request-Id"]) == 32
    mine = world.call("case_worker.irbid", "GET", "/me", headers={"X-Request-Id": "abcd-1234"})
    assert mine.headers["X-Request-Id"] == "abcd-1234"


def test_an_unexpected_fault_says_nothing_about_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the phone number of Salma is 0791234567")

    monkeypatch.setattr(world.engine.tasks, "get", broken)
    with capture_logs() as logs:
        answer = world.call("case_worker.irbid", "GET", "/tasks/abc")
    assert answer.status_code == 500
    assert answer.content_type == MEDIA_TYPE
    assert "Salma" not in answer.text
    assert "Salma" not in json.dumps(logs)
    told = next(entry for entry in logs if entry["event"] == "unexpected_error")
    assert any(frame.startswith("api/resources/tasks.py:") for frame in told["frames"])
    assert told["frames"][-1].startswith("tests/api/test_plumbing.py:")


def test_the_log_names_routes_not_people(world: World) -> None:
    person = world.person()
    with capture_logs() as logs:
        world.ok("case_worker.irbid", "GET", f"/persons/{person['id']}")
        world.ok("case_worker.irbid", "GET", "/tasks?q=salma")
    text = json.dumps(logs)
    assert "/persons/<code:person_id>" in text
    assert person["id"] not in text
    assert "salma" not in text
    assert {"method", "route", "status", "ms", "request_id"} <= set(logs[0])


def test_a_database_that_does_not_answer_is_503(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.token("case_worker.irbid")

    def away(*_args: object, **_kwargs: object) -> None:
        raise errors.Unavailable("The database cannot be reached just now; try again.")

    monkeypatch.setattr(world.engine.tasks, "list", away)
    monkeypatch.setattr(world.engine.access_log, "list", away)
    answer = world.client.get(f"{BASE}/tasks", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    ready = world.client.get("/health/ready")
    assert ready.status_code == 503
    assert "database" in body_of(ready)["errors"]
    assert world.client.get("/health/live").status_code == 200


def test_ready_asks_every_check(world: World) -> None:
    wrong: list[Text | None] = [Text("تنقص الترقية 0002", "migration 0002 is missing")]
    checks: dict[str, Callable[[], Text | None]] = {"migrations": lambda: wrong[0]}
    app = create_app(world.settings, world.engine, world.journey, checks=checks)
    client = app.test_client()
    for language, words in (("ar", "تنقص الترقية 0002"), ("en", "migration 0002 is missing")):
        refused = client.get(f"{BASE}/health/ready", headers={"Accept-Language": language})
        assert (refused.status_code, body_of(refused)["errors"]["migrations"]) == (503, [words])
    wrong[0] = None
    assert body_of(client.get(f"{BASE}/health/ready"))["checks"]["migrations"] == "ok"


def test_what_is_not_ready_is_said_in_both_languages(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise errors.Unavailable(Text("لا تُجيب قاعدة البيانات", "The database does not answer"))

    monkeypatch.setattr(world.engine.access_log, "list", away)
    if world.engine.database.dialect == "sqlite":
        room = SimpleNamespace(free=health.ROOM - 1)
        monkeypatch.setattr("api.health.shutil.disk_usage", lambda _folder: room)
        asked = {"disk": ("63 ميغابايت", "63 MB")}
    else:
        monkeypatch.setattr("engine.store.metering.takes_writes", lambda _tx: False)
        asked = {"writing": ("للقراءة فقط", "read-only")}
    asked["database"] = ("لا تُجيب قاعدة البيانات", "The database does not answer")
    for place, language in enumerate(("ar", "en")):
        refused = world.client.get("/health/ready", headers={"Accept-Language": language})
        told = body_of(refused)["errors"]
        assert set(told) == set(asked)
        for name, words in asked.items():
            assert words[place] in told[name][0]
            assert words[1 - place] not in told[name][0]


def test_metrics_are_for_this_machine_or_the_token(world: World) -> None:
    from dataclasses import replace

    local = world.client.get("/metrics")
    assert local.status_code == 200
    assert "rihla_http_requests_total" in local.text
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert world.client.get("/metrics", environ_overrides=elsewhere).status_code == 401
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert world.client.get("/metrics", headers=forwarded).status_code == 401
    settings = replace(world.settings, metrics_token="m" * 20)
    client = create_app(settings, world.engine, world.journey).test_client()
    right = {"Authorization": "Bearer " + "m" * 20}
    wrong = {"Authorization": "Bearer " + "n" * 20}
    assert client.get("/metrics", headers=right, environ_overrides=elsewhere).status_code == 200
    assert client.get("/metrics", headers=wrong).status_code == 401


def test_pages_and_api_share_one_server(world: World) -> None:
    def pages(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"a page"]

    from werkzeug.test import Client

    both = Client(beside(world.client.application, pages))
    assert both.get("/").text == "a page"
    assert both.get("/apiary").text == "a page"
    assert both.get(f"{BASE}/me").status_code == 401
    assert body_of(both.get("/health/live"))["status"] == "ok"


def test_too_many_sign_ins_are_429(world: World) -> None:
    body = {"username": "admin.hq", "password": "wrong password"}
    allowed = world.settings.sign_in_attempts_per_minute
    for _ in range(allowed):
        answer = world.call(None, "POST", "/auth/token", json=body)
        assert answer.status_code == 401
        assert "password" in body_of(answer)["detail"]
    refused = world.call(None, "POST", "/auth/token", json={**body, "password": PASSWORD})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
