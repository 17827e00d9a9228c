"""The OpenAPI description is complete, and the written reference is made from it."""

from __future__ import annotations

from typing import Any

import pytest

from api import reference
from api.app import describe
from tests.api.conftest import BASE, World, body_of


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The OpenAPI document, made from the routes without a database."""
    return describe()


def _operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, item[method])
        for path, item in description["paths"].items()
        for method in reference.METHODS
        if method in item
    ]


def test_every_route_is_described(world: World, description: dict[str, Any]) -> None:
    assert body_of(world.client.get(f"{BASE}/openapi.json")) == description
    described = {(m.upper(), path) for m, path, _ in _operations(description)}
    for rule in world.client.application.url_map.iter_rules():
        if not rule.rule.startswith(BASE) or rule.rule.endswith("openapi.json"):
            continue
        path = "".join(
            f"{{{part}}}" if dynamic else part for dynamic, part in rule._trace if part != "|"
        )
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert (method, path) in described


def test_every_operation_is_whole(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    seen: set[str] = set()
    for method, path, operation in _operations(description):
        place = (method, path)
        assert operation["summary"], place
        assert operation["operationId"] not in seen, place
        seen.add(operation["operationId"])
        statuses = set(operation["responses"])
        assert {"500", "503"} <= statuses, place
        assert any(status.startswith("2") for status in statuses), place
        if operation.get("security") != []:
            assert "401" in statuses, place
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= statuses, place
        if "{" in path:
            assert "404" in statuses, place
        names = {parameter["name"] for parameter in operation["parameters"]}
        if method == "post" and statuses & {"201", "202"}:
            assert "Idempotency-Key" in names, place


def test_problems_are_the_only_errors(description: dict[str, Any]) -> None:
    for name, response in description["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_the_reference_is_current(description: dict[str, Any]) -> None:
    written = reference.FILE.read_text("utf-8")
    assert written == reference.reference(description), "run: python -m api.reference"
