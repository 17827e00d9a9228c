"""The access log."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine
from api.paging import paging
from api.schemas import oversight as schemas
from api.shapes import page_of

blueprint = Blueprint("oversight", __name__, description="Who looked at whose data.")


@blueprint.operation(
    "GET",
    "/access-log",
    query=schemas.AccessQuery,
    returns=page_of(schemas.AccessAnswer),
    problems=(403,),
)
def list_accesses(query: dict[str, Any]) -> Any:
    """Readings of personal data, newest first; for auditors."""
    page = paging(query)
    return engine().access_log.list(actor(), page, **query)
