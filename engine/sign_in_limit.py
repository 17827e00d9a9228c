"""How many sign-ins may be tried: per user name and address, per user name, per address."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from engine.errors import Invalid, NotSignedIn, TooManyAttempts, Unavailable
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

    While the database can be read but takes no writes (its disk is full) each process counts for
    itself, on top of what is stored: people can sign in and look, and guessing stays slow.
    """

    def __init__(
        self, per_minute: int, database: Database, system_now: Callable[[], float] = time.time
    ) -> None:
        self._narrow = per_minute
        self._wide = per_minute * WIDER
        self._attempts = SignInAttempts(database, system_now)
        self._remembered = _RememberedAttempts(system_now)

    @contextmanager
    def attempt(self, username: str, address: str) -> Iterator[None]:
        """Count the sign-in tried inside; raises `TooManyAttempts` when it is one too many,
        `Unavailable` when the database cannot even be read."""
        tally = _Tally(self._attempts, self._remembered)
        name = username.casefold()
        at_address = f"address {address}"
        of_both, of_name = f"both {address} {name}", f"name {name}"
        if tally.number(at_address) >= self._wide:
            self._refuse(at_address)
        if not tally.add(of_both, self._narrow):
            self._refuse(of_both)
        if not tally.add(of_name, self._wide):
            self._refuse(of_name)
        try:
            yield
        except (NotSignedIn, Invalid):
            tally.add(at_address, self._wide)
            raise
        tally.forget(of_both, of_name)

    def _refuse(self, what: str) -> NoReturn:
        left = max(
            self._attempts.seconds_left(what, MINUTE), self._remembered.seconds_left(what, MINUTE)
        )
        raise TooManyAttempts(max(1, math.ceil(left)))


class _Tally:
    """The counting of one attempt. Once the database refused a write it is not asked for another:
    a locked one takes its time to refuse."""

    def __init__(self, stored: SignInAttempts, remembered: _RememberedAttempts) -> None:
        self._stored = stored
        self._remembered = remembered
        self._writable = True

    def number(self, what: str) -> int:
        return self._stored.number(what, MINUTE) + self._remembered.number(what, MINUTE)

    def add(self, what: str, most: int) -> bool:
        if self._writable:
            try:
                left = most - self._remembered.number(what, MINUTE)
                return self._stored.add(what, left, MINUTE)
            except Unavailable:
                self._writable = False
        left = most - self._stored.number(what, MINUTE)
        return self._remembered.add(what, left, MINUTE)

    def forget(self, *what: str) -> None:
        self._remembered.forget(*what)
        if self._writable:
            with suppress(Unavailable):  # they count for a minute more
                self._stored.forget(*what)


class _RememberedAttempts:
    """As `SignInAttempts`, in the memory of this process; nothing is kept for over a minute."""

    def __init__(self, system_now: Callable[[], float]) -> None:
        self._system_now = system_now
        self._lock = threading.Lock()
        self._times: dict[str, list[float]] = {}

    def add(self, what: str, most: int, seconds: int) -> bool:
        now = self._system_now()
        with self._lock:
            self._drop(now - seconds)
            if len(self._times.get(what, ())) >= most:
                return False
            self._times.setdefault(what, []).append(now)
        return True

    def number(self, what: str, seconds: int) -> int:
        after = self._system_now() - seconds
        with self._lock:
            return sum(at > after for at in self._times.get(what, ()))

    def seconds_left(self, what: str, seconds: int) -> float:
        now = self._system_now()
        with self._lock:
            recent = [at for at in self._times.get(what, ()) if at > now - seconds]
        return min(recent) + seconds - now if recent else 0.0

    def forget(self, *what: str) -> None:
        with self._lock:
            for one in what:
                self._times.pop(one, None)

    def _drop(self, until: float) -> None:
        kept = {
            what: recent
            for what, times in self._times.items()
            if (recent := [at for at in times if at > until])
        }
        self._times = kept
