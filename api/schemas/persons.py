"""People and their journeys (the individual data set)."""

from __future__ import annotations

from typing import Any

from api.fields import Boolean, Choice, Code, Day, Integer, Many, Moment, Part, Text
from api.shapes import Answer, Body

SEXES = ["female", "male"]


class PersonChange(Body):
    """New values of a person's data; what is left out stays."""

    national_id = Text(low=1, high=40, metadata={"description": "Ten digits."})
    first_name = Text(low=1, high=200)
    last_name = Text(low=1, high=200)
    sex = Choice(SEXES)
    residence_location = Code()
    date_of_birth = Day(allow_none=True)
    age = Integer(high=120, allow_none=True)
    education_level = Code(allow_none=True)
    household_id = Code(allow_none=True)
    work_experience_years = Integer(high=100, allow_none=True)
    occupations = Many(Text(low=1, high=200), high=30)
    job_search_elsewhere = Boolean()
    job_search_location = Code(allow_none=True)
    ever_changed_occupation = Boolean(allow_none=True)
    has_car_or_can_commute = Boolean(allow_none=True)
    phone = Text(high=40, allow_none=True)
    email = Text(high=200, allow_none=True)
    address = Text(high=500, allow_none=True)
    version = Integer(
        low=1,
        high=2**31 - 1,
        metadata={"description": "The version that was read; 409 when a newer one exists."},
    )


class NewPerson(PersonChange):
    """A person to be registered; the date of birth or the age is required."""

    unit = Code(metadata={"description": "The branch; left out: the caller's only one."})
    national_id = Text(low=1, high=40, required=True, metadata={"description": "Ten digits."})
    first_name = Text(low=1, high=200, required=True)
    last_name = Text(low=1, high=200, required=True)
    sex = Choice(SEXES, required=True)
    residence_location = Code(required=True)

    class Meta(Body.Meta):
        exclude = ("version",)


class _PersonData(Answer):
    """What is told of a person wherever one is told of."""

    national_id = Text()
    first_name = Text()
    last_name = Text()
    sex = Choice(SEXES)
    residence_location = Text()
    date_of_birth = Day(allow_none=True)
    education_level = Text(allow_none=True)
    household_id = Text(allow_none=True)
    work_experience_years = Integer(allow_none=True)
    occupations = Many(Text())
    job_search_elsewhere = Boolean()
    job_search_location = Text(allow_none=True)
    ever_changed_occupation = Boolean(allow_none=True)
    has_car_or_can_commute = Boolean(allow_none=True)
    phone = Text(allow_none=True)
    email = Text(allow_none=True)
    address = Text(allow_none=True)


class PersonAnswer(_PersonData):
    """One person as the caller may see them."""

    id = Text()
    unit = Text()
    age = Integer(allow_none=True, metadata={"description": "Completed years today."})
    version = Integer()
    created_at = Moment()
    created_by = Text()
    identity_changed_at = Moment()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A person's data stands one level below what is known about the record."""
        return getattr(obj if hasattr(obj, attr) else obj.data, attr, default)


class PersonDataAnswer(_PersonData):
    """A person's data as it was written."""

    age = Integer(allow_none=True, metadata={"description": "As told, on `age_told_on`."})
    age_told_on = Day(allow_none=True)


class PersonVersionAnswer(Answer):
    """One version of a person's data: what it said, who wrote it, and when."""

    number = Integer(metadata={"description": "Counted from 1."})
    at = Moment()
    by = Text()
    by_name = Text()
    data = Part(PersonDataAnswer)


class Search(Body):
    """Words or beginnings of names, a whole national id, or a journey number."""

    q = Text(low=1, high=200, required=True)


class Found(Answer):
    """The people found among those the caller may see."""

    items = Many(Part(PersonAnswer))
    next_cursor = Text(allow_none=True)


class Lookup(Body):
    """One whole national id."""

    national_id = Text(low=1, high=40, required=True)


class LookupAnswer(Answer):
    """Where a person is registered, and whether a journey is open."""

    id = Text()
    unit = Text()
    open_journey = Boolean()


class OpenJourney(Body):
    """At which branch the journey begins."""

    unit = Code(required=True)


class CycleAnswer(Answer):
    """One time a person went through the journey."""

    instance_id = Text()
    person_id = Text()
    cycle_no = Integer()
    journey_number = Text()
    unit = Text()
    opened_at = Moment()
    opened_by = Text()
    closed_at = Moment(allow_none=True)
    closure_reason = Text(allow_none=True)
    client_group = Text(allow_none=True)
    grouping_date = Day(allow_none=True)
    stage = Text()
    outcome_type = Text(allow_none=True)
    stable_count = Integer()


class Erase(Body):
    """Why a person's data is destroyed for good."""

    reason = Text(low=1, high=2000, required=True)
