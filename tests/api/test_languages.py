"""What the engine and the journey refuse is said in the caller's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.errors import STATUSES
from engine.errors import EngineError
from settings import ROOT
from tests.api.conftest import PERSON, PROVIDER, World, body_of

ADMIN = "admin.hq"
WORKER = "case_worker.irbid"
COORDINATOR = "hq_coordinator.hq"
USER = {
    "username": "huda.irbid",
    "name": "هدى",
    "password": "a good first password",
    "roles": ["case_worker"],
    "units": ["naf:nowhere"],
}
VACANCY = {
    "employer_id": "nobody",
    "job_title": "عامل",
    "workplace_location": "irbid",
    "offered_wage_jod": 220,
}
REFUSED: list[tuple[str, str, str, dict[str, Any], set[str]]] = [
    (WORKER, "POST", "/persons", {**PERSON, "national_id": "12"}, {"national_id"}),
    (WORKER, "POST", "/persons", {**PERSON, "first_name": " "}, {"first_name"}),
    (WORKER, "POST", "/processes/errand/instances", {"unit": "naf:nowhere"}, {"unit"}),
    (ADMIN, "POST", "/users", USER, {"units"}),
    (ADMIN, "POST", "/users", {**USER, "password": USER["username"]}, {"password"}),
    (ADMIN, "POST", "/me/password", {"old": "not it", "password": "long enough"}, {"old"}),
    (ADMIN, "POST", "/clock", {"now": "2001-01-01T00:00:00Z"}, {"now"}),
    (COORDINATOR, "POST", "/vacancies", VACANCY, {"employer_id"}),
    (COORDINATOR, "PATCH", "/providers/vtc_irbid", {"unit": "provider:nowhere"}, {"unit"}),
    (COORDINATOR, "PATCH", "/providers/vtc_irbid", {"provider_kind": "castle"}, {"provider_kind"}),
    (
        COORDINATOR,
        "POST",
        "/providers",
        {**PROVIDER, "id": "x", "valid_from": "2026-01-02", "valid_to": "2026-01-01"},
        {"valid_to"},
    ),
]
_ARABIC = re.compile("[\u0621-\u064a]")


def test_field_messages_and_reason_are_in_the_callers_language(world: World) -> None:
    for username, method, path, body, fields in REFUSED:
        said = {}
        for language in ("ar", "en"):
            answer = world.call(username, method, path, json=body,
                                headers={"Accept-Language": language})  # fmt: skip
            problem = body_of(answer)
            assert (answer.status_code, set(problem["errors"])) == (422, fields), (path, problem)
            texts = [text for texts in problem["errors"].values() for text in texts]
            said[language] = [problem["reason"], *texts]
        assert all(_ARABIC.search(text) for text in said["ar"]), said
        assert not any(_ARABIC.search(text) for text in said["en"]), said


def test_forms_speak_the_callers_language_too(world: World) -> None:
    case = world.start()
    task = world.task(case["id"], "note", WORKER)
    body = {"revision": task["revision"], "data": {"minutes": -1}}
    answer = world.call(WORKER, "POST", f"/tasks/{task['id']}/complete", json=body,
                        headers={"Accept-Language": "ar"})  # fmt: skip
    assert answer.status_code == 422
    assert all(_ARABIC.search(text) for texts in body_of(answer)["errors"].values()
               for text in texts)  # fmt: skip


def test_other_refusals_give_their_reason_in_arabic(world: World) -> None:
    world.person()
    for username, method, path, body, status in (
        (WORKER, "POST", "/users", {**USER, "units": []}, 403),
        (WORKER, "GET", "/instances/nothing", None, 404),
        (WORKER, "GET", "/tasks/nothing", None, 404),
        (WORKER, "POST", "/persons", PERSON, 409),
    ):
        answer = world.call(username, method, path, json=body, headers={"Accept-Language": "ar"})
        assert answer.status_code == status, answer.text
        assert _ARABIC.search(body_of(answer)["reason"]), answer.text


def _families(base: type[EngineError]) -> Iterator[type[EngineError]]:
    yield base
    for family in base.__subclasses__():
        yield from _families(family)


@pytest.mark.parametrize("room", ["api", "engine", "journey", "web"])
def test_nothing_that_callers_are_told_is_english_alone(room: str) -> None:
    names = {family.__name__ for base in STATUSES for family in _families(base)}
    files = [path for path in Path(ROOT, room).rglob("*.py") if "node_modules" not in path.parts]
    assert files
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in files
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name | ast.Attribute)
        and (call.func.id if isinstance(call.func, ast.Name) else call.func.attr) in names
        and call.args
        and isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)
    ]
    assert found == [], "give both languages: engine.wording.Text"
