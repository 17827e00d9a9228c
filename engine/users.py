"""The administration of users: accounts, roles and units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from engine.access import ALL_UNITS, ANYWHERE, Verb, require, visible_units
from engine.clock import Clock
from engine.colleagues import ActorOf, Colleagues, known
from engine.commands import IdempotencyKey
from engine.credentials import Passwords, check_password
from engine.errors import AlreadyExists, Conflict, Invalid
from engine.journal import Journal
from engine.once import first_answer, keep
from engine.records import Actor, Page, Paging, Role
from engine.store import users as store
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.store.users import Substitution, User
from engine.user_fields import (
    check_places,
    check_username,
    checked_language,
    checked_name,
    checked_roles,
)
from engine.wording import Text

__all__ = ["RetireHook", "Substitution", "User", "Users"]

_UNIT = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_]+)?")
_FIRST_PAGE = Paging()

RetireHook = Callable[[Transaction, Actor, str], None]
"""Called with the transaction, who did it and the username whose open tasks must go back."""


class Users(Colleagues):
    """The accounts. Every change is in the journal's stream `admin`, without passwords."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        passwords: Passwords,
        actor_of: ActorOf,
    ) -> None:
        super().__init__(database, journal, clock, actor_of)
        self._passwords = passwords
        self.on_retire: list[RetireHook] = []
        """Called when a user is retired or loses a role or unit: claimed tasks go back."""
        self.unit_exists: Callable[[Transaction, str], bool] = lambda _tx, _unit: True
        """Says whether a unit code is known; whoever keeps the units replaces it."""

    def get(self, actor: Actor, username: str) -> User:
        """One user: oneself, or anybody for an administrator. Raises `NotFound`, `Forbidden`."""
        if actor.username != username:
            require(actor, Verb.USERS_MANAGE)
        with self._database.reading() as tx:
            return known(tx, username)

    def list(
        self, actor: Actor, paging: Paging = _FIRST_PAGE, unit: str | None = None
    ) -> Page[User]:
        """Users by username: all for an administrator, else the colleagues of the own units."""
        require(actor, Verb.USERS_OF_UNIT, ANYWHERE if unit is None else unit)
        visible = visible_units(actor, Verb.USERS_OF_UNIT)
        units: Iterable[str] | None = None
        if unit is not None:
            units = (unit,)
        elif visible is not ALL_UNITS:
            units = actor.units
        with self._database.reading() as tx:
            return store.page(tx, paging, units)

    def usernames(self, tx: Transaction, role: Role, unit: str | None = None) -> tuple[str, ...]:
        """Active users with `role` (in `unit`)."""
        return store.with_role(tx, role, unit)

    def create(
        self,
        actor: Actor,
        username: str,
        *,
        name: str,
        password: str,
        roles: Iterable[Role],
        units: Iterable[str],
        language: str = "ar",
        must_change_password: bool = True,
        idempotency: IdempotencyKey | None = None,
    ) -> User:
        """Add a user. Raises `Forbidden`, `Invalid`, `AlreadyExists`, `KeyReused`.

        A request that comes again with its key gets the account as it is by then.
        """
        require(actor, Verb.USERS_MANAGE)
        check_username(username)
        if not actor.is_(Role.SYSTEM):
            check_password(password, username)
        hashed = self._passwords.hash(password)
        with self._database.transaction() as tx:
            tx.lock("users")
            if first_answer(tx, idempotency) is not None:
                return known(tx, username)
            user = User(
                username,
                checked_name(name),
                checked_roles(roles),
                self._checked_units(tx, units),
                checked_language(language),
                True,
                must_change_password,
                self._clock.now(tx),
            )
            check_places(user.roles, user.units)
            if store.find(tx, username) is not None:
                raise AlreadyExists(
                    Text(
                        f"يوجد مستخدم باسم {username}؛ اختر اسماً آخر.",
                        f"There is a user {username} already; choose another name.",
                    )
                )
            store.add(tx, user, hashed)
            self._note(tx, actor, "user_created", _described(user))
            keep(tx, idempotency, {"username": username})
        return user

    def update(
        self,
        actor: Actor,
        username: str,
        *,
        name: str | None = None,
        roles: Iterable[Role] | None = None,
        units: Iterable[str] | None = None,
        language: str | None = None,
        password: str | None = None,
        active: bool | None = None,
    ) -> User:
        """Change what is given. New roles, units or password, and retiring, end every session.

        Raises `Forbidden`, `NotFound`, `Invalid`; `Conflict` for the last administrator.
        """
        require(actor, Verb.USERS_MANAGE)
        values = self._new_password(username, password)
        with self._database.transaction() as tx:
            tx.lock("users")
            before = known(tx, username)
            if name is not None:
                values["name"] = checked_name(name)
            if language is not None:
                values["language"] = checked_language(language)
            if active is not None:
                values["active"] = active
            new_roles = before.roles if roles is None else checked_roles(roles)
            new_units = before.units if units is None else self._checked_units(tx, units)
            retired = before.active and active is False
            moved = new_roles != before.roles or new_units != before.units
            if moved:  # an account that does not fit from before can be renamed and retired
                check_places(new_roles, new_units)
            ends = retired or moved or password is not None
            self._keep_an_admin(tx, before, retired or Role.ADMIN not in new_roles)
            store.set_roles(tx, username, new_roles)
            store.set_units(tx, username, new_units)
            store.change(tx, username, values, end_sessions=ends)
            for standing in store.substitutions(tx, username=username):
                store.change(tx, standing.substitute, {}, end_sessions=False)
            if retired or not (before.roles <= new_roles and before.units <= new_units):
                for hook in self.on_retire:
                    hook(tx, actor, username)
            after = known(tx, username)
            details = {
                "before": _described(before),
                "after": _described(after),
                "password": "unchanged" if password is None else "new",
            }
            self._note(tx, actor, "user_retired" if retired else "user_changed", details)
        return after

    def retire(self, actor: Actor, username: str) -> User:
        """The user can no longer sign in; open tasks go back to their group."""
        return self.update(actor, username, active=False)

    def _new_password(self, username: str, password: str | None) -> dict[str, Any]:
        if password is None:
            return {}
        check_password(password, username)
        return {"password_hash": self._passwords.hash(password), "must_change_password": True}

    def _keep_an_admin(self, tx: Transaction, user: User, leaves: bool) -> None:
        if leaves and user.active and store.with_role(tx, Role.ADMIN) == (user.username,):
            raise Conflict(
                Text(
                    f"{user.username} آخر مدير للنظام؛ عيّن مديراً آخر أولاً.",
                    f"{user.username} is the last administrator; make somebody else one first.",
                )
            )

    def _checked_units(self, tx: Transaction, units: Iterable[str]) -> frozenset[str]:
        given = frozenset(units)
        unknown = sorted(
            unit for unit in given if not _UNIT.fullmatch(unit) or not self.unit_exists(tx, unit)
        )
        if unknown:
            listed = ", ".join(unknown)
            raise Invalid(
                Text("في الوحدات وحدة غير معروفة.", "A unit is unknown."),
                {"units": [Text(f"غير معروفة: {listed}.", f"Unknown: {listed}.")]},
            )
        return given


def _described(user: User) -> dict[str, Any]:
    return {
        "username": user.username,
        "name": user.name,
        "roles": sorted(user.roles),
        "units": sorted(user.units),
        "language": user.language,
        "active": user.active,
    }
