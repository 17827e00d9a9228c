"""Frozen records of the journey that cross the room's border."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class PersonData:
    """What is known about a person (tools.yaml g, individual data set). All of it is sealed.

    `age` is what was told when no date of birth was known, in years on `age_told_on`.
    """

    national_id: str
    first_name: str
    last_name: str
    sex: str
    residence_location: str
    date_of_birth: date | None = None
    age: int | None = None
    age_told_on: date | None = None
    education_level: str | None = None
    household_id: str | None = None
    work_experience_years: int | None = None
    occupations: tuple[str, ...] = ()
    job_search_elsewhere: bool = False
    job_search_location: str | None = None
    ever_changed_occupation: bool | None = None
    has_car_or_can_commute: bool | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None

    def age_on(self, day: date) -> int | None:
        """Completed years on `day`."""
        if self.date_of_birth is not None:
            birth = self.date_of_birth
            return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        if self.age is None or self.age_told_on is None:
            return self.age
        return self.age + (day - self.age_told_on).days // 365

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; dates as ISO text."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PersonData:
        """The data as `to_json` wrote it; names that are no longer known are left out."""
        values = {f.name: stored[f.name] for f in fields(cls) if f.name in stored}
        for name in ("date_of_birth", "age_told_on"):
            if values.get(name) is not None:
                values[name] = date.fromisoformat(values[name])
        values["occupations"] = tuple(values.get("occupations") or ())
        return cls(**values)


@dataclass(frozen=True)
class Person:
    """One person as a signed-in user sees them. `version` counts the changes of `data`."""

    id: str
    unit: str
    data: PersonData
    age: int | None
    version: int
    created_at: datetime
    created_by: str
    identity_changed_at: datetime


@dataclass(frozen=True)
class FoundPerson:
    """The answer of an exact lookup: enough to prevent a double registration, nothing more."""

    id: str
    unit: str
    open_journey: bool


@dataclass(frozen=True)
class Cycle:
    """One time a person went through the journey (`cycle_no` counts from 1)."""

    instance_id: str
    person_id: str
    cycle_no: int
    journey_number: str
    unit: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closure_reason: str | None
    client_group: str | None
    grouping_date: date | None
    stage: str
    outcome_type: str | None
    stable_count: int


@dataclass(frozen=True)
class Unit:
    """A place where people work: kind `naf`, `mol`, `provider` or `hq`."""

    code: str
    kind: str
    name_ar: str
    name_en: str
    governorate: str | None
    paired_with: str | None
    active_from: date
    active_to: date | None


@dataclass(frozen=True)
class RegistryRow:
    """A provider, catalogue entry, employer or vacancy: its fields, validity and revision."""

    id: str
    revision: int
    valid_from: date
    valid_to: date | None
    values: Mapping[str, Any]
