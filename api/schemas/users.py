"""Users, and who stands in for whom."""

from __future__ import annotations

from api.fields import Boolean, Choice, Code, Day, Integer, Many, Moment, Text, pattern
from api.schemas.auth import ROLES
from api.shapes import Answer, Body, Paged

USERNAME = r"[a-z0-9][a-z0-9._\-]{0,63}"
LANGUAGES = ["ar", "en"]


class UserQuery(Paged):
    """Which users."""

    unit = Code()


class UserChange(Body):
    """New values of a user; `active: false` retires: open tasks go back to their group."""

    name = Text(low=1, high=200)
    roles = Many(Choice(ROLES), high=10)
    units = Many(Code(), high=100)
    language = Choice(LANGUAGES)
    password = Text(low=8, high=256, metadata={"format": "password"})
    active = Boolean()


class NewUser(Body):
    """A new account; its first password is changed at the first sign-in unless told otherwise."""

    username = Code(high=64, validate=pattern(USERNAME), required=True)
    name = Text(low=1, high=200, required=True)
    password = Text(low=8, high=256, required=True, metadata={"format": "password"})
    roles = Many(Choice(ROLES), high=10, required=True)
    units = Many(Code(), high=100, required=True)
    language = Choice(LANGUAGES, load_default="ar")
    must_change_password = Boolean(load_default=True)


class UserAnswer(Answer):
    """One account."""

    username = Text()
    name = Text()
    roles = Many(Choice(ROLES))
    units = Many(Text())
    language = Choice(LANGUAGES)
    active = Boolean()
    must_change_password = Boolean()
    created_at = Moment()


class NewSubstitute(Body):
    """Who stands in for a user, and when; both days included."""

    substitute = Code(required=True)
    valid_from = Day(required=True)
    valid_to = Day(required=True)


class SubstituteAnswer(Answer):
    """`substitute` does the work of `username` from `valid_from` to `valid_to`."""

    id = Integer()
    username = Text()
    substitute = Text()
    valid_from = Day()
    valid_to = Day()
