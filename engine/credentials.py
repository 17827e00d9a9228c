"""Passwords and tokens: how somebody proves who they are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from engine.errors import Forbidden, Invalid, NotSignedIn
from engine.records import Actor
from engine.wording import Text

SESSION_ENDED = Text("انتهت جلستك؛ سجّل الدخول من جديد.", "Your session has ended; sign in again.")
TOKEN_LIFE = timedelta(hours=8)
"""Unless told otherwise, one working day; a token is not renewed, people sign in again."""

PASSWORD_LENGTH = (8, 256)
"""NIST SP 800-63B 5.1.1: at least eight characters, no rules of composition."""

_ALGORITHM = "HS256"
_ISSUER = "rihla"
_VERIFIED = 1024
"""Tokens whose signature was checked and is not checked anew with each request."""


@dataclass(frozen=True)
class TokenClaims:
    """What a valid token says."""

    username: str
    generation: int
    token_id: str
    expires_at: datetime


class Passwords:
    """Argon2id; unless told otherwise with OWASP's parameters (19 MiB, two passes, one lane),
    which take about 20 ms a check."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        # Checked when there is no such user, so that the answer takes as long.
        self._nobody = self._hasher.hash(secrets.token_hex())

    def hash(self, password: str) -> str:
        """The hash to be stored."""
        return self._hasher.hash(password)

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one of `stored`; None (no such user) takes as long to deny."""
        try:
            return self._hasher.verify(stored or self._nobody, password) and stored is not None
        except (Argon2Error, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)


def check_password(password: str, username: str) -> None:
    """Raises `Invalid` for a password that is too short, too long or the user name itself."""
    shortest, longest = PASSWORD_LENGTH
    message: Text | None = None
    if not shortest <= len(password) <= longest:
        message = Text(
            f"يجب أن تكون من {shortest} إلى {longest} حرفاً.",
            f"Must have from {shortest} to {longest} characters.",
        )
    elif password.casefold() == username.casefold():
        message = Text("يجب ألا تكون اسم المستخدم.", "Must not be the user name.")
    if message:
        refused = Text("لا يمكن استخدام كلمة المرور هذه.", "The password cannot be used.")
        raise Invalid(refused, {"password": [message]})


class PasswordNotOwn(Forbidden):
    """The password is still the one that somebody else made; set another one first."""


def require_own_password(actor: Actor) -> None:
    """Raises `PasswordNotOwn` for an actor who has to set a password first: until then two people
    know the one that is there, and nothing in the journal says for sure who of them did what."""
    if actor.must_change_password:
        raise PasswordNotOwn(
            Text(
                "كلمة المرور هذه وضعها غيرك؛ اختر كلمة مرور خاصة بك أولاً.",
                "Somebody else made this password; set one of your own first.",
            )
        )


class Tokens:
    """Signed tokens (JWT, HS256). They run on system time, whatever the cases' clock says."""

    def __init__(self, secret_key: bytes, life: timedelta = TOKEN_LIFE) -> None:
        self._key = OctKey.import_key(secret_key)
        self._verified = lru_cache(_VERIFIED)(self._verify)
        self.life = life

    def issue(self, username: str, generation: int, now: datetime) -> str:
        """A token for one sign-in."""
        claims = {
            "iss": _ISSUER,
            "sub": username,
            "gen": generation,
            "jti": secrets.token_urlsafe(16),
            "iat": int(now.timestamp()),
            "exp": int((now + self.life).timestamp()),
        }
        return jwt.encode({"alg": _ALGORITHM}, claims, self._key)

    def read(self, token: str, now: datetime) -> TokenClaims:
        """The claims of a token of ours that has not expired. Raises `NotSignedIn`."""
        claims = self._verified(token)
        if claims.expires_at <= now:
            raise NotSignedIn(SESSION_ENDED)
        return claims

    def _verify(self, token: str) -> TokenClaims:
        """Check the signature. Its result never changes, so that it is kept; a token that does
        not pass is an exception, which is not."""
        try:
            claims = jwt.decode(token, self._key, algorithms=[_ALGORITHM]).claims
            if claims["iss"] != _ISSUER:
                raise NotSignedIn(SESSION_ENDED)
            expires_at = datetime.fromtimestamp(claims["exp"], UTC)
            return TokenClaims(claims["sub"], claims["gen"], claims["jti"], expires_at)
        except (JoseError, ValueError, KeyError, TypeError, OverflowError) as error:
            raise NotSignedIn(Text("سجّل الدخول أولاً.", "Sign in first.")) from error
