"""Signing in, and who is signed in."""

from __future__ import annotations

from api.fields import Boolean, Choice, Code, Integer, Many, Part, Text
from api.shapes import Answer, Body
from engine.records import Role

ROLES = [role for role in Role if role is not Role.SYSTEM]


class Credentials(Body):
    """A user name and its password."""

    username = Code(required=True)
    password = Text(low=1, high=1000, required=True, metadata={"format": "password"})


class NewPassword(Body):
    """The present password and the next one."""

    old = Text(low=1, high=1000, required=True, metadata={"format": "password"})
    password = Text(low=1, high=1000, required=True, metadata={"format": "password"})


class Me(Answer):
    """The signed-in user."""

    username = Text()
    name = Text()
    roles = Many(Choice(ROLES))
    units = Many(Text(), metadata={"description": "With those of people stood in for."})
    language = Choice(["ar", "en"])
    must_change_password = Boolean(
        metadata={
            "description": "Somebody else made the password: until it is changed everything but "
            "this, `POST /me/password` and `DELETE /auth/token` answers 403."
        }
    )


class Token(Answer):
    """A bearer token and whom it stands for."""

    access_token = Text(high=4096)
    token_type = Choice(["Bearer"])
    expires_in = Integer(metadata={"description": "Seconds."})
    user = Part(Me)
    must_change_password = Boolean(
        metadata={"description": "The password was set by somebody else."}
    )
