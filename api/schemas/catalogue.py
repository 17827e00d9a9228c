"""Units, providers, the service catalogue, employers and vacancies."""

from __future__ import annotations

from typing import Any

from api.fields import (
    Boolean,
    Choice,
    Code,
    Day,
    Integer,
    Json,
    Many,
    Moment,
    Number,
    QueryBoolean,
    Text,
    pattern,
)
from api.shapes import Answer, Body, Paged

UNIT_KINDS = ["naf", "mol", "provider", "hq"]
STATUSES = ["draft", "active", "suspended"]
_ID = r"[A-Za-z0-9_][A-Za-z0-9_.:\-]{0,63}"


class UnitQuery(Paged):
    """Which units."""

    kind = Choice(UNIT_KINDS)


class UnitAnswer(Answer):
    """A place where people work."""

    code = Text()
    kind = Choice(UNIT_KINDS)
    name_ar = Text()
    name_en = Text()
    governorate = Text(allow_none=True)
    paired_with = Text(allow_none=True, metadata={"description": "The MoL office of a branch."})
    active_from = Day()
    active_to = Day(allow_none=True)


class Visit(Body):
    """A visit of headquarters to an office."""

    visited_on = Day(required=True)
    note = Text(high=2000, load_default=None, allow_none=True)


class RegistryQuery(Paged):
    """Which rows: those valid today, on a day, or of all times."""

    on = Day()
    all_dates = QueryBoolean()


class CatalogueQuery(RegistryQuery):
    """Which services."""

    provider_id = Code()
    intervention_type = Code()
    entry_status = Choice(STATUSES)


class ProviderQuery(RegistryQuery):
    """Which providers."""

    unit = Code()
    provider_kind = Code()


class EmployerQuery(RegistryQuery):
    """Which employers."""

    location = Code()


class VacancyQuery(RegistryQuery):
    """Which vacancies."""

    employer_id = Code()
    mol_unit = Code()
    workplace_location = Code()


class _Row(Answer):
    """What every row has; its own fields stand beside."""

    id = Text()
    revision = Integer()
    valid_from = Day()
    valid_to = Day(allow_none=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A row's own fields stand in its `values`."""
        return obj.values[attr] if attr in obj.values else getattr(obj, attr, default)


class _Validity(Body):
    """The days from and to which a row holds, both included."""

    valid_from = Day()
    valid_to = Day(allow_none=True)


class _Change(_Validity):
    revision = Integer(
        low=1,
        high=2**31 - 1,
        metadata={"description": "The revision that was read; 409 when a newer one exists."},
    )


class _Provider(_Validity):
    name_ar = Text(low=1, high=200)
    name_en = Text(low=1, high=200)
    provider_kind = Code(high=40)
    address = Text(low=1, high=300)
    unit = Code(
        high=80,
        metadata={"description": "Where its referrals go; a new provider brings its own along."},
    )


class NewProvider(_Provider):
    """An institution that serves referrals."""

    id = Code(high=64, validate=pattern(_ID))
    name_ar = Text(low=1, high=200, required=True)
    name_en = Text(low=1, high=200, required=True)
    provider_kind = Code(high=40, required=True)
    address = Text(low=1, high=300, required=True)
    unit = Code(
        high=80,
        required=True,
        metadata={"description": "provider:<code>; a new one is made."},
    )


class ProviderChange(_Provider, _Change):
    """New values of a provider."""


class ProviderAnswer(_Row):
    """An institution that serves referrals."""

    name_ar = Text()
    name_en = Text()
    provider_kind = Text()
    address = Text()
    unit = Text()


class _Entry(_Validity):
    provider_id = Code(high=64)
    name_ar = Text(low=1, high=200)
    name_en = Text(low=1, high=200)
    intervention_type = Code(high=40)
    suggested_service_codes = Many(Code(), high=30)
    sites = Many(Code(), high=60, metadata={"description": "Branches, without `naf:`."})
    target_groups = Many(Code(), high=30)
    duration_weeks = Number(high=520)
    expected_result = Text(low=1, high=300)
    eligibility_rule = Text(high=500, allow_none=True, metadata={"description": "FEEL."})
    contact_person = Text(low=1, high=120)
    contact_phone = Text(low=1, high=40)
    contact_email = Text(high=120, allow_none=True)
    default_feedback_days = Integer(low=1, high=90)
    capacity_per_intake = Integer(low=1, high=100_000, allow_none=True)
    next_intake_date = Day(allow_none=True)
    cost_to_client_jod = Number(high=100_000, allow_none=True)
    commuting_support = Boolean()
    stipend_jod_month = Number(high=100_000, allow_none=True)
    certified = Boolean(allow_none=True)
    funding_source = Text(high=200, allow_none=True)
    entry_status = Choice(STATUSES)


class NewEntry(_Entry):
    """A service of a provider; who may only propose adds a draft."""

    id = Code(high=64, validate=pattern(_ID))
    provider_id = Code(high=64, required=True)
    name_ar = Text(low=1, high=200, required=True)
    name_en = Text(low=1, high=200, required=True)
    intervention_type = Code(high=40, required=True)
    suggested_service_codes = Many(Code(), high=30, required=True)
    sites = Many(Code(), high=60, required=True)
    target_groups = Many(Code(), high=30, load_default=list)
    duration_weeks = Number(high=520, required=True)
    expected_result = Text(low=1, high=300, required=True)
    contact_person = Text(low=1, high=120, required=True)
    contact_phone = Text(low=1, high=40, required=True)


class EntryChange(_Entry, _Change):
    """New values of a service."""


class EntryAnswer(_Row):
    """A service of a provider."""

    provider_id = Text()
    name_ar = Text()
    name_en = Text()
    intervention_type = Text()
    suggested_service_codes = Many(Text())
    sites = Many(Text())
    target_groups = Many(Text())
    duration_weeks = Number()
    expected_result = Text()
    eligibility_rule = Text(allow_none=True)
    contact_person = Text()
    contact_phone = Text()
    contact_email = Text(allow_none=True)
    default_feedback_days = Integer()
    capacity_per_intake = Integer(allow_none=True)
    next_intake_date = Day(allow_none=True)
    cost_to_client_jod = Number(allow_none=True)
    commuting_support = Boolean()
    stipend_jod_month = Number(allow_none=True)
    certified = Boolean(allow_none=True)
    funding_source = Text(allow_none=True)
    entry_status = Choice(STATUSES)


class _Employer(_Validity):
    name = Text(low=1, high=200)
    employer_ssc_number = Code(high=40, allow_none=True)
    location = Code(high=80, allow_none=True)
    contact_phone = Text(high=40, allow_none=True)


class NewEmployer(_Employer):
    """An employer."""

    id = Code(high=64, validate=pattern(_ID))
    name = Text(low=1, high=200, required=True)


class EmployerChange(_Employer, _Change):
    """New values of an employer."""


class EmployerAnswer(_Row):
    """An employer."""

    name = Text()
    employer_ssc_number = Text(allow_none=True)
    location = Text(allow_none=True)
    contact_phone = Text(allow_none=True)


class _Vacancy(_Validity):
    employer_id = Code(high=64)
    job_title = Text(low=1, high=200)
    occupation_code = Code(high=16, allow_none=True)
    workplace_location = Code(high=80)
    offered_wage_jod = Number(high=100_000)
    positions = Integer(low=1, high=100_000)
    age_requirement = Text(high=200, allow_none=True)
    mol_unit = Code(high=80, allow_none=True)


class NewVacancy(_Vacancy):
    """A vacancy as reported; the quality check's result comes from that form only."""

    id = Code(high=64, validate=pattern(_ID))
    employer_id = Code(high=64, required=True)
    job_title = Text(low=1, high=200, required=True)
    workplace_location = Code(high=80, required=True)
    offered_wage_jod = Number(high=100_000, required=True)


class VacancyChange(_Vacancy, _Change):
    """New values of a vacancy."""


class VacancyAnswer(_Row):
    """A vacancy with the result of its last quality check."""

    employer_id = Text()
    job_title = Text()
    occupation_code = Text(allow_none=True)
    workplace_location = Text()
    offered_wage_jod = Number()
    positions = Integer()
    age_requirement = Text(allow_none=True)
    mol_unit = Text(allow_none=True)
    vacancy_admissible = Text(allow_none=True)
    check_valid_until = Day(allow_none=True)


class RowChangeAnswer(Answer):
    """How a row was before it became `revision`."""

    revision = Integer()
    at = Moment()
    actor = Text()
    before = Json()
