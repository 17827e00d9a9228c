"""What the engine's verbs share: the database, the clock, the keys, and whom the product plugs in.

`Engine` makes one `Parts` and hands it to every group of verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.access_log import AccessLog
from engine.clock import Clock
from engine.crypto import Keyring
from engine.definitions import Definitions
from engine.journal import Journal
from engine.live import LiveCases
from engine.ports import Connector, Participant, ReferenceSource, SubjectDirectory
from engine.store.database import Database
from engine.store.transaction import Transaction


@dataclass
class Parts:
    """One engine's parts. The lists and mappings are filled by the composition root at start."""

    database: Database
    clock: Clock
    keyring: Keyring
    journal: Journal
    definitions: Definitions
    access_log: AccessLog
    participants: list[Participant] = field(default_factory=list)
    sources: dict[str, ReferenceSource] = field(default_factory=dict)
    connectors: dict[str, Connector] = field(default_factory=dict)
    subjects: SubjectDirectory | None = None
    unit_known: Callable[[Transaction, str], bool] = lambda _transaction, _unit: True
    """Whether a unit exists; the engine itself knows only codes."""
    live: LiveCases = field(default_factory=LiveCases)
    system_now: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The machine's time, for leases and back-off; never the cases' time."""
    deliver_soon: Callable[[Sequence[str], Sequence[tuple[str, str]]], None] = (
        lambda _sent, _awaited: None
    )
    """Called after a commit: ids of messages to deliver, and (name, correlation key) pairs that
    a case began to wait for. Set by `Messages`; a scheduler does whatever this leaves undone."""


def back_off(failures: int) -> timedelta:
    """How long to wait before the next try after `failures` failed ones: 10 s, doubled each time,
    at most an hour."""
    return timedelta(seconds=min(10 * 2 ** min(failures, 9), 3600))
