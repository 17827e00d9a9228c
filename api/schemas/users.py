"""Users, and who stands in for whom."""

from __future__ import annotations

from typing import Any

from api.fields import Answer, Body, Boolean, Choice, Code, Day, Many, Paged, Part, QueryBoolean
from api.fields import Text, pattern
from api.schemas.auth import ROLES

USERNAME = r"[A-Za-z0-9_][A-Za-z0-9_.\-]{1,99}"


class UserQuery(Paged):
    """Which users."""

    unit = Code()
    role = Choice(ROLES)
    active = QueryBoolean()
