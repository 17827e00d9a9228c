"""The table of `permissions.py`, tried out cell by cell; a route without a row fails."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from engine.records import Role
from tests.api.conftest import BASE, FILES, World
from tests.api.permissions import COLUMNS, EVERYBODY, TABLE
from tests.api.test_administration import ENTRY
from tests.api.test_documents import attach, sent

GOOD = {"summary": "تم", "minutes": 10}
UNSPOKEN = {"HEAD", "OPTIONS"}
_numbers = count(1)


@dataclass(frozen=True)
class Attempt:
    """One request that would succeed for somebody who may make it."""

    path: str
    options: dict[str, Any]


Maker = Callable[[World, str], Attempt]


def _json(path: str, **body: Any) -> Attempt:
    return Attempt(path, {"json": body})


def _case(world: World, place: str) -> str:
    return str(world.start(unit=f"naf:{place}", business_key=f"B-{next(_numbers)}")["id"])


def _noted(world: World, place: str) -> str:
    """A case whose first task is done."""
    case = _case(world, place)
    world.note(case, f"case_worker.{place}")
    return case


def _document(world: World, place: str) -> str:
    return str(attach(world, _case(world, place), f"case_worker.{place}")["id"])


def _task(world: World, place: str) -> dict[str, Any]:
    return world.task(_case(world, place), "note", f"case_worker.{place}")


def _done(world: World, place: str) -> str:
    case = _case(world, place)
    return str(world.note(case, f"case_worker.{place}")["task"]["id"])


def _incident(world: World, place: str) -> str:
    case = world.start("wait", unit=f"naf:{place}", variables={"broken": "x"})
    found = world.ok("admin.hq", "GET", "/incidents", query_string={"instance": case["id"]})
    return str(found["items"][0]["id"])


def _new_person() -> dict[str, Any]:
    return {
        "national_id": f"{next(_numbers):010d}",
        "first_name": "سلمى",
        "last_name": "الخطيب",
        "sex": "female",
        "residence_location": "irbid",
        "age": 30,
    }


def _person(world: World, place: str) -> dict[str, Any]:
    made: dict[str, Any] = world.ok(f"case_worker.{place}", "POST", "/persons", json=_new_person())
    return made


def _row(world: World, path: str, body: dict[str, Any]) -> str:
    return str(world.ok("hq_coordinator.hq", "POST", path, json=body)["id"])


def _entry(place: str) -> dict[str, Any]:
    return {**ENTRY, "id": f"entry{next(_numbers)}", "sites": [place]}


def _provider(place: str) -> dict[str, Any]:
    return {
        "id": f"provider{next(_numbers)}",
        "name_ar": "مركز",
        "name_en": "Centre",
        "provider_kind": "ngo",
        "address": "Irbid",
        "unit": "provider:vtc_irbid" if place == "irbid" else "provider:elsewhere",
    }


def _vacancy(world: World, place: str) -> dict[str, Any]:
    employer = _row(world, "/employers", {"name": "مصنع"})
    return {
        "employer_id": employer,
        "job_title": "عامل",
        "workplace_location": "jerash",
        "offered_wage_jod": 220,
        "mol_unit": f"mol:{place}",
    }


def _upload(path: str) -> Maker:
    def make(_world: World, _place: str) -> Attempt:
        files = [(io.BytesIO((FILES / "errand.bpmn").read_bytes()), "errand.bpmn")]
        return Attempt(path, {"data": {"files": files}, "content_type": "multipart/form-data"})

    return make


def _get(path: str) -> Maker:
    return lambda _world, _place: Attempt(path, {})


def _complete(world: World, place: str) -> Attempt:
    task = _task(world, place)
    data = {**GOOD, "office": f"mol:{place}"}
    return _json(f"/tasks/{task['id']}/complete", revision=task["revision"], data=data)


def _claimed(world: World, place: str) -> Attempt:
    return Attempt(f"/tasks/{_task(world, place)['id']}/claim", {})


def _collection(path: str, body: Callable[[World, str], dict[str, Any]]) -> dict[str, Maker]:
    return {
        f"GET {path}": _get(path),
        f"POST {path}": lambda w, p: Attempt(path, {"json": body(w, p)}),
        f"GET {path}/<row_id>": lambda w, p: Attempt(f"{path}/{_row(w, path, body(w, p))}", {}),
        f"PATCH {path}/<row_id>": lambda w, p: _json(
            f"{path}/{_row(w, path, body(w, p))}", valid_to="2030-01-01"
        ),
        f"GET {path}/<row_id>/history": lambda w, p: Attempt(
            f"{path}/{_row(w, path, body(w, p))}/history", {}
        ),
    }


def _new_user(place: str = "irbid") -> dict[str, Any]:
    return {
        "username": f"user{next(_numbers)}",
        "name": "مستخدم",
        "password": "a good first password",
        "roles": ["case_worker"],
        "units": [f"naf:{place}"],
    }


def _user(world: World, place: str) -> str:
    return str(world.ok("admin.hq", "POST", "/users", json=_new_user(place))["username"])


def _substitution(world: World, place: str) -> dict[str, Any]:
    return {
        "substitute": _user(world, place),
        "valid_from": "2026-01-01",
        "valid_to": "2026-01-02",
    }


def _substituted(world: World, place: str) -> Attempt:
    path = f"/users/{_user(world, place)}/substitutes"
    made = world.ok("admin.hq", "POST", path, json=_substitution(world, place))
    return Attempt(f"/substitutes/{made['id']}", {})


def _reminder(world: World, place: str) -> Attempt:
    with world.engine.database.transaction() as transaction:
        (made,) = world.engine.notifications.notify(
            transaction,
            role=Role.CASE_WORKER,
            unit=f"naf:{place}",
            kind="overdue",
            text_ar="تأخرت",
            text_en="late",
            at=datetime(2026, 1, 4, tzinfo=UTC),
        )
    return Attempt(f"/notifications/{made.id}/read", {})


MAKERS: dict[str, Maker] = {
    "POST /deployments": _upload("/deployments"),
    "POST /deployments/check": _upload("/deployments/check"),
    "GET /processes": _get("/processes"),
    "GET /processes/<key>": _get("/processes/errand"),
    "GET /processes/<key>/versions": _get("/processes/errand/versions"),
    "GET /processes/<key>/versions/<number>/bpmn": _get("/processes/errand/versions/1/bpmn"),
    "POST /processes/<key>/instances": lambda w, p: _json(
        "/processes/errand/instances", unit=f"naf:{p}"
    ),
    "GET /instances": _get("/instances"),
    "GET /instances/<instance_id>": lambda w, p: Attempt(f"/instances/{_case(w, p)}", {}),
    "POST /instances/<instance_id>/cancel": lambda w, p: _json(
        f"/instances/{_case(w, p)}/cancel", reason="entered twice"
    ),
    "POST /instances/<instance_id>/transfer": lambda w, p: _json(
        f"/instances/{_case(w, p)}/transfer", reason="moved", unit="naf:east_amman"
    ),
    "GET /instances/<instance_id>/comments": lambda w, p: Attempt(
        f"/instances/{_case(w, p)}/comments", {}
    ),
    "POST /instances/<instance_id>/comments": lambda w, p: _json(
        f"/instances/{_case(w, p)}/comments", text="ملاحظة"
    ),
    "GET /instances/<instance_id>/calendar": lambda w, p: Attempt(
        f"/instances/{_case(w, p)}/calendar", {}
    ),
    "GET /instances/<instance_id>/history": lambda w, p: Attempt(
        f"/instances/{_case(w, p)}/history", {}
    ),
    "GET /instances/<instance_id>/replay": lambda w, p: Attempt(
        f"/instances/{_case(w, p)}/replay", {}
    ),
    "GET /instances/<instance_id>/attachments": lambda w, p: Attempt(
        f"/instances/{_case(w, p)}/attachments", {}
    ),
    "POST /instances/<instance_id>/attachments": lambda w, p: Attempt(
        f"/instances/{_case(w, p)}/attachments", sent()
    ),
    "GET /attachments/<attachment_id>": lambda w, p: Attempt(f"/attachments/{_document(w, p)}", {}),
    "POST /attachments/<attachment_id>/withdraw": lambda w, p: _json(
        f"/attachments/{_document(w, p)}/withdraw", reason="of another person"
    ),
    "GET /tasks": _get("/tasks"),
    "GET /tasks/<task_id>": lambda w, p: Attempt(f"/tasks/{_task(w, p)['id']}", {}),
    "GET /tasks/<task_id>/form": lambda w, p: Attempt(f"/tasks/{_task(w, p)['id']}/form", {}),
    "POST /tasks/<task_id>/claim": _claimed,
    "POST /tasks/<task_id>/release": lambda w, p: Attempt(
        f"/tasks/{_task(w, p)['id']}/release", {}
    ),
    "POST /tasks/<task_id>/assign": lambda w, p: _json(
        f"/tasks/{_task(w, p)['id']}/assign", assignee=f"case_worker.{p}"
    ),
    "PUT /tasks/<task_id>/draft": lambda w, p: _json(f"/tasks/{_task(w, p)['id']}/draft", data={}),
    "POST /tasks/<task_id>/complete": _complete,
    "POST /tasks/<task_id>/correct": lambda w, p: _json(
        f"/tasks/{_done(w, p)}/correct",
        data={**GOOD, "office": f"mol:{p}"},
        reason="a typing error",
    ),
    "POST /messages": lambda w, p: _json("/messages", name="answer_arrived", correlation_key="x"),
    "GET /incidents": _get("/incidents"),
    "POST /incidents/<incident_id>/retry": lambda w, p: Attempt(
        f"/incidents/{_incident(w, p)}/retry", {}
    ),
    "POST /persons": lambda w, p: _json("/persons", unit=f"naf:{p}", **_new_person()),
    "GET /persons/<person_id>": lambda w, p: Attempt(f"/persons/{_person(w, p)['id']}", {}),
    "PATCH /persons/<person_id>": lambda w, p: _json(
        f"/persons/{_person(w, p)['id']}", phone="0790000000"
    ),
    "GET /persons/<person_id>/versions": lambda w, p: Attempt(
        f"/persons/{_person(w, p)['id']}/versions", {}
    ),
    "POST /persons/search": lambda w, p: _json("/persons/search", q="سلمى"),
    "POST /persons/lookup": lambda w, p: _json(
        "/persons/lookup", national_id=_person(w, p)["national_id"]
    ),
    "POST /persons/<person_id>/journeys": lambda w, p: _json(
        f"/persons/{_person(w, p)['id']}/journeys", unit=f"naf:{p}"
    ),
    "GET /persons/<person_id>/journeys": lambda w, p: Attempt(
        f"/persons/{_person(w, p)['id']}/journeys", {}
    ),
    "POST /persons/<person_id>/erase": lambda w, p: _json(
        f"/persons/{_person(w, p)['id']}/erase", reason="asked for it"
    ),
    "GET /units": _get("/units"),
    "POST /units/<unit>/visits": lambda w, p: _json(
        f"/units/naf:{p}/visits", visited_on="2026-01-02"
    ),
    **_collection("/catalogue", lambda _w, p: _entry(p)),
    **_collection("/providers", lambda _w, p: _provider(p)),
    **_collection("/employers", lambda _w, _p: {"name": "مصنع"}),
    **_collection("/vacancies", _vacancy),
    "GET /notifications": _get("/notifications"),
    "POST /notifications/<notification_id>/read": _reminder,
    "GET /users": _get("/users"),
    "GET /users/<username>": lambda w, p: Attempt(f"/users/{_user(w, p)}", {}),
    "POST /users": lambda _w, _p: _json("/users", **_new_user()),
    "PATCH /users/<username>": lambda w, p: _json(f"/users/{_user(w, p)}", name="آخر"),
    "GET /users/<username>/substitutes": lambda w, p: Attempt(
        f"/users/{_user(w, p)}/substitutes", {}
    ),
    "POST /users/<username>/substitutes": lambda w, p: _json(
        f"/users/{_user(w, p)}/substitutes", **_substitution(w, p)
    ),
    "DELETE /substitutes/<substitution_id>": _substituted,
    "GET /reports/offices": _get("/reports/offices"),
    "GET /access-log": _get("/access-log"),
    "GET /clock": _get("/clock"),
    "POST /clock": lambda _w, _p: _json("/clock", advance="PT1M"),
}


def _cells() -> Iterator[tuple[str, str, str, str]]:
    """(route, place, user, expected)."""
    for route, row in TABLE.items():
        cells = row.split()
        assert len(cells) == len(COLUMNS), route
        for number, place in enumerate(("irbid", "zarqa")):
            for user, cell in zip(COLUMNS, cells, strict=True):
                yield route, place, user, cell[number % len(cell)]


class Trial:
    """Tries cells one after the other; a thing that nobody has touched yet serves the next cell."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._fresh: tuple[str, str, Attempt] | None = None

    def got(self, route: str, place: str, user: str) -> str:
        """What the user gets, in the letters of the table."""
        method = route.split(" ", maxsplit=1)[0]
        if self._fresh is not None and self._fresh[:2] == (route, place):
            attempt = self._fresh[2]
        else:
            attempt = MAKERS[route](self._world, place)
        answer = self._world.call(user, method, attempt.path, **attempt.options)
        done = answer.status_code < 300
        used = (done and method != "GET") or "data" in attempt.options
        self._fresh = None if used else (route, place, attempt)
        if done:
            return "y"
        return {403: "-", 404: "."}.get(answer.status_code, f"{answer.status_code} {answer.text}")


def test_every_route_has_a_row(world: World) -> None:
    routes = set()
    for rule in world.client.application.url_map.iter_rules():
        if rule.rule.startswith(BASE) and not rule.rule.endswith("openapi.json"):
            path = re.sub(r"<[^:>]*:", "<", rule.rule.removeprefix(BASE))
            routes |= {f"{method} {path}" for method in (rule.methods or set()) - UNSPOKEN}
    assert routes == set(TABLE) | EVERYBODY
    assert set(TABLE) == set(MAKERS)


def test_every_cell(world: World) -> None:
    trial = Trial(world)
    wrong = [
        (route, place, user, expected, got)
        for route, place, user, expected in _cells()
        if (got := trial.got(route, place, user)) != expected
    ]
    assert wrong == []
