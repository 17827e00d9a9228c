"""Every operation, with inputs made from its own description, by people of every role: the server
never fails, and every answer is one that the description names, in the shape it names."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import BASE, World
from tests.api.permissions import COLUMNS, TABLE
from tests.api.test_administration import ENTRY
from tests.api.test_documents import attach

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 5, GenerationMode.NEGATIVE: 2}
"""Inputs tried of each operation; making one that breaks a rule takes longest."""

UNTOUCHED = {"sign_in", "sign_out", "change_password"}
"""They would end the sessions that the test speaks with; tests of their own cover them."""


WORDS: dict[str, Any] = {
    "provider_id": "vtc_irbid",
    "mol_unit": "mol:irbid",
    "unit": "naf:irbid",
    "intervention_type": "training",
    "provider_kind": "ngo",
    "national_id": "0005550001",
    "assignee": "branch_head.irbid",
    "units": ["naf:irbid"],
    "revision": 1,
    "version": 1,
}
"""Body fields whose values must mean something before a verb goes on to write."""


@pytest.fixture
def known(world: World) -> dict[str, list[str]]:
    """Ids that exist, by path parameter or by path: random ones would only ever meet 404."""
    case = world.start(business_key="fuzz")
    second = world.start()
    world.note(second["id"])
    broken = world.start("wait", variables={"broken": "x"})
    incident = world.ok("admin.hq", "GET", "/incidents")["items"][0]
    employer = world.ok("hq_coordinator.hq", "POST", "/employers", json={"name": "مصنع"})
    vacancy = {
        "employer_id": employer["id"],
        "job_title": "عامل",
        "workplace_location": "jerash",
        "offered_wage_jod": 220,
    }
    made = world.ok("hq_coordinator.hq", "POST", "/vacancies", json=vacancy)
    entry = world.ok("hq_coordinator.hq", "POST", "/catalogue", json=ENTRY)
    document = attach(world, case["id"])["id"]
    return {
        "attachment_id": [document],
        "task_id": [world.task(case["id"], "note", "case_worker.irbid")["id"]],
        "instance_id": [case["id"], second["id"], broken["id"]],
        "incident_id": [incident["id"]],
        "person_id": [world.person()["id"]],
        "key": ["errand", "wait", "client_journey"],
        "number": ["1"],
        "/catalogue": [entry["id"]],
        "/providers": ["vtc_irbid"],
        "/employers": [employer["id"]],
        "/vacancies": [made["id"]],
        "unit": ["naf:irbid"],
        "username": ["case_worker.zarqa"],
        "substitution_id": ["1"],
        "employer_id": [employer["id"]],
    }


def test_no_input_makes_the_server_fail(world: World, known: dict[str, list[str]]) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", world.client.application)
    tried = 0
    failures: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.definition.raw["operationId"] in UNTOUCHED:
            continue
        tried += 1
        people = st.sampled_from(_people(operation.method.upper(), operation.path))
        for mode, examples in EXAMPLES.items():

            @settings(
                max_examples=examples,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(
                case=operation.as_strategy(generation_mode=mode),
                user=people,
                chosen=st.integers(0, 3),
            )
            def attempt(case: Case[Any], user: str, chosen: int) -> None:
                _with_known_ids(case, known, chosen)
                headers = {"Authorization": f"Bearer {world.token(user)}"}
                case.call_and_validate(headers=headers, checks=CHECKS)

            try:
                attempt()
            except Exception as failure:  # one bad operation must not hide the next
                failures.append(f"{operation.label}: {failure!r}")
    assert not failures, "\n\n".join(failures)
    assert tried > 60


def _people(method: str, path: str) -> list[str]:
    """Mostly people who may do it, so that what is behind the door is reached; some who may not."""
    row = TABLE.get(f"{method} {path.removeprefix(BASE)}".replace("{", "<").replace("}", ">"), "y")
    may = [user for user, cell in zip(COLUMNS, row.split(), strict=False) if cell[0] == "y"]
    return [*may * 3, "case_worker.zarqa", "connector.post"]


def _with_known_ids(case: Case[Any], known: dict[str, list[str]], chosen: int) -> None:
    """Put ids and words that mean something into the request, three times of four."""
    if not chosen:
        return
    parameters: dict[str, Any] = dict(case.path_parameters or {})
    collection = "/" + case.operation.path.removeprefix(f"{BASE}/").split("/")[0]
    for name in parameters:
        ids = known.get(collection if name == "row_id" else name)
        if ids:
            parameters[name] = ids[chosen % len(ids)]
    if parameters:
        case.path_parameters = parameters
    if isinstance(case.body, dict):
        words = {**WORDS, "employer_id": known["employer_id"][0]}
        # A fresh dict: the drawn one belongs to the generator.
        case.body = {name: words.get(name, value) for name, value in case.body.items()}
