"""Reports."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, journey
from api.schemas import reports as schemas

blueprint = Blueprint("reports", __name__, description="Figures of the offices.")


@blueprint.operation(
    "GET",
    "/reports/offices",
    query=schemas.Period,
    returns=schemas.OfficeTable,
    problems=(403,),
)
def office_table(query: dict[str, Any]) -> Any:
    """One row an office the caller may see, and the total."""
    return journey().reports.office_table(actor(), query.get("from"), query.get("to"))
