"""Signing in and out, and who is signed in."""

from __future__ import annotations

from typing import Any

from flask import g, request

from api.blueprint import Blueprint
from api.context import actor, engine, parts
from api.schemas import auth as schemas
from api.security import bearer_token
from engine.identity import Session

blueprint = Blueprint("auth", __name__, description="Signing in.")


@blueprint.operation(
    "POST",
    "/auth/token",
    body=schemas.Credentials,
    returns=schemas.Token,
    problems=(401, 429),
    public=True,
)
def sign_in(body: dict[str, Any]) -> Any:
    """A bearer token for a user name and its password."""
    g.problem_detail = "wrong-password"
    with parts().sign_ins.attempt(body["username"], request.remote_addr or ""):
        session = engine().identity.sign_in(body["username"], body["password"])
    return _token(session)


@blueprint.operation("DELETE", "/auth/token", returns=None, status=204)
def sign_out() -> None:
    """Make the request's token worthless."""
    engine().identity.sign_out(bearer_token())


@blueprint.operation("GET", "/me", returns=schemas.Me)
def get_me() -> Any:
    """The signed-in user with roles and units."""
    return actor()


@blueprint.operation(
    "POST", "/me/password", body=schemas.NewPassword, returns=schemas.Token, problems=(429,)
)
def change_password(body: dict[str, Any]) -> Any:
    """Set a new password; every session of the user ends but the one of the answer's token."""
    with parts().sign_ins.attempt(actor().username, request.remote_addr or ""):
        session = engine().identity.change_password(actor(), body["old"], body["password"])
    return _token(session)


def _token(session: Session) -> dict[str, Any]:
    return {
        "access_token": session.token,
        "token_type": "Bearer",
        "expires_in": session.expires_in,
        "user": session.actor,
        "must_change_password": session.user.must_change_password,
    }
