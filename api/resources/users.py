"""Users and substitutes."""

from __future__ import annotations

from typing import Any

from api.blueprint import Blueprint
from api.context import actor, engine, idempotency
from api.paging import page_of_all, paging
from api.schemas import users as schemas
from api.shapes import Paged, page_of

blueprint = Blueprint("users", __name__, description="Accounts, roles, units, substitutes.")


@blueprint.operation(
    "GET",
    "/users",
    query=schemas.UserQuery,
    returns=page_of(schemas.UserAnswer),
    problems=(403,),
)
def list_users(query: dict[str, Any]) -> Any:
    """Every user for an administrator, the colleagues of the own units for others."""
    return engine().identity.users.list(actor(), paging(query), query.get("unit"))


@blueprint.operation("GET", "/users/<code:username>", returns=schemas.UserAnswer, problems=(403,))
def get_user(username: str) -> Any:
    """One user."""
    return engine().identity.users.get(actor(), username)


@blueprint.operation(
    "POST",
    "/users",
    body=schemas.NewUser,
    returns=schemas.UserAnswer,
    status=201,
    problems=(403, 409),
    idempotent=True,
)
def create_user(body: dict[str, Any]) -> Any:
    """Add a user."""
    username = body.pop("username")
    return engine().identity.users.create(actor(), username, **body, idempotency=idempotency())


@blueprint.operation(
    "PATCH",
    "/users/<code:username>",
    body=schemas.UserChange,
    returns=schemas.UserAnswer,
    problems=(403, 409),
)
def change_user(username: str, body: dict[str, Any]) -> Any:
    """Change a user; new roles, units or password, and retiring, end every session."""
    return engine().identity.users.update(actor(), username, **body)


@blueprint.operation(
    "GET",
    "/users/<code:username>/substitutes",
    query=Paged,
    returns=page_of(schemas.SubstituteAnswer),
    problems=(403,),
)
def list_substitutes(username: str, query: dict[str, Any]) -> Any:
    """Who stands in for a user, and when."""
    found = engine().identity.users.substitutes(actor(), username)
    return page_of_all(found, query, lambda one: one.id)


@blueprint.operation(
    "POST",
    "/users/<code:username>/substitutes",
    body=schemas.NewSubstitute,
    returns=schemas.SubstituteAnswer,
    status=201,
    problems=(403,),
    idempotent=True,
)
def add_substitute(username: str, body: dict[str, Any]) -> Any:
    """Let somebody of the same roles do a user's work for some days."""
    return engine().identity.users.add_substitute(
        actor(),
        username,
        body["substitute"],
        body["valid_from"],
        body["valid_to"],
        idempotency=idempotency(username),
    )


@blueprint.operation(
    "DELETE",
    "/substitutes/<int(max=2147483647):substitution_id>",
    returns=None,
    status=204,
    problems=(403,),
)
def end_substitute(substitution_id: int) -> None:
    """Take a substitution back at once."""
    engine().identity.users.end_substitute(actor(), substitution_id)
