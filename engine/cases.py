"""Cases: start, look at, list, cancel, hand over to another unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine import access
from engine.access import Verb
from engine.agenda import Agenda, CalendarEntry
from engine.case_lists import CaseLists, is_number
from engine.case_places import find_case, require_case
from engine.commands import Commands, IdempotencyKey, Repeatable
from engine.definitions import ProcessVersion
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.open_case import Change, Done, OpenCase, instance_of, owner_of
from engine.opening import CaseAbout, Opening
from engine.records import Actor, Instance, InstanceState, Role
from engine.store import incidents, tasks
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction
from engine.wording import REQUIRED, Text

_UNIT = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_]+)?")
_LONGEST_KEY = 200


class Cases(CaseLists):
    """The verbs of process instances. Every one checks the caller's access itself."""

    def __init__(self, commands: Commands, opening: Opening) -> None:
        super().__init__(commands.parts)
        self._commands = commands
        self._opening = opening
        self._agenda = Agenda(commands.parts)

    def start(
        self,
        actor: Actor,
        process: str,
        *,
        variables: Mapping[str, Any] | None = None,
        business_key: str | None = None,
        unit: str | None = None,
        version: int | None = None,
        subject: str | None = None,
        idempotency: IdempotencyKey | None = None,
    ) -> Instance:
        """Start a case of the newest version of `process`, or of `version`.

        `unit` is where it belongs; without it the caller's own unit. Raises `NotFound`,
        `Forbidden`, `Invalid`.
        """

        if not can_be_stored(process) or not is_number(version):
            raise NotFound(
                Text(
                    f"لا توجد عملية {process!r} بالإصدار {version}.",
                    f"There is no process {process!r} of version {version}.",
                )
            )

        def attempt(transaction: Transaction) -> Instance:
            found = self._parts.definitions.version(transaction, process, version)
            self._require_starter(actor, found)
            place = self._place(transaction, actor, unit)
            _require_key(business_key)
            return self._opening.start(
                transaction,
                actor,
                found,
                about=CaseAbout(place, business_key, subject),
                variables=variables or {},
            )

        return self._commands.transact(
            attempt,
            Repeatable(idempotency, Instance, lambda made: owner_of(made.id, made.subject)),
        )

    def get(self, actor: Actor, instance_id: str) -> Instance:
        """One case; its root variables only for those who may read them, and then noted in the
        access log. Raises `NotFound`."""
        with self._parts.database.reading() as transaction:
            row = find_case(transaction, actor, instance_id, Verb.INSTANCE_SEE)
            if not access.may(actor, Verb.INSTANCE_VARIABLES, row.unit):
                return instance_of(row)
            with self._commands.look(transaction, actor, instance_id) as case:
                variables = case.live.snapshot().variables.get("", {})
        self._parts.access_log.note(actor, row.owner, "case variables", row.process_key)
        return instance_of(case.row, variables)

    def calendar(self, actor: Actor, instance_id: str) -> tuple[CalendarEntry, ...]:
        """What was done when, what is under way, and what will come; see `Agenda.of_case`."""
        return self._agenda.of_case(actor, instance_id)

    def cancel(
        self,
        actor: Actor,
        instance_id: str,
        reason: str,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Instance:
        """End a case by hand: its tasks close, nothing fires any more.

        Raises `Conflict` when it has ended already, `Invalid` without a reason."""
        given = _reason(reason)

        def decide(case: OpenCase) -> Change:
            require_case(case, Verb.INSTANCE_CANCEL)
            _require_running(case)
            return Change(step=case.live.cancel(case.services), details={"reason": given})

        return self._run(actor, instance_id, "cancel", decide, idempotency)

    def transfer(
        self,
        actor: Actor,
        instance_id: str,
        unit: str,
        reason: str,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Instance:
        """Hand a case over to another unit of the same kind (a branch to a branch). Its open
        tasks of the old unit go along and are unclaimed; tasks at other units (a partner's) stay.

        Raises `Invalid` for an unknown unit, `Conflict` when the case has ended or is there."""
        given = _reason(reason)

        def decide(case: OpenCase) -> Change:
            require_case(case, Verb.INSTANCE_TRANSFER)
            _require_running(case)
            self._require_unit(case.transaction, unit)
            old = case.row.unit
            if old == unit:
                raise Conflict(Text(f"الحالة في {unit} من قبل.", f"The case is at {unit} already."))
            moving = tuple(
                (row, replace(row, task=replace(row.task, unit=unit, assignee=None)))
                for row in tasks.open_of_case(case.transaction, case.row.id)
                if row.task.unit == old
            )
            if old is not None and _kind(old) != _kind(unit):
                raise Invalid(
                    Text(
                        "تُنقل الحالة إلى وحدة من النوع نفسه.",
                        f"A case of {old} goes to another unit of that kind, not to {unit}.",
                    ),
                    {
                        "unit": [
                            Text(
                                f"يبدأ رمز الوحدة بـ {_kind(old)}:",
                                f"The unit's code begins with {_kind(old)}:",
                            )
                        ]
                    },
                )
            details = {"reason": given, "from": old, "to": unit}
            return Change(
                tasks=moving,
                unit=unit,
                details=details,
                also=lambda: incidents.move(case.transaction, case.row.id, unit),
            )

        return self._run(actor, instance_id, "transfer", decide, idempotency)

    def _run(
        self,
        actor: Actor,
        instance_id: str,
        command: str,
        decide: Any,
        key: IdempotencyKey | None,
    ) -> Instance:
        def answer(done: Done) -> Instance:
            return done.outcome.instance

        repeatable = Repeatable(key, Instance, lambda made: owner_of(made.id, made.subject))
        return self._commands.run(
            actor, instance_id, command, decide, answer, repeatable=repeatable
        )

    @staticmethod
    def _require_starter(actor: Actor, found: ProcessVersion) -> None:
        if actor.is_(Role.ADMIN, Role.SYSTEM):
            return
        if actor.roles.isdisjoint(found.starter_groups):
            raise Forbidden(
                Text(
                    f"لا يحق لدورك بدء {found.name}؛ يذكر مخططها من يحق له تحت starterGroups.",
                    f"Your role may not start {found.name}. Its diagram lists who may under "
                    "starterGroups.",
                )
            )

    def _place(self, transaction: Transaction, actor: Actor, unit: str | None) -> str:
        if unit is None:
            if len(actor.units) != 1:
                raise Invalid(
                    Text(
                        f"حدد الوحدة التي تبدأ فيها الحالة: لحسابك {len(actor.units)} وحدات.",
                        "Say at which unit the case is started: your account has "
                        f"{len(actor.units)} units.",
                    ),
                    {"unit": [REQUIRED]},
                )
            unit = next(iter(actor.units))
        self._require_unit(transaction, unit)
        access.require(actor, Verb.INSTANCE_START, unit)
        return unit

    def _require_unit(self, transaction: Transaction, unit: str) -> None:
        if not _UNIT.fullmatch(unit) or not self._parts.unit_known(transaction, unit):
            raise Invalid(
                Text(f"لا توجد وحدة {unit!r}.", f"There is no unit {unit!r}."),
                {"unit": [Text("ليس رمز وحدة.", "Is not a unit's code.")]},
            )


def _kind(unit: str) -> str:
    """What kind of place a unit's code names: `naf` of `naf:irbid`."""
    return unit.partition(":")[0]


def _require_key(text: str | None) -> None:
    if text is not None and not (0 < len(text) <= _LONGEST_KEY and can_be_stored(text)):
        raise Invalid(
            Text("لا يمكن استخدام مفتاح العمل هذا.", "The business key cannot be used."),
            {
                "business_key": [
                    Text(
                        f"من 1 إلى {_LONGEST_KEY} حرفاً عادياً.",
                        f"Must be 1 to {_LONGEST_KEY} plain characters.",
                    )
                ]
            },
        )


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(
            Text("السبب مطلوب.", "A reason is needed."),
            {"reason": [Text("اذكر السبب.", "Say why.")]},
        )
    return text.strip()


def _require_running(case: OpenCase) -> None:
    if case.row.status in (InstanceState.COMPLETED, InstanceState.CANCELLED):
        raise Conflict(
            Text("انتهت هذه الحالة.", f"The case has ended: it was {case.row.status.value}.")
        )
