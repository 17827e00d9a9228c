"""The engine's front: every group of verbs, over one set of parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from dmn import BuiltinFunction
from engine.access_log import AccessLog
from engine.advance import Advance
from engine.attachments import MAX_BYTES, Attachments
from engine.cases import Cases
from engine.clock import Clock
from engine.commands import Commands
from engine.comments import Comments
from engine.credentials import TOKEN_LIFE
from engine.crypto import Keyring
from engine.definitions import Definitions
from engine.deployment import Deployments
from engine.history import History
from engine.identity import Identity
from engine.incidents import Incidents
from engine.journal import Journal
from engine.links import Links
from engine.messages import Messages
from engine.notifications import Notifications
from engine.opening import Opening
from engine.outbox import Outbox
from engine.parts import Parts
from engine.ports import Connector, Participant, ReferenceSource, SubjectDirectory
from engine.records import Actor
from engine.sign_in_limit import SignInLimit
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.tasks import Tasks
from engine.timers import Timers


class Engine:
    """One running engine: `engine.<group>.<verb>(actor, ...)`.

    `secret_key` signs tokens, which live for `token_life`; `functions` are FEEL functions that
    files may call; no attachment is larger than `attachment_bytes`; `system_now` is the machine's
    time, for tokens, leases and back-off.

    The composition root plugs in who takes part with `take_part`, `add_source`, `add_connector`,
    `find_subjects_with` and `identity.users.unit_exists`.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keyring: Keyring,
        *,
        secret_key: bytes,
        functions: Mapping[str, BuiltinFunction] | None = None,
        token_life: timedelta = TOKEN_LIFE,
        attachment_bytes: int = MAX_BYTES,
        system_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database = database
        self.clock = clock
        self.keyring = keyring
        self.journal = Journal(keyring)
        self.definitions = Definitions(functions)
        self.access_log = AccessLog(database, clock)
        self.parts = Parts(
            database=database,
            clock=clock,
            keyring=keyring,
            journal=self.journal,
            definitions=self.definitions,
            access_log=self.access_log,
            system_now=system_now,
        )
        self.commands = Commands(self.parts)
        self.identity = Identity(
            database, self.journal, clock, secret_key, token_life=token_life, system_now=system_now
        )
        self.notifications = Notifications(database, clock)
        opening = Opening(self.commands)
        self.cases = Cases(self.commands, opening)
        self.tasks = Tasks(self.commands, self.identity.actor)
        self.messages = Messages(self.commands, opening)
        self.timers = Timers(self.commands)
        self.outbox = Outbox(self.commands)
        self.incidents = Incidents(self.commands, self.timers, self.messages)
        self.history = History(self.commands)
        self.comments = Comments(self.commands)
        self.attachments = Attachments(self.commands, max_bytes=attachment_bytes)
        self.links = Links(self.commands)
        self.advance = Advance(self.commands, self.timers, self.messages, self.outbox)
        self.identity.users.on_retire.append(self._give_back)
        self.parts.unit_known = self._unit_known

    @property
    def deployments(self) -> Deployments:
        """Publishing; a service task's type must have a connector by now."""
        return Deployments(
            self.database,
            self.journal,
            self.clock,
            self.definitions,
            job_types=frozenset(self.parts.connectors),
        )

    @property
    def participants(self) -> list[Participant]:
        """Who adds rows to every command's transaction, in this order."""
        return self.parts.participants

    def take_part(self, participant: Participant) -> None:
        """Register a participant."""
        self.parts.participants.append(participant)

    def add_source(self, source: ReferenceSource) -> None:
        """Register a source of choices under its name."""
        self.parts.sources[source.name] = source

    def add_connector(self, connector: Connector) -> None:
        """Register a connector under its job type."""
        self.parts.connectors[connector.type] = connector

    def find_subjects_with(self, directory: SubjectDirectory) -> None:
        """Let task lists be searched by subject."""
        self.parts.subjects = directory

    def sign_in_limit(self, per_minute: int) -> SignInLimit:
        """What counts attempts to sign in, with every other server process."""
        return SignInLimit(per_minute, self.database)

    def do_due_work(self, limit: int = 100) -> int:
        """What a scheduler asks for: deliver messages, send calls, fire timers that are due;
        how much was done. Any number of processes may call it at the same time."""
        return (
            self.messages.dispatch(limit)
            + self.outbox.dispatch(limit)
            + self.timers.fire_due(limit)
        )

    def after_fork(self) -> None:
        """Called in a fresh worker: connections and live cases of the parent are not for it."""
        self.database.after_fork()
        self.parts.live.clear()

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def _unit_known(self, transaction: Transaction, unit: str) -> bool:
        """Whoever keeps the units says it once, for users and cases alike."""
        return self.identity.users.unit_exists(transaction, unit)

    def _give_back(self, transaction: Transaction, _by: Actor, username: str) -> None:
        self.tasks.give_back_all(transaction, username)
