"""Advancing the simulated clock: what becomes due on the way happens one by one, in order."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine import access
from engine.access import Verb
from engine.clock import SimulatedClock
from engine.commands import Commands
from engine.errors import Invalid, NotFound
from engine.journal import NewEntry
from engine.messages import Messages
from engine.outbox import Outbox
from engine.records import Actor
from engine.timers import Timers
from engine.wording import Text

_TOO_FAR = Text("بعيد جداً.", "Too far.")
_ROUNDS = 100_000
"""How much may happen on the way before it is taken for a diagram that never comes to rest."""


class Advance:
    """The verbs of the simulated clock."""

    def __init__(
        self, commands: Commands, timers: Timers, messages: Messages, outbox: Outbox
    ) -> None:
        self._parts = commands.parts
        self._timers = timers
        self._messages = messages
        self._outbox = outbox

    def now(self, actor: Actor) -> datetime:
        """What the simulated clock shows. Raises `NotFound` when the clock is the system's."""
        access.require(actor, Verb.CLOCK_SEE)
        return self._clock().now()

    def advance(
        self, actor: Actor, *, delta: timedelta | None = None, target: datetime | None = None
    ) -> datetime:
        """Move the clock by `delta` or to `target`, forward only; answers when everything due
        until then has happened: timers in the order of their due times (those that others set on
        the way included), messages and outgoing calls.

        Raises `Forbidden` for anybody but administrators, `NotFound` when the clock is the
        system's, `Invalid` for a target in the past.
        """
        access.require(actor, Verb.CLOCK_ADVANCE)
        clock = self._clock()
        start = clock.now()
        if (delta is None) == (target is None):
            raise Invalid(
                Text("حدد مقدار التقديم أو الوقت المقصود.", "Say either by how much or to when."),
                {"_": [Text("المطلوب أحدهما فقط.", "Exactly one is needed.")]},
            )
        end = self._end(start, delta, target)
        self._let_happen(end)
        with self._parts.database.transaction() as transaction:
            if end > clock.now(transaction):
                clock.advance(transaction, end)
            data = {"from": start.isoformat(), "to": end.isoformat()}
            entry = NewEntry(end, actor.username, "clock_advanced", header=data)
            self._parts.journal.append_admin(transaction, entry)
        self._let_happen(end)
        return clock.now()

    def _let_happen(self, end: datetime) -> None:
        for _ in range(_ROUNDS):
            while self._messages.dispatch() + self._outbox.dispatch():
                pass
            if not self._timers.fire_next(end):
                return
        raise Invalid(
            Text(
                f"انطلق في الطريق أكثر من {_ROUNDS} مؤقت. هل هناك مؤقت يتكرر بلا نهاية ولا توقف؟",
                f"More than {_ROUNDS} timers fired on the way. Is there a timer that repeats "
                "without end and without a pause?",
            )
        )

    @staticmethod
    def _end(start: datetime, delta: timedelta | None, target: datetime | None) -> datetime:
        if target is not None and target.tzinfo is None:
            raise Invalid(
                Text("يلزم مع الوقت فرق التوقيت مثل Z.", "The time needs an offset, such as Z."),
                {"now": [Text("بلا فرق توقيت.", "Has no offset.")]},
            )
        try:
            end = target if target is not None else start + (delta or timedelta())
        except OverflowError as error:
            beyond = Text("هذا خارج التقويم.", "That is beyond the calendar.")
            raise Invalid(beyond, {"advance": [_TOO_FAR]}) from error
        if end < start:
            raise Invalid(
                Text(
                    f"الساعة تتقدم فقط، وهي الآن {start.isoformat()}.",
                    f"The clock only moves forward: it shows {start.isoformat()}.",
                ),
                {"now": [Text("في الماضي.", "Is in the past.")]},
            )
        if end.year > start.year + 100:
            ahead = Text("هذا بعد أكثر من قرن.", "That is more than a century ahead.")
            raise Invalid(ahead, {"advance": [_TOO_FAR]})
        return end

    def _clock(self) -> SimulatedClock:
        clock = self._parts.clock
        if not isinstance(clock, SimulatedClock):
            raise NotFound(
                Text(
                    "الساعة ساعة النظام، ولا يضبطها أحد هنا.",
                    "The clock is the system's; nobody sets it here.",
                )
            )
        return clock
