"""How many sign-ins may be tried: per user name and address, per user name, per address."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from engine.errors import Invalid, NotSignedIn, TooManyAttempts

WIDER = 10
"""One address serves a whole branch, and one name may be tried from many addresses: so many
times the narrow limit is allowed to an address, and to a name, before both are stopped."""


class SignInLimit:
    """Counts sign-ins in this process's memory, by real time whatever the simulated clock says.

    Attempts on a name count before the password is looked at, so parallel guesses gain nothing; a
    success forgets them. For an address only failures count, for a branch shares one.
    """

    def __init__(self, per_minute: int) -> None:
        self._narrow = RateLimitItemPerMinute(per_minute)
        self._wide = RateLimitItemPerMinute(per_minute * WIDER)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    @contextmanager
    def attempt(self, username: str, address: str) -> Iterator[None]:
        """Count the sign-in tried inside; raises `TooManyAttempts` when it is one too many."""
        name = _digest(username)
        if not self._limiter.test(self._wide, "address", address):
            self._refuse(self._wide, "address", address)
        if not self._limiter.hit(self._narrow, "both", name, address):
            self._refuse(self._narrow, "both", name, address)
        if not self._limiter.hit(self._wide, "name", name):
            self._refuse(self._wide, "name", name)
        try:
            yield
        except (NotSignedIn, Invalid):
            self._limiter.hit(self._wide, "address", address)
            raise
        self._limiter.clear(self._narrow, "both", name, address)
        self._limiter.clear(self._wide, "name", name)

    def _refuse(self, item: RateLimitItem, *keys: str) -> NoReturn:
        reset = self._limiter.get_window_stats(item, *keys).reset_time
        raise TooManyAttempts(max(1, math.ceil(reset - time.time())))


def _digest(username: str) -> str:
    # Memory holds no list of names that were tried, and a long name costs no more than a short.
    return hashlib.sha256(username.casefold().encode("utf-8", "replace")).hexdigest()
