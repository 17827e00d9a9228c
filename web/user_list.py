"""The list of accounts, narrowed down by what the store does not keep an order for."""

from __future__ import annotations

from engine.engine import Engine
from engine.records import Actor, Page, Paging, Role
from engine.users import User

_AT_ONCE = 50


def find_users(  # noqa: PLR0917  what a list may be narrowed down by
    engine: Engine,
    actor: Actor,
    unit: str | None,
    role: Role | None,
    active: bool,
    cursor: str | None,
) -> Page[User]:
    """At least one page of accounts that fit, if there are so many. Raises `Forbidden`."""
    found: list[User] = []
    while True:
        page = engine.identity.users.list(actor, Paging(_AT_ONCE, cursor), unit)
        found += [
            user
            for user in page.items
            if user.active is active and (role is None or role in user.roles)
        ]
        cursor = page.next_cursor
        if cursor is None or len(found) >= _AT_ONCE:
            return Page(tuple(found), cursor)
