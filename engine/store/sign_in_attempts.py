"""Sign-ins that were tried lately, counted by all server processes together.

Keys are hashed: the table lists neither names nor addresses, and its rows live for an hour at most.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

import sqlalchemy as sa

from engine.store.database import Database
from engine.store.schema import metadata
from engine.store.transaction import Transaction

sign_in_attempt = sa.Table(
    "sign_in_attempt",
    metadata,
    sa.Column("key", sa.LargeBinary(32), primary_key=True, comment="hash of what is limited"),
    sa.Column("at", sa.BigInteger, primary_key=True, comment="system time, microseconds"),
    sa.Column("nonce", sa.LargeBinary(8), primary_key=True),
    sa.Index("ix_sign_in_attempt_at", "at"),
    comment="who tries too often is stopped; nothing here is older than an hour",
)

_A = sign_in_attempt.c
_SECOND = 1_000_000
_KEPT_SECONDS = 3600


class SignInAttempts:
    """Attempts of the last seconds; `system_now` answers in seconds since 1970."""

    def __init__(self, database: Database, system_now: Callable[[], float]) -> None:
        self._database = database
        self._system_now = system_now

    def add(self, what: str, most: int, seconds: int) -> bool:
        """Add an attempt unless `most` lie in the last `seconds`; whether it was added."""
        key, now = _key(what), self._now()
        with self._database.transaction() as tx:
            # Of two processes with one attempt left, one gets it.
            tx.lock(f"sign-in {key.hex()}")
            tx.execute(sign_in_attempt.delete().where(_A.at < now - _KEPT_SECONDS * _SECOND))
            if _window(tx, key, now - seconds * _SECOND)[1] >= most:
                return False
            row = {"key": key, "at": now, "nonce": secrets.token_bytes(8)}
            tx.execute(sign_in_attempt.insert(), row)
        return True

    def number(self, what: str, seconds: int) -> int:
        """How many attempts lie in the last `seconds`."""
        with self._database.reading() as tx:
            return _window(tx, _key(what), self._now() - seconds * _SECOND)[1]

    def seconds_left(self, what: str, seconds: int) -> float:
        """How long until the first attempt of the last `seconds` counts no more."""
        now = self._now()
        with self._database.reading() as tx:
            first = _window(tx, _key(what), now - seconds * _SECOND)[0]
        return 0.0 if first is None else (first - now) / _SECOND + seconds

    def forget(self, *what: str) -> None:
        """Forget the attempts of all of these."""
        with self._database.transaction() as tx:
            tx.execute(sign_in_attempt.delete().where(_A.key.in_(map(_key, what))))

    def _now(self) -> int:
        return int(self._system_now() * _SECOND)


def _window(tx: Transaction, key: bytes, after: int) -> tuple[int | None, int]:
    found = sa.select(sa.func.min(_A.at).label("first"), sa.func.count().label("number"))
    row = tx.execute(found.where(_A.key == key, _A.at > after)).one()
    return row.first, row.number


def _key(what: str) -> bytes:
    return hashlib.sha256(what.encode("utf-8", "replace")).digest()
