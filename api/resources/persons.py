"""People and their journeys. People are searched by POST: no personal data stands in a URL."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, idempotency, journey
from api.paging import page_of_all
from api.schemas import persons as schemas
from api.schemas.instances import InstanceAnswer
from api.shapes import Paged, page_of

blueprint = Blueprint("persons", __name__, description="People and their journeys.")


@blueprint.operation(
    "POST",
    "/persons",
    body=schemas.NewPerson,
    returns=schemas.PersonAnswer,
    status=201,
    problems=(403, 409),
    idempotent=True,
)
def create_person(body: dict[str, Any]) -> Any:
    """Register a person; 409 when the national id is registered anywhere: look it up."""
    unit = body.pop("unit", None)
    return journey().persons.create(actor(), body, unit=unit, idempotency=idempotency())


@blueprint.operation(
    "GET", "/persons/<code:person_id>", returns=schemas.PersonAnswer, problems=(403, 410)
)
def get_person(person_id: str) -> Any:
    """One person of the caller's units."""
    return journey().persons.get(actor(), person_id)


@blueprint.operation(
    "PATCH",
    "/persons/<code:person_id>",
    body=schemas.PersonChange,
    returns=schemas.PersonAnswer,
    problems=(403, 409, 410),
)
def change_person(person_id: str, body: dict[str, Any]) -> Any:
    """Write a new version of a person's data."""
    version = body.pop("version", None)
    return journey().persons.update(actor(), person_id, body, version=version)


@blueprint.operation(
    "GET",
    "/persons/<code:person_id>/versions",
    query=Paged,
    returns=page_of(schemas.PersonVersionAnswer),
    problems=(403, 410),
)
def list_person_versions(person_id: str, query: dict[str, Any]) -> Any:
    """Every version of a person's data, oldest first."""
    found = journey().persons.versions(actor(), person_id)
    return page_of_all(found, query, lambda version: version.number)


@blueprint.operation(
    "POST",
    "/persons/search",
    body=schemas.Search,
    returns=schemas.Found,
    problems=(403,),
)
def search_persons(body: dict[str, Any]) -> Any:
    """At most 50 people of the caller's units."""
    found = journey().persons.search(actor(), body["q"])
    return {"items": found, "next_cursor": None}


@blueprint.operation(
    "POST",
    "/persons/lookup",
    body=schemas.Lookup,
    returns=schemas.LookupAnswer,
    problems=(403, 404),
)
def lookup_person(body: dict[str, Any]) -> Any:
    """Where a national id is registered, at whatever branch; journalled."""
    return journey().persons.lookup(actor(), body["national_id"])


@blueprint.operation(
    "POST",
    "/persons/<code:person_id>/journeys",
    body=schemas.OpenJourney,
    returns=InstanceAnswer,
    status=201,
    problems=(403, 409, 410),
    idempotent=True,
)
def open_journey(person_id: str, body: dict[str, Any]) -> Any:
    """Begin a journey; 409 while another one of this person is open."""
    return journey().cycles.open(
        actor(), person_id, body["unit"], idempotency=idempotency(person_id)
    )


@blueprint.operation(
    "GET",
    "/persons/<code:person_id>/journeys",
    query=Paged,
    returns=page_of(schemas.CycleAnswer),
    problems=(403, 410),
)
def list_journeys(person_id: str, query: dict[str, Any]) -> Any:
    """Every cycle of a person, newest first."""
    cycles = journey().cycles.of_person(actor(), person_id)
    return page_of_all(cycles, query, lambda cycle: cycle.cycle_no)


@blueprint.operation(
    "POST",
    "/persons/<code:person_id>/erase",
    body=schemas.Erase,
    returns=None,
    status=204,
    problems=(403, 409),
)
def erase_person(person_id: str, body: dict[str, Any]) -> None:
    """Destroy a person's key and data; every chain of the journal still verifies."""
    journey().persons.erase(actor(), person_id, body["reason"])
