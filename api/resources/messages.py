"""Messages from outside systems."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine, idempotency
from api.schemas import messages as schemas

blueprint = Blueprint("messages", __name__, description="Messages that cases wait for.")


@blueprint.operation(
    "POST",
    "/messages",
    body=schemas.Publish,
    returns=schemas.Published,
    status=202,
    problems=(403,),
    idempotent=True,
)
def publish_message(body: dict[str, Any]) -> Any:
    """Publish a message; without a time to live only cases that wait already get it."""
    return engine().messages.publish(
        actor(),
        body["name"],
        body["correlation_key"],
        body["payload"],
        body["time_to_live"],
        idempotency=idempotency(),
    )
