"""Process definitions, and starting cases of them."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.blueprint import Blueprint
from api.context import actor, engine, idempotency
from api.paging import page_of_all
from api.schemas import processes as schemas
from api.schemas.instances import InstanceAnswer, StartInstance
from api.shapes import Paged, page_of

blueprint = Blueprint("processes", __name__, description="Process definitions.")


@blueprint.operation(
    "GET", "/processes", query=Paged, returns=page_of(schemas.ProcessAnswer), problems=(403,)
)
def list_processes(query: dict[str, Any]) -> Any:
    """The latest version of every process."""
    return page_of_all(engine().deployments.processes(actor()), query, lambda one: one.key)


@blueprint.operation("GET", "/processes/<code:key>", returns=schemas.ProcessAnswer, problems=(403,))
def get_process(key: str) -> Any:
    """The latest version of one process."""
    return engine().deployments.process(actor(), key)


@blueprint.operation(
    "GET",
    "/processes/<code:key>/versions",
    query=Paged,
    returns=page_of(schemas.ProcessAnswer),
    problems=(403,),
)
def list_versions(key: str, query: dict[str, Any]) -> Any:
    """Every version of one process, newest first."""
    versions = engine().deployments.versions(actor(), key)
    return page_of_all(versions, query, lambda one: one.number)


@blueprint.operation(
    "GET",
    "/processes/<code:key>/versions/<int(max=2147483647):number>/bpmn",
    returns={"type": "string"},
    media_type="application/xml",
    problems=(403,),
)
def get_bpmn(key: str, number: int) -> Response:
    """The diagram as it was deployed, byte for byte."""
    xml = engine().deployments.xml(actor(), key, number)
    return Response(xml, content_type="application/xml")


@blueprint.operation(
    "POST",
    "/processes/<code:key>/instances",
    body=StartInstance,
    returns=InstanceAnswer,
    status=201,
    problems=(403, 409),
    idempotent=True,
)
def start_instance(key: str, body: dict[str, Any]) -> Any:
    """Start a case, for those whom the diagram names; persons' journeys start at /persons."""
    return engine().cases.start(actor(), key, idempotency=idempotency(key), **body)
