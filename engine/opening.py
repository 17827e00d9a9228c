"""Opening a case: its row, its first step, its first entry in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn import BadValue, CannotStart, LiveCase, Step
from engine import access
from engine.access import Verb
from engine.commands import Commands
from engine.definitions import ProcessVersion
from engine.errors import Invalid
from engine.identifiers import new_id
from engine.journal import EMPTY_HEAD
from engine.open_case import Change, Done, OpenCase, instance_of, owner_of
from engine.records import Actor, Instance, InstanceState
from engine.store.cases import CaseRow
from engine.store.transaction import Transaction
from engine.wording import Text


@dataclass(frozen=True)
class CaseAbout:
    """Where a case belongs and what it is about."""

    unit: str | None
    business_key: str | None
    subject: str | None


class Opening:
    """Opens cases for verbs that have checked that they may."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._parts = commands.parts

    def start(
        self,
        transaction: Transaction,
        actor: Actor,
        found: ProcessVersion,
        *,
        about: CaseAbout,
        variables: Mapping[str, Any],
        message: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Instance:
        """Open a case of the version `found`, in the caller's transaction.

        With `message` it begins at that message start event and `variables` are the message's
        payload. The answer holds the root variables if the actor may read them.
        """
        case = self._new(transaction, actor, found, about)

        def begin(opening: OpenCase) -> tuple[LiveCase, Step]:
            try:
                return LiveCase.start(
                    opening.executable, variables, opening.services, start_message=message
                )
            except (BadValue, CannotStart) as error:
                words = Text(f"لا يمكن البدء بهذه المتغيرات: {error}", str(error))
                raise Invalid(words, {"variables": [words]}) from error

        def answer(done: Done) -> Instance:
            shown: Mapping[str, Any] = {}
            if access.may(actor, Verb.INSTANCE_VARIABLES, about.unit):
                shown = done.case.live.snapshot().variables.get("", {})
            return instance_of(done.case.row, shown)

        change = Change(details={**vars(about), **(details or {})})
        return self._commands.start(case, begin, answer, change)

    def _new(
        self, transaction: Transaction, actor: Actor, found: ProcessVersion, about: CaseAbout
    ) -> OpenCase:
        now = self._parts.clock.now(transaction)
        instance_id = new_id()
        row = CaseRow(
            id=instance_id,
            version_id=found.id,
            process_key=found.key,
            version_number=found.number,
            business_key=about.business_key,
            unit=about.unit,
            subject=about.subject,
            owner=owner_of(instance_id, about.subject),
            status=InstanceState.ACTIVE,
            active_elements=(),
            started_by=actor.username,
            started_at=now,
            ended_at=None,
            revision=0,
            journal_seq=EMPTY_HEAD.seq,
            journal_hash=EMPTY_HEAD.hash,
            state=b"",
        )
        return OpenCase(self._parts, transaction, actor, row, now)
