"""Signing in and out, and the actor behind a token."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engine.clock import Clock, today
from engine.colleagues import known
from engine.credentials import SESSION_ENDED, TOKEN_LIFE, Passwords, Tokens, check_password
from engine.errors import Invalid, NotFound, NotSignedIn, Unavailable
from engine.journal import Journal, NewEntry
from engine.records import Actor
from engine.store import users as store
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.store.users import User
from engine.user_fields import checked_language
from engine.users import Users
from engine.wording import Text

_CACHED_ACTORS = 1000
_WRONG = Text("اسم المستخدم أو كلمة المرور غير صحيحة.", "The user name or the password is wrong.")


@dataclass(frozen=True)
class Session:
    """One sign-in."""

    token: str
    expires_in: int
    """Seconds."""
    actor: Actor
    user: User


class Identity:
    """Who is who: sign-in, tokens and the actor they stand for; accounts are under `users`."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        secret_key: bytes,
        *,
        passwords: Passwords | None = None,
        token_life: timedelta = TOKEN_LIFE,
        system_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._system_now = system_now
        self._tokens = Tokens(secret_key, token_life)
        self._passwords = passwords or Passwords()
        self._lock = threading.Lock()
        self._actors: dict[tuple[str, int, date], Actor] = {}
        self.users = Users(database, journal, clock, self._passwords, self.actor)

    def sign_in(self, username: str, password: str) -> Session:
        """Raises `NotSignedIn`, with the same words and after the same time whether the name or
        the password is wrong or the user is retired."""
        name = _plain(username)
        with self._database.reading() as tx:
            stored = store.password(tx, name)
        usable = stored[0] if stored is not None and stored[1] else None
        # The hash is computed outside of any transaction: it takes a while on purpose.
        if not self._passwords.fits(usable, password) or stored is None:
            raise NotSignedIn(_WRONG)
        if self._passwords.outdated(stored[0]):
            # A database that takes no writes just now can do with the old hash until the next time.
            with suppress(Unavailable), self._database.transaction() as tx:
                store.rehash(tx, name, stored[0], self._passwords.hash(password))
        return self._session(name, stored[2])

    def actor_for_token(self, token: str) -> Actor:
        """Whose token it is. Raises `NotSignedIn` when it ended in any way."""
        claims = self._tokens.read(token, self._system_now())
        with self._database.glance() as tx:
            state = store.session_state(tx, claims.username, claims.token_id)
            day = today(self._clock.now(tx))
        if (
            state is None
            or not state.active
            or state.signed_out
            or state.generation != claims.generation
        ):
            raise NotSignedIn(SESSION_ENDED)
        key = (claims.username, state.revision, day)
        with self._lock:
            cached = self._actors.get(key)
        if cached is not None:
            return cached
        with self._database.reading() as tx:
            actor = self.actor(tx, claims.username)
        with self._lock:
            if len(self._actors) >= _CACHED_ACTORS:
                self._actors.clear()
            self._actors[key] = actor
        return actor

    def sign_out(self, token: str) -> None:
        """End this token's session; a token that has ended already is no error."""
        try:
            claims = self._tokens.read(token, self._system_now())
        except NotSignedIn:
            return
        with self._database.transaction() as tx:
            store.sign_out(tx, claims.token_id, claims.expires_at, self._system_now())

    def sign_out_everywhere(self, actor: Actor) -> None:
        """End every session of the actor's account; journalled."""
        with self._database.transaction() as tx:
            store.change(tx, actor.username, {}, end_sessions=True)
            data = {"username": actor.username}
            entry = NewEntry(
                self._clock.now(tx), actor.username, "signed_out_everywhere", data=data
            )
            self._journal.append_admin(tx, entry)

    def user_for(self, actor: Actor) -> User:
        """The actor's own account. Raises `NotFound` for an actor without one."""
        with self._database.reading() as tx:
            return known(tx, actor.username)

    def set_language(self, actor: Actor, language: str) -> User:
        """Remember the language that the actor reads (`ar` or `en`); raises `Invalid`."""
        with self._database.transaction() as tx:
            if known(tx, actor.username).language != language:
                values = {"language": checked_language(language)}
                store.change(tx, actor.username, values, end_sessions=False)
            return known(tx, actor.username)

    def actor(self, tx: Transaction, username: str) -> Actor:
        """The actor behind an active user, with the units and tasks of everybody they stand in for
        today.

        Standing in counts only between people of equal roles: otherwise one person's role would
        reach another person's place. Raises `NotFound`.
        """
        user = known(tx, username)
        if not user.active:
            raise NotFound(Text(f"حساب {username} متوقف.", f"The user {username} is retired."))
        units = set(user.units)
        absentees: set[str] = set()
        day = today(self._clock.now(tx))
        for standing in store.substitutions(tx, stands_in=username):
            if standing.valid_from <= day <= standing.valid_to:
                absent = known(tx, standing.username)
                if absent.roles == user.roles:
                    units |= absent.units
                    absentees.add(absent.username)
        return Actor(
            user.username,
            user.roles,
            frozenset(units),
            user.name,
            user.language,
            stands_in_for=frozenset(absentees),
            must_change_password=user.must_change_password,
        )

    def change_password(self, actor: Actor, old: str, new: str) -> Session:
        """Change one's own password; every other session of the user ends."""
        with self._database.reading() as tx:
            stored = store.password(tx, actor.username)
        if stored is None or not self._passwords.fits(stored[0], old):
            raise Invalid(
                Text("لم تتغير كلمة المرور.", "The password was not changed."),
                {"old": [Text("ليست كلمة مرورك.", "Is not your password.")]},
            )
        check_password(new, actor.username)
        if new == old:  # the first one is known to whoever made the account
            raise Invalid(
                Text("لم تتغير كلمة المرور.", "The password was not changed."),
                {"password": [Text("اختر كلمة غير الحالية.", "Choose another than the present.")]},
            )
        hashed = self._passwords.hash(new)
        with self._database.transaction() as tx:
            values = {"password_hash": hashed, "must_change_password": False}
            store.change(tx, actor.username, values, end_sessions=True)
            data = {"username": actor.username}
            entry = NewEntry(self._clock.now(tx), actor.username, "password_changed", data=data)
            self._journal.append_admin(tx, entry)
            generation = (store.password(tx, actor.username) or ("", True, 0))[2]
        return self._session(actor.username, generation)

    def _session(self, username: str, generation: int) -> Session:
        with self._database.reading() as tx:
            actor, user = self.actor(tx, username), known(tx, username)
        token = self._tokens.issue(username, generation, self._system_now())
        return Session(token, int(self._tokens.life.total_seconds()), actor, user)


def _plain(username: str) -> str:
    return unicodedata.normalize("NFKC", username).strip().casefold()
