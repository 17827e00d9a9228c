"""Lists and counts of cases, bounded by what the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine import access
from engine.access import Units, Verb
from engine.open_case import instance_of
from engine.parts import Parts
from engine.records import Actor, Instance, InstanceState, Page, Paging
from engine.store import cases
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction

_RUNNING = (InstanceState.ACTIVE, InstanceState.SUSPENDED, InstanceState.INCIDENT)
FirstPage = Paging()


class CaseLists:
    """The verbs that look at many cases. Every one that takes an actor bounds what it tells by
    that actor's access."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def list(
        self,
        actor: Actor,
        *,
        process: str | None = None,
        version: int | None = None,
        state: InstanceState | None = None,
        business_key: str | None = None,
        element: str | None = None,
        unit: str | None = None,
        paging: Paging = FirstPage,
    ) -> Page[Instance]:
        """Cases the caller may see, newest first, without their variables."""
        asked = {
            "process_key": process,
            "version_number": version,
            "status": None if state is None else state.value,
            "business_key": business_key,
            "unit": unit,
        }
        if not can_be_stored(process, business_key, element, unit) or not is_number(version):
            return Page((), None)
        units = access.visible_units(actor, Verb.INSTANCE_SEE)
        with self._parts.database.reading() as transaction:
            page = cases.page(
                transaction,
                paging,
                units=None if isinstance(units, Units) else units,
                equal={name: value for name, value in asked.items() if value is not None},
                element=element,
            )
        return Page(tuple(instance_of(row) for row in page.items), page.next_cursor)

    def of_subject(self, transaction: Transaction, subject: str) -> tuple[Instance, ...]:
        """Every case of a subject, newest first; for rooms that check access themselves."""
        return tuple(instance_of(row) for row in cases.of_subject(transaction, subject))

    def of_subjects(
        self, actor: Actor, subjects: Iterable[str]
    ) -> Mapping[str, tuple[Instance, ...]]:
        """Subject → the cases that the caller may see, newest first, without their variables."""
        wanted = [subject for subject in subjects if can_be_stored(subject)]
        found: dict[str, tuple[Instance, ...]] = {}
        with self._parts.database.reading() as transaction:
            for row in cases.of_subjects(transaction, wanted):
                if row.subject and access.may(actor, Verb.INSTANCE_SEE, row.unit):
                    found[row.subject] = (*found.get(row.subject, ()), instance_of(row))
        return found

    def running(self, actor: Actor) -> Mapping[str, int]:
        """Key of a process → how many of its cases that the caller may see have not ended."""
        units = access.visible_units(actor, Verb.INSTANCE_SEE)
        with self._parts.database.reading() as transaction:
            bounds = None if isinstance(units, Units) else units
            return cases.counts(transaction, _RUNNING, units=bounds)


def is_number(version: int | None) -> bool:
    """Whether a version's number can be one."""
    return version is None or 0 < version < 1 << 31
