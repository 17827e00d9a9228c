"""Requests of the table about registers, accounts, places, the clock and what failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

from engine.records import SYSTEM, Role
from engine.source_files import SourceFile
from tests.api.conftest import FILES
from tests.journey.scenarios.driver import ADMIN, COORDINATOR, PASSWORD
from tests.web.attempt import Attempt, Maker
from tests.web.driver import Pages

_numbers = count(1)
Body = Callable[[Pages, str], dict[str, Any]]


def _entry(_pages: Pages, place: str) -> dict[str, Any]:
    return {
        "id": f"entry{next(_numbers)}",
        "provider_id": "vtc_irbid",
        "name_ar": "لحام",
        "name_en": "Welding",
        "intervention_type": "training",
        "suggested_service_codes": ["training"],
        "sites": [place],
        "target_groups": ["all"],
        "duration_weeks": 12,
        "expected_result": "شهادة",
        "contact_person": "قسم القبول",
        "contact_phone": "0270000000",
        "commuting_support": True,
    }


def _provider(_pages: Pages, place: str) -> dict[str, Any]:
    return {
        "id": f"provider{next(_numbers)}",
        "name_ar": "مركز",
        "name_en": "Centre",
        "provider_kind": "ngo",
        "address": "إربد",
        "unit": "provider:vtc_irbid" if place == "irbid" else "provider:nmb_zarqa",
    }


def _employer(_pages: Pages, _place: str) -> dict[str, Any]:
    return {"name": f"مصنع {next(_numbers)}"}


def _vacancy(_pages: Pages, place: str) -> dict[str, Any]:
    return {
        "employer_id": "employer_jerash_garments",
        "job_title": "عامل خياطة",
        "occupation_code": "81",
        "workplace_location": "jerash",
        "offered_wage_jod": 300,
        "positions": 2,
        "mol_unit": f"mol:{place}",
    }


def _row(pages: Pages, register: str, body: Body, place: str) -> str:
    made = pages.story.call(COORDINATOR, "POST", f"/{register}", body(pages, place))
    assert made.status_code == 201, made.text
    return f"/{register}/{made.get_json()['id']}"


def _register(register: str, body: Body) -> dict[str, Maker]:
    """Every page of a register; a form is sent as it is shown to who may change everything."""

    def about(action: str = "") -> Maker:
        return lambda pages, place: Attempt(_row(pages, register, body, place) + action)

    def adding(pages: Pages, place: str) -> Attempt:
        shown = _shown(pages, f"/{register}/new")
        typed = {key: _typed(value) for key, value in body(pages, place).items()}
        return Attempt(f"/{register}/new", {**shown, **typed})

    def editing(pages: Pages, place: str) -> Attempt:
        path = f"{_row(pages, register, body, place)}/edit"
        return Attempt(path, _shown(pages, path))

    def ending(pages: Pages, place: str) -> Attempt:
        path = _row(pages, register, body, place)
        return Attempt(f"{path}/end", {"valid_to": "31/12/2026"})

    return {
        f"GET /{register}": lambda _pages, _place: Attempt(f"/{register}"),
        f"GET /{register}/new": lambda _pages, _place: Attempt(f"/{register}/new"),
        f"POST /{register}/new": adding,
        f"GET /{register}/<id>": about(),
        f"GET /{register}/<id>/edit": about("/edit"),
        f"POST /{register}/<id>/edit": editing,
        f"POST /{register}/<id>/end": ending,
        f"GET /{register}/<id>/history": about("/history"),
    }


def _typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, list) else str(value)


def _shown(pages: Pages, path: str) -> dict[str, Any]:
    """What a form holds when it is opened."""
    [form] = [one for one in pages.see(COORDINATOR, path).xpath("//main//form") if _is_for(one)]
    names = dict.fromkeys(name for name, _value in form.form_values())
    found = {name: [v for n, v in form.form_values() if n == name] for name in names}
    return {name: values for name, values in found.items() if name not in ("csrf_token", "_key")}


def _is_for(form: Any) -> bool:
    return "valid_from" in form.fields or "name" in form.fields or "name_ar" in form.fields


def _accepting(pages: Pages, place: str) -> Attempt:
    path = _row(pages, "catalogue", lambda p, w: {**_entry(p, w), "entry_status": "draft"}, place)
    return Attempt(f"{path}/accept")


def _user(pages: Pages, place: str, role: Role = Role.CASE_WORKER) -> str:
    name = f"someone{next(_numbers)}.{place}"
    users = pages.product.engine.identity.users
    users.create(
        SYSTEM, name, name="زميل", password=PASSWORD, roles=(role,), units=(f"naf:{place}",)
    )
    return name


def _of_user(action: str = "", **data: Any) -> Maker:
    return lambda pages, place: Attempt(f"/users/{_user(pages, place)}{action}", data)


def _restoring(pages: Pages, place: str) -> Attempt:
    name = _user(pages, place)
    pages.product.engine.identity.users.retire(SYSTEM, name)
    return Attempt(f"/users/{name}/restore")


PERSON = {"name": "زميل", "roles": "case_worker", "units": "naf:irbid", "language": "ar"}
DAYS = {"valid_from": "05/01/2026", "valid_to": "06/01/2026"}


def _naming(pages: Pages, place: str) -> Attempt:
    path = f"/users/{_user(pages, place)}/substitute"
    return Attempt(path, {**DAYS, "substitute": _user(pages, place)})


def _ending(pages: Pages, place: str) -> Attempt:
    users = pages.product.engine.identity.users
    absent, standing = _user(pages, place), _user(pages, place)
    made = users.add_substitute(SYSTEM, absent, standing, date(2026, 1, 5), date(2026, 1, 6))
    return Attempt(f"/substitutes/{made.id}/end")


def _retrying(pages: Pages, place: str) -> Attempt:
    deployments = pages.product.engine.deployments
    deployments.deploy(
        SYSTEM, [SourceFile("wait.bpmn", (FILES / "wait.bpmn").read_bytes())], "test"
    )
    body = {"unit": f"naf:{place}", "variables": {"broken": "x"}}
    made = pages.story.call(f"case_worker.{place}", "POST", "/processes/wait/instances", body)
    assert made.status_code == 201, made.text
    found = pages.story.get(ADMIN, "/incidents", instance=made.get_json()["id"])
    return Attempt(f"/incidents/{found['items'][0]['id']}/retry")


MAKERS: dict[str, Maker] = {
    **_register("catalogue", _entry),
    **_register("providers", _provider),
    **_register("employers", _employer),
    **_register("vacancies", _vacancy),
    "POST /catalogue/<id>/accept": _accepting,
    "GET /users": lambda _pages, _place: Attempt("/users"),
    "GET /users/new": lambda _pages, _place: Attempt("/users/new"),
    "POST /users/new": lambda _pages, _place: Attempt(
        "/users/new", {**PERSON, "username": f"new{next(_numbers)}.irbid"}
    ),
    "GET /users/<name>": _of_user(),
    "GET /users/<name>/edit": _of_user("/edit"),
    "POST /users/<name>/edit": _of_user("/edit", **PERSON),
    "POST /users/<name>/password": _of_user("/password"),
    "POST /users/<name>/retire": _of_user("/retire"),
    "POST /users/<name>/restore": _restoring,
    "GET /substitutes": lambda _pages, _place: Attempt("/substitutes"),
    "GET /users/<name>/substitute": _of_user("/substitute"),
    "POST /users/<name>/substitute": _naming,
    "POST /substitutes/<number>/end": _ending,
    "GET /units": lambda _pages, _place: Attempt("/units"),
    "POST /units/visits": lambda _pages, place: Attempt(
        "/units/visits", {"unit": f"naf:{place}", "visited_on": "04/01/2026"}
    ),
    "GET /incidents": lambda _pages, _place: Attempt("/incidents"),
    "POST /incidents/<id>/retry": _retrying,
    "GET /clock": lambda _pages, _place: Attempt("/clock"),
    "POST /clock": lambda _pages, _place: Attempt("/clock", {"days": "1"}),
}
