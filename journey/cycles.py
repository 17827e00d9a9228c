"""Cycles: opening a journey for a person, and every time the person went through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import access
from engine.access import Verb
from engine.clock import Clock, today
from engine.commands import IdempotencyKey, Repeatable
from engine.engine import Engine
from engine.errors import Invalid
from engine.open_case import owner_of
from engine.opening import CaseAbout, Opening
from engine.records import Actor, Instance
from engine.store.transaction import Transaction
from engine.wording import Text
from journey.persons import Persons
from journey.records import Cycle
from journey.store import cycles as rows
from journey.store import units

PROCESS = "client_journey"
"""The process whose instances are cycles; it starts through `Cycles.open` only."""


class Cycles:
    """The verbs over cycles."""

    def __init__(self, engine: Engine, persons: Persons) -> None:
        self._engine = engine
        self._clock: Clock = engine.clock
        self._opening = Opening(engine.commands)
        self._persons = persons

    def open(
        self,
        actor: Actor,
        person_id: str,
        unit: str | None = None,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Instance:
        """Start the next journey of a person at the branch `unit` (left out: the person's own).

        The next cycle may be at another branch (journey.md S16, L7; 002:L334): whoever found the
        person by the exact national id opens it at the own branch, where the person belongs from
        then on; earlier cycles stay with the branches they were at. The case's subject is the
        person and its business key the journey number (`R-2026-000123`). Raises `AlreadyExists`
        while a journey of the person is open anywhere, `NotFound`, `Forbidden`, `Invalid`.
        """

        def attempt(tx: Transaction) -> Instance:
            branch = self._branch(tx, actor, person_id, unit)
            if rows.is_open(tx, person_id):
                raise rows.already_open()
            found = self._engine.definitions.version(tx, PROCESS)
            variables = self._begin_with(tx, person_id)
            # Drawn where the case is opened: who fails takes no number along.
            year = self._clock.now(tx).year
            number = f"R-{year}-{rows.next_number(tx, year):06d}"
            return self._opening.start(
                tx,
                actor,
                found,
                about=CaseAbout(branch, number, person_id),
                variables={**variables, "journey_number": number},
            )

        return self._engine.commands.transact(
            attempt,
            Repeatable(idempotency, Instance, lambda made: owner_of(made.id, made.subject)),
        )

    def of_person(self, actor: Actor, person_id: str) -> tuple[Cycle, ...]:
        """Every cycle of a person the actor may see, newest first. Raises `NotFound`."""
        with self._engine.database.transaction() as tx:
            self._persons.visible(tx, actor, person_id)
            self._engine.access_log.record(tx, actor, person_id, "cycles.of_person")
            return tuple(_cycle(row) for row in rows.of_person(tx, person_id))

    def _branch(self, tx: Transaction, actor: Actor, person_id: str, unit: str | None) -> str:
        """Where the journey is opened. Raises `NotFound`, `Forbidden`, `Invalid`."""
        if unit is not None and access.may(actor, Verb.JOURNEY_OPEN, unit):
            self._persons.registered(tx, person_id)
        else:
            unit = unit or str(self._persons.visible(tx, actor, person_id)["unit"])
        access.require(actor, Verb.JOURNEY_OPEN, unit)
        self._check_branch(tx, unit)
        return unit

    def _begin_with(self, tx: Transaction, person_id: str) -> dict[str, Any]:
        """What a journey knows of its person from the first moment on."""
        earlier = rows.of_person(tx, person_id)
        person = self._persons.open_data(tx, person_id)
        day = today(self._clock.now(tx))
        return {
            "person_id": person_id,
            "cycle_no": earlier[0]["cycle_no"] + 1 if earlier else 1,
            "age": person.data.age_on(day),
            "sex": person.data.sex,
            "residence_location": person.data.residence_location,
            "education_level": person.data.education_level,
            "job_search_location": person.data.job_search_location,
            "opened_on": day.isoformat(),
        }

    def _check_branch(self, tx: Transaction, unit: str) -> None:
        found = units.find(tx, unit)
        if found is None or found["kind"] != "naf":
            raise Invalid(
                Text(
                    f"{unit} ليس فرعاً لصندوق المعونة الوطنية.",
                    f"{unit} is not a branch of the National Aid Fund.",
                ),
                {"unit": [Text("ليس فرعاً.", "Not a branch.")]},
            )


def _cycle(row: Mapping[str, Any]) -> Cycle:
    return Cycle(**{name: row[name] for name in Cycle.__dataclass_fields__})
