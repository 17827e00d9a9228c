"""The simulated clock of training and pilot installations."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine
from api.schemas import clock as schemas

blueprint = Blueprint("clock", __name__, description="Simulated time; 404 with the system's clock.")


@blueprint.operation("GET", "/clock", returns=schemas.ClockAnswer, problems=(403, 404))
def get_clock() -> Any:
    """The simulated time."""
    return {"now": engine().advance.now(actor())}


@blueprint.operation(
    "POST", "/clock", body=schemas.Advance, returns=schemas.ClockAnswer, problems=(403, 404)
)
def advance_clock(body: dict[str, Any]) -> Any:
    """Move the clock forward; answers when everything due has fired."""
    delta, target = body.get("advance"), body.get("now")
    return {"now": engine().advance.advance(actor(), delta=delta, target=target)}
