"""An installation with an administrator: where people sign in and accounts are kept."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.clock import SimulatedClock
from engine.credentials import Passwords
from engine.errors import (
    NotSignedIn,
)
from engine.identity import Identity
from engine.journal import Journal
from engine.records import SYSTEM, Role
from engine.store.database import Database

SECRET = bytes(reversed(range(32)))
PASSWORD = "correct horse"


class Reception:
    """An installation with an administrator and a system time of its own."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: SimulatedClock,
        passwords: Passwords,
    ) -> None:
        self.database = database
        self.passwords = passwords
        self.journal = journal
        self.clock = clock
        self.system_time = datetime(2026, 3, 1, tzinfo=UTC)
        self.identity = Identity(
            database,
            journal,
            clock,
            SECRET,
            passwords=passwords,
            system_now=lambda: self.system_time,
        )
        self.add("admin.hq", Role.ADMIN, "hq")
        self.admin = self.identity.sign_in("admin.hq", PASSWORD).actor

    def add(self, username: str, role: Role, *units: str) -> None:
        self.identity.users.create(
            SYSTEM, username, name="سارة أحمد", password=PASSWORD, roles=[role], units=units
        )

    def token(self, username: str) -> str:
        return self.identity.sign_in(username, PASSWORD).token

    def works(self, token: str) -> bool:
        try:
            self.identity.actor_for_token(token)
        except NotSignedIn:
            return False
        return True
