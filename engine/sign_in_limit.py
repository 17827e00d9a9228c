"""How many sign-ins may be tried: per user name and address, per user name, per address."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from engine.errors import Invalid, NotSignedIn, TooManyAttempts
from engine.store.database import Database
from engine.store.sign_in_attempts import SignInAttempts

MINUTE = 60
WIDER = 10
"""One address serves a whole branch, and one name may be tried from many addresses: so many
times the narrow limit is allowed to an address, and to a name, before both are stopped."""


class SignInLimit:
    """Counts sign-ins of all server processes, by real time whatever the simulated clock says.

    Attempts on a name count before the password is looked at, so parallel guesses gain nothing; a
    success forgets them. For an address only failures count, for a branch shares one.
    """

    def __init__(
        self, per_minute: int, database: Database, system_now: Callable[[], float] = time.time
    ) -> None:
        self._narrow = per_minute
        self._wide = per_minute * WIDER
        self._attempts = SignInAttempts(database, system_now)

    @contextmanager
    def attempt(self, username: str, address: str) -> Iterator[None]:
        """Count the sign-in tried inside; raises `TooManyAttempts` when it is one too many."""
        name = username.casefold()
        at_address = f"address {address}"
        of_both, of_name = f"both {address} {name}", f"name {name}"
        if self._attempts.number(at_address, MINUTE) >= self._wide:
            self._refuse(at_address)
        if not self._attempts.add(of_both, self._narrow, MINUTE):
            self._refuse(of_both)
        if not self._attempts.add(of_name, self._wide, MINUTE):
            self._refuse(of_name)
        try:
            yield
        except (NotSignedIn, Invalid):
            self._attempts.add(at_address, self._wide, MINUTE)
            raise
        self._attempts.forget(of_both, of_name)

    def _refuse(self, what: str) -> NoReturn:
        raise TooManyAttempts(max(1, math.ceil(self._attempts.seconds_left(what, MINUTE))))
