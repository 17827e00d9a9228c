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
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import BASE, World
from tests.api.permissions import COLUMNS, TABLE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 3}
"""Inputs tried of each operation; making one that breaks a rule takes longest."""

UNTOUCHED = {"sign_in", "sign_out", "change_password"}
"""They would end the sessions that the test speaks with; tests of their own cover them."""


@pytest.fixture
def known(world: World) -> dict[str, list[str]]:
    """Ids that exist, by path parameter: random ones alone would only ever meet 404."""
    case = world.start(business_key="fuzz")
    second = world.start()
    world.note(second["id"])
    broken = world.start("wait", variables={"broken": "x"})
    incident = world.ok("admin.hq", "GET", "/incidents")["items"][0]
    return {
        "task_id": [
            world.task(case["id"], "note", "case_worker.irbid")["id"],
            world.task(second["id"], "check", "mol_officer.irbid")["id"],
        ],
        "instance_id": [case["id"], second["id"], broken["id"]],
        "incident_id": [incident["id"]],
        "person_id": [world.person()["id"]],
        "key": ["errand", "wait", "client_journey"],
        "number": ["1"],
        "row_id": ["vtc_irbid"],
        "unit": ["naf:irbid"],
        "username": ["case_worker.zarqa"],
        "substitution_id": ["1"],
    }


def test_no_input_makes_the_server_fail(world: World, known: dict[str, list[str]]) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", world.client.application)
    tried = 0
    for found in schema.get_all_operations():
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
            def attempt(case: Case, user: str, chosen: int) -> None:
                _with_known_ids(case, known, chosen)
                headers = {"Authorization": f"Bearer {world.token(user)}"}
                case.call_and_validate(headers=headers, checks=CHECKS)

            attempt()
    assert tried > 60


def _people(method: str, path: str) -> list[str]:
    """Mostly people who may do it, so that what is behind the door is reached; some who may not."""
    row = TABLE.get(f"{method} {path.removeprefix(BASE)}".replace("{", "<").replace("}", ">"), "y")
    may = [user for user, cell in zip(COLUMNS, row.split(), strict=False) if cell[0] == "y"]
    return [*may * 3, "case_worker.zarqa", "connector.post"]


def _with_known_ids(case: Case, known: dict[str, list[str]], chosen: int) -> None:
    """Put ids that exist into the path, three times of four."""
    parameters: dict[str, Any] = dict(case.path_parameters or {})
    for name in parameters:
        if chosen and name in known:
            parameters[name] = known[name][chosen % len(known[name])]
    if parameters:
        case.path_parameters = parameters
