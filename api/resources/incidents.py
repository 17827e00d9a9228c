"""Incidents: errors in a case that a person must clear."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine
from api.paging import paging
from api.schemas import messages as schemas
from api.shapes import page_of

blueprint = Blueprint("incidents", __name__, description="Cases that stand at an error.")


@blueprint.operation(
    "GET",
    "/incidents",
    query=schemas.IncidentQuery,
    returns=page_of(schemas.IncidentAnswer),
    problems=(403,),
)
def list_incidents(query: dict[str, Any]) -> Any:
    """The incidents that the caller may see."""
    page = paging(query)
    return engine().incidents.list(actor(), paging=page, **query)


@blueprint.operation(
    "POST",
    "/incidents/<code:incident_id>/retry",
    returns=schemas.IncidentAnswer,
    problems=(403, 409, 410),
)
def retry_incident(incident_id: str) -> Any:
    """Run the element again at which the case stands."""
    return engine().incidents.retry(actor(), incident_id)
