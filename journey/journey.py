"""The journey as one object: its verbs, and what it plugs into the engine."""

from __future__ import annotations

from engine.engine import Engine
from engine.store.transaction import Transaction
from journey.catalogue import Catalogue, Employers, Providers, Vacancies
from journey.cycles import Cycles
from journey.participant import JourneyParticipant, Reminding
from journey.persons import Persons
from journey.rebuild import Rebuilt, rebuild
from journey.referrals import Referrals
from journey.reports import Reports
from journey.sources import Sources
from journey.store import units as unit_rows
from journey.units import Units
from journey.vault import Vault


class Journey:
    """Everything this journey adds to one engine. Made once, by the composition root."""

    def __init__(self, engine: Engine) -> None:
        database, clock, journal = engine.database, engine.clock, engine.journal
        vault = Vault(clock, engine.keyring)
        self._engine = engine
        self.persons = Persons(database, clock, journal, engine.access_log, vault)
        self.cycles = Cycles(engine, self.persons)
        self.units = Units(database, clock)
        self.providers = Providers(database, clock, journal)
        self.catalogue = Catalogue(database, clock, journal)
        self.employers = Employers(database, clock, journal)
        self.vacancies = Vacancies(database, clock, journal)
        self.referrals = Referrals(database, clock, journal)
        self.reports = Reports(database, clock, engine.access_log, vault)
        self.participant = JourneyParticipant(Reminding(engine.notifications))
        self.sources = Sources(clock, vault).all()

    def plug_in(self) -> None:
        """Register the participant, the reference sources, the directory of people and the check
        of unit codes with the engine."""
        engine = self._engine
        engine.take_part(self.participant)
        for source in self.sources:
            engine.add_source(source)
        engine.find_subjects_with(self.persons)
        engine.identity.users.unit_exists = _unit_exists

    def rebuild(self) -> Rebuilt:
        """Make cycles and projections again from what the engine stores."""
        return rebuild(self._engine.database, self._engine.journal)


def _unit_exists(tx: Transaction, code: str) -> bool:
    return unit_rows.find(tx, code) is not None
