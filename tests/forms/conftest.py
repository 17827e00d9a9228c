"""What the form tests share: a form made of a few components, a fixed moment, the shipped files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forms import Form, FormErrors, FormFileError, compile_form

DEFINITIONS = Path(__file__).parents[2] / "forms" / "definitions"
Json = dict[str, Any]


def _component(kind: str, key: str, **more: Any) -> Json:
    properties = {"label.en": key, **more.pop("properties", {})}
    for value in more.get("values", ()):
        properties.setdefault(f"value.{value['value']}.en", value["value"].upper())
    return {"type": kind, "key": key, "label": f"حقل {key}", "properties": properties, **more}


@pytest.fixture(scope="session")
def component() -> Callable[..., Json]:
    """One input component with the labels it needs."""
    return _component


@pytest.fixture(scope="session")
def file_of() -> Callable[..., bytes]:
    """The bytes of a form file with these components."""

    def make(*components: Json, **top: Any) -> bytes:
        return json.dumps(
            {"type": "default", "id": "probe", "components": components, **top}
        ).encode()

    return make


@pytest.fixture(scope="session")
def make_form(file_of: Callable[..., bytes]) -> Callable[..., Form]:
    """A compiled form with these components."""
    return lambda *components: compile_form(file_of(*components), file="probe.form")


@pytest.fixture(scope="session")
def rules_of(file_of: Callable[..., bytes]) -> Callable[..., set[str]]:
    """The rules that a form with these components breaks."""

    def find(*components: Json, **top: Any) -> set[str]:
        try:
            compile_form(file_of(*components, **top), file="probe.form")
        except FormFileError as error:
            return {finding.rule for finding in error.findings}
        return set()

    return find


@pytest.fixture(scope="session")
def now() -> datetime:
    """14 May 2019, 10:00 in Amman."""
    return datetime(2019, 5, 14, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def answer(now: datetime) -> Callable[..., Json]:
    """The clean answers of a form."""

    def give(form: Form, data: Json, variables: Json | None = None, **more: Any) -> Json:
        return form.validate(data, variables=variables or {}, now=more.pop("now", now), **more)

    return give


@pytest.fixture(scope="session")
def errors_of(answer: Callable[..., Json]) -> Callable[..., dict[str, list[str]]]:
    """The errors by path, in English unless told; {} when the answers are accepted."""

    def find(form: Form, data: Any, variables: Json | None = None, **more: Any) -> Any:
        try:
            answer(form, data, variables, **{"language": "en", **more})
        except FormErrors as error:
            return error.errors
        return {}

    return find


@pytest.fixture(scope="session")
def shipped() -> dict[str, Form]:
    """Every shipped form by id."""
    return {
        path.stem: compile_form(path.read_bytes(), file=path.name)
        for path in sorted(DEFINITIONS.glob("*.form"))
    }


@pytest.fixture(scope="session")
def parameters() -> Json:
    """The parameters of 2019 that the forms read."""
    return {
        "minimum_wage_jod_month": 220,
        "client_feedback_days": 10,
        "provider_feedback_days": 14,
        "benefit_retention_months": 24,
    }
