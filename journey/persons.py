"""People: registered once, found by name or number, changed in versions, erased for good."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine import access
from engine.access import Verb
from engine.access_log import AccessLog
from engine.clock import Clock
from engine.commands import IdempotencyKey
from engine.errors import Conflict, Invalid, NotFound
from engine.identifiers import new_id
from engine.journal import Journal, NewEntry
from engine.once import once
from engine.open_case import RUNNING
from engine.records import Actor, Instance, Task
from engine.store import cases
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.wording import REQUIRED, Text
from journey.person_fields import NATIONAL_ID, checked_person, known_fields, latin_digits
from journey.person_versions import PersonVersion, versions_of
from journey.records import FoundPerson, Person
from journey.shown_names import ShownNames
from journey.store import cycles as cycle_rows
from journey.store import persons as rows
from journey.store import projections
from journey.store import units as unit_rows
from journey.vault import Vault

MOST_FOUND = 50
_JOURNEY_NUMBER = re.compile(r"R-[0-9]{4}-[0-9]{6}")

NOBODY = Text("لا يوجد هذا الشخص.", "There is no such person.")


class Persons:
    """The verbs over people. A person's id is the subject of their cases and owns their key."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        journal: Journal,
        access_log: AccessLog,
        vault: Vault,
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._log = access_log
        self._vault = vault
        self._names = ShownNames(database, access_log, vault)

    def create(
        self,
        actor: Actor,
        data: Mapping[str, Any],
        *,
        unit: str | None = None,
        idempotency: IdempotencyKey | None = None,
    ) -> Person:
        """Register a person at `unit` (left out: the actor's only branch).

        Raises `AlreadyExists` when the national id is registered anywhere, `Invalid`,
        `Forbidden`.
        """
        unit = unit or self._own_branch(actor)
        access.require(actor, Verb.PERSON_REGISTER, unit)
        now = self._clock.now()
        person = checked_person(known_fields(data), self._vault.today())

        def make() -> Mapping[str, Any]:
            if unit_rows.find(tx, unit) is None:
                raise Invalid(
                    Text(f"لا توجد وحدة {unit}.", f"There is no unit {unit}."),
                    {"unit": [Text("ليست وحدة معروفة.", "Not a known unit.")]},
                )
            person_id = new_id()
            row = {
                "id": person_id,
                "unit": unit,
                "national_id_hash": self._vault.digest(person.national_id),
                "sealed": self._vault.seal(tx, person_id, person),
                "version": 1,
                "created_at": now,
                "created_by": actor.username,
                "identity_changed_at": now,
            }
            rows.insert(tx, row)
            self._vault.index(tx, person_id, person)
            self._record(tx, person_id, actor, "person_created", person.to_json())
            return {"id": person_id}

        with self._database.transaction() as tx:
            answer = once(tx, idempotency, make)
            return self._vault.open(tx, _present(rows.find(tx, answer["id"])))

    def get(self, actor: Actor, person_id: str) -> Person:
        """One person of the actor's units. Raises `NotFound`, `KeyDestroyed`."""
        with self._database.transaction() as tx:
            row = self._visible(tx, actor, person_id, Verb.PERSON_SEE)
            self._log.record(tx, actor, person_id, "persons.get")
            return self._vault.open(tx, row)

    def versions(self, actor: Actor, person_id: str) -> Sequence[PersonVersion]:
        """Every version of a person's data, oldest first. Raises `NotFound`, `KeyDestroyed`."""
        with self._database.transaction() as tx:
            self._visible(tx, actor, person_id, Verb.PERSON_SEE)
            self._log.record(tx, actor, person_id, "persons.versions")
            return versions_of(tx, self._journal, person_id)

    def update(
        self,
        actor: Actor,
        person_id: str,
        changes: Mapping[str, Any],
        *,
        version: int | None = None,
    ) -> Person:
        """Write the next version of a person's data; earlier ones stay in the journal.

        Raises `NotFound`, `Forbidden`, `Invalid`, `AlreadyExists` (the national id is another's),
        `Conflict` when `version` is given and no longer the newest.
        """
        now = self._clock.now()
        with self._database.transaction() as tx:
            row = self._visible(tx, actor, person_id, Verb.PERSON_SEE)
            access.require(actor, Verb.PERSON_CHANGE, row["unit"])
            before = self._vault.open(tx, row)
            merged = {**before.data.to_json(), **known_fields(changes)}
            if changes.get("date_of_birth") is None and changes.get("age") is not None:
                merged["date_of_birth"] = None
            person = checked_person(merged, self._vault.today(tx), before.data)
            identity = person.national_id != before.data.national_id or (
                person.first_name != before.data.first_name
                or person.last_name != before.data.last_name
            )
            values = {
                "sealed": self._vault.seal(tx, person_id, person),
                "national_id_hash": self._vault.digest(person.national_id),
                "identity_changed_at": now if identity else row["identity_changed_at"],
            }
            if not rows.update(tx, person_id, version or row["version"], values):
                raise Conflict(
                    Text(
                        "غيّر غيرك بيانات هذا الشخص في هذه الأثناء؛ حمّلها من جديد.",
                        "This person was changed by somebody else meanwhile; load it again.",
                    )
                )
            self._vault.index(tx, person_id, person)
            self._record(tx, person_id, actor, "person_changed", person.to_json())
            return self._vault.open(tx, _present(rows.find(tx, person_id)))

    def search(self, actor: Actor, q: str, *, limit: int = MOST_FOUND) -> tuple[Person, ...]:
        """People of the actor's units by words or beginnings of names, a whole national id, or a
        journey number. At most `limit` (up to 50), those registered first."""
        units = _units(actor)
        with self._database.transaction() as tx:
            ids = self._matching(tx, q, units, max(1, min(limit, MOST_FOUND)))
            people = [self._vault.open(tx, row) for row in rows.find_many(tx, ids)]
            for person in people:
                self._log.record(tx, actor, person.id, "persons.search")
            return tuple(people)

    def lookup(self, actor: Actor, national_id: str) -> FoundPerson:
        """Whether a national id is registered, at whatever branch (tools.yaml g; X33).

        Journalled in the person's stream. Raises `NotFound`.
        """
        access.require(actor, Verb.PERSON_LOOKUP)
        number = latin_digits(national_id)
        with self._database.transaction() as tx:
            row = rows.by_national_id(tx, self._vault.digest(number))
            if row is None:
                raise NotFound(
                    Text(
                        "لا يوجد شخص مسجل بهذا الرقم الوطني.",
                        "No person with this national id is registered.",
                    )
                )
            self._record(tx, row["id"], actor, "person_looked_up", {})
            self._log.record(tx, actor, row["id"], "persons.lookup", "double registration")
            return FoundPerson(row["id"], row["unit"], cycle_rows.is_open(tx, row["id"]))

    def names_for_tasks(self, actor: Actor, tasks: Sequence[Task]) -> Mapping[str, str]:
        """Task id → first and last name of the person, for tasks that the actor sees. Tasks about
        nobody, or about a person whose data was erased, are left out."""
        return self._names.of_tasks(actor, tasks)

    def names_for_cases(self, actor: Actor, instances: Sequence[Instance]) -> Mapping[str, str]:
        """Case id → name, for those who may read the cases' variables; others get none."""
        return self._names.of_cases(actor, instances)

    def erase(self, actor: Actor, person_id: str, reason: str) -> None:
        """Destroy a person's key, projections and search tokens; every journal still verifies.

        Raises `Conflict` while a case of the person runs, `Invalid` without a reason, `NotFound`.
        """
        with self._database.transaction() as tx:
            self.erase_in(tx, actor, person_id, reason)

    def erase_in(self, tx: Transaction, actor: Actor, person_id: str, reason: str) -> None:
        """As `erase`, in a transaction that does more than that."""
        access.require(actor, Verb.PERSON_ERASE)
        if not reason.strip():
            why = Text("اذكر سبب محو بيانات هذا الشخص.", "Say why this person is erased.")
            raise Invalid(why, {"reason": [REQUIRED]})
        now = self._clock.now(tx)
        row = rows.find(tx, person_id)
        if row is None or row["erased_at"] is not None:
            raise NotFound(NOBODY)
        running = sorted(
            case.process_key for case in cases.of_subject(tx, person_id) if case.status in RUNNING
        )
        if running or cycle_rows.is_open(tx, person_id):
            listed = ", ".join(running or ["client_journey"])
            raise Conflict(
                Text(
                    f"ما زالت لهذا الشخص حالات جارية؛ ألغِها قبل المحو: {listed}",
                    f"Cases of this person are still running. Cancel them before erasing: {listed}",
                )
            )
        self._record(tx, person_id, actor, "person_erased", {"reason": reason})
        projections.erase_person(tx, person_id)
        cycle_rows.erase_person(tx, person_id)
        rows.erase(tx, person_id, now)
        self._vault.destroy(tx, person_id)

    def find(self, tx: Transaction, actor: Actor, text: str) -> frozenset[str]:
        """Ids of visible people who match `text` (`SubjectDirectory`)."""
        units = _units(actor)
        return frozenset(self._matching(tx, text, units, MOST_FOUND))

    def open_data(self, tx: Transaction, person_id: str) -> Person:
        """A person's data for the journey's own use, without an access check."""
        return self._vault.open(tx, _present(rows.find(tx, person_id)))

    def visible(self, tx: Transaction, actor: Actor, person_id: str) -> Mapping[str, Any]:
        """The row of a person the actor may see. Raises `NotFound`."""
        return self._visible(tx, actor, person_id, Verb.PERSON_SEE)

    def registered(self, tx: Transaction, person_id: str) -> Mapping[str, Any]:
        """The row of a person of whatever branch. Raises `NotFound`."""
        row = rows.find(tx, person_id)
        if row is None or row["erased_at"] is not None:
            raise NotFound(NOBODY)
        return row

    def _matching(
        self, tx: Transaction, text: str, inside: Collection[str] | None, limit: int
    ) -> Sequence[str]:
        text = latin_digits(text)
        if NATIONAL_ID.fullmatch(text):
            row = rows.by_national_id(tx, self._vault.digest(text))
            seen = row is not None and (inside is None or row["unit"] in inside)
            return [row["id"]] if row is not None and seen else []
        if _JOURNEY_NUMBER.fullmatch(text.upper()):
            return cycle_rows.persons_with_number(tx, text.upper(), inside)
        tokens = self._vault.search_tokens(text)
        return rows.with_tokens(tx, tokens, inside, limit) if tokens else []

    def _visible(
        self, tx: Transaction, actor: Actor, person_id: str, verb: Verb
    ) -> Mapping[str, Any]:
        row = self.registered(tx, person_id)
        units = {row["unit"], *(c["unit"] for c in cycle_rows.of_person(tx, person_id))}
        if not any(access.may(actor, verb, unit) for unit in units):
            raise NotFound(NOBODY)
        return row

    def _own_branch(self, actor: Actor) -> str:
        own = sorted(unit for unit in actor.units if unit.startswith("naf:"))
        if len(own) != 1:
            raise Invalid(Text("حدد الفرع.", "Say at which branch."), {"unit": [REQUIRED]})
        return own[0]

    def _record(
        self, tx: Transaction, person_id: str, actor: Actor, kind: str, data: Mapping[str, Any]
    ) -> None:
        entry = NewEntry(
            at=self._clock.now(tx),
            actor=actor.username,
            kind=kind,
            element_id=None,
            element_name=None,
            flow_ids=(),
            header={},
            data=data,
        )
        self._journal.append_to(tx, f"person:{person_id}", [entry], person_id)


def _units(actor: Actor) -> Collection[str] | None:
    seen = access.visible_units(actor, Verb.PERSON_SEE)
    return None if isinstance(seen, access.Units) else seen


def _present(row: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if row is None or row["erased_at"] is not None:
        raise NotFound(NOBODY)
    return row
