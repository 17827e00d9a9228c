"""What time it is: the system's clock, or a simulated one kept in the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.errors import EngineError, Invalid
from engine.store import clock as store
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.wording import Text

TIMEZONE = ZoneInfo("Asia/Amman")
"""Where dates are local dates: deadlines, opening days, "today" in a form."""


class ClockNotSetUp(EngineError):
    """The simulated clock has no row yet."""


class Clock(Protocol):
    """The time of cases. Tokens, leases and back-off use system time instead."""

    def now(self, tx: Transaction | None = None) -> datetime:
        """This moment in UTC; `tx` is the open transaction, if there is one."""


class SystemClock:
    """The machine's own clock."""

    def now(self, tx: Transaction | None = None) -> datetime:
        """This moment in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until somebody advances it, the same for every process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_up(self, start: datetime) -> None:
        """Give a fresh database its first moment; a clock that runs already is left alone."""
        with self._database.transaction() as tx:
            store.set_up(tx, start)

    def is_set_up(self) -> bool:
        """Whether the database runs on a simulated clock."""
        with self._database.reading() as tx:
            return store.now(tx) is not None

    def now(self, tx: Transaction | None = None) -> datetime:
        """The simulated moment in UTC, read anew at each call. Raises `ClockNotSetUp`."""
        if tx is None:
            with self._database.glance() as reading:
                moment = store.now(reading)
        else:
            moment = store.now(tx)
        if moment is None:
            raise ClockNotSetUp("The simulated clock has no time yet; start the product once.")
        return moment

    def advance(self, tx: Transaction, target: datetime) -> None:
        """Move the clock to `target`. Raises `Invalid` for a moment in its past."""
        if target.tzinfo is None:
            raise Invalid(
                Text(
                    "يلزم مع الوقت فرقه عن التوقيت العالمي مثل Z.",
                    "The time needs an offset from UTC, such as `Z`.",
                ),
                {"now": [Text("بلا فرق توقيت.", "Has no offset.")]},
            )
        if not store.advance(tx, target.astimezone(UTC)):
            now = self.now(tx).isoformat()
            raise Invalid(
                Text(
                    f"الساعة تتقدم فقط، وهي الآن {now}.",
                    f"The clock only moves forward: it stands at {now}.",
                ),
                {"now": [Text(f"يجب ألا يسبق {now}.", f"Must not be before {now}.")]},
            )


def last_day(due: datetime) -> date:
    """The last local day in time: a deadline that is a date is kept as the midnight after it."""
    return today(due - timedelta(microseconds=1))


def today(moment: datetime) -> date:
    """The local date in Jordan at `moment`."""
    return moment.astimezone(TIMEZONE).date()
