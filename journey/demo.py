"""Demonstration data: three branches and their partners, services, vacancies, and one user per
role and place. Everything is made through the verbs; what is there already is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.clock import today
from engine.engine import Engine
from engine.errors import AlreadyExists
from engine.records import SYSTEM, Role
from journey.journey import Journey
from journey.registry import Registry
from journey.units import shipped_units

PLACES = ("east_amman", "irbid", "zarqa")
SINCE = date(2019, 1, 1)
"""Since when the shipped units and services exist: before the field test."""

_NAMES = {
    Role.CASE_WORKER: ("أخصائي الحالة", "Case worker"),
    Role.BRANCH_HEAD: ("مدير الفرع", "Branch head"),
    Role.MOL_OFFICER: ("موظف مكتب التشغيل", "Employment officer"),
    Role.SERVICE_PROVIDER: ("مزود الخدمة", "Service provider"),
    Role.HQ_COORDINATOR: ("منسق المقر الرئيسي", "Headquarters coordinator"),
    Role.PROCESS_OWNER: ("مالك الإجراءات", "Process owner"),
    Role.AUDITOR: ("المدقق", "Auditor"),
    Role.ADMIN: ("مدير النظام", "Administrator"),
}


_PLACE_NAMES = {
    "east_amman": "شرق عمان",
    "irbid": "إربد",
    "zarqa": "الزرقاء",
    "vtc_irbid": "معهد التدريب، إربد",
    "nmb_zarqa": "التمويل الأصغر، الزرقاء",
    "hq": "المقر",
}


@dataclass(frozen=True)
class DemoUser:
    """One account: `<role>.<place>`."""

    username: str
    role: Role
    unit: str

    @property
    def name(self) -> str:
        """The Arabic name shown to colleagues: a function, not an invented person."""
        return f"{_NAMES[self.role][0]} - {_PLACE_NAMES[self.username.split('.', 1)[1]]}"


@dataclass(frozen=True)
class Loaded:
    """What was added; nothing when the data was there already."""

    units: int
    rows: int
    users: tuple[str, ...]


PROVIDERS: Sequence[Mapping[str, Any]] = (
    {
        "id": "vtc_irbid",
        "name_ar": "معهد التدريب المهني - إربد",
        "name_en": "Vocational training institute, Irbid",
        "provider_kind": "training_provider",
        "address": "إربد، المدينة الصناعية",
        "unit": "provider:vtc_irbid",
    },
    {
        "id": "nmb_zarqa",
        "name_ar": "مؤسسة التمويل الأصغر - الزرقاء",
        "name_en": "Microfinance institution, Zarqa",
        "provider_kind": "microfinance_institution",
        "address": "الزرقاء، وسط المدينة",
        "unit": "provider:nmb_zarqa",
    },
)
SERVICES: Sequence[Mapping[str, Any]] = (
    {
        "id": "vtc_irbid.training",
        "provider_id": "vtc_irbid",
        "name_ar": "دورة خياطة صناعية",
        "name_en": "Industrial sewing course",
        "intervention_type": "training",
        "suggested_service_codes": ["training"],
        "sites": [],
        "target_groups": ["all"],
        "duration_weeks": 12,
        "expected_result": "شهادة مهنية معتمدة",
        "contact_person": "قسم القبول",
        "contact_phone": "0600000101",
        "commuting_support": True,
        "stipend_jod_month": 50,
        "certified": True,
        "capacity_per_intake": 20,
    },
    {
        "id": "vtc_irbid.apprenticeship",
        "provider_id": "vtc_irbid",
        "name_ar": "تلمذة مهنية للشباب",
        "name_en": "Apprenticeship for young people",
        "intervention_type": "apprenticeship",
        "suggested_service_codes": ["youth_apprenticeship"],
        "sites": [],
        "target_groups": ["youth"],
        "duration_weeks": 26,
        "expected_result": "خبرة عمل موثقة",
        "eligibility_rule": "age <= 29",
        "contact_person": "قسم التلمذة",
        "contact_phone": "0600000102",
        "commuting_support": True,
    },
    {
        "id": "vtc_irbid.guidance",
        "provider_id": "vtc_irbid",
        "name_ar": "معلومات وتوجيه مهني",
        "name_en": "Vocational information and guidance",
        "intervention_type": "vocational_information_guidance",
        "suggested_service_codes": ["vocational_information", "career_guidance"],
        "sites": [],
        "target_groups": ["all"],
        "duration_weeks": 1,
        "expected_result": "خطة مهنية",
        "contact_person": "مكتب التوجيه",
        "contact_phone": "0600000103",
        "commuting_support": False,
    },
    {
        "id": "nmb_zarqa.microfinance",
        "provider_id": "nmb_zarqa",
        "name_ar": "تمويل مشروع صغير",
        "name_en": "Loan for a small business",
        "intervention_type": "microfinance",
        "suggested_service_codes": ["self_employment"],
        "sites": [],
        "target_groups": ["all"],
        "duration_weeks": 4,
        "expected_result": "مشروع صغير ممول",
        "contact_person": "قسم الإقراض",
        "contact_phone": "0600000201",
        "commuting_support": False,
    },
)
EMPLOYERS: Sequence[Mapping[str, Any]] = (
    {
        "id": "employer_jerash_garments",
        "name": "مصنع ألبسة - جرش",
        "employer_ssc_number": "0000001",
        "location": "jerash",
    },
    {
        "id": "employer_amman_food",
        "name": "مصنع أغذية - عمان",
        "employer_ssc_number": "0000002",
        "location": "sahab",
    },
)
VACANCIES: Sequence[Mapping[str, Any]] = (
    {
        "id": "V-2019-0001",
        "employer_id": "employer_jerash_garments",
        "job_title": "عامل خياطة",
        "occupation_code": "81",
        "workplace_location": "jerash",
        "offered_wage_jod": 300,
        "positions": 20,
        "mol_unit": "mol:jerash",
    },
    {
        "id": "V-2019-0002",
        "employer_id": "employer_amman_food",
        "job_title": "عامل تعبئة",
        "occupation_code": "93",
        "workplace_location": "sahab",
        "offered_wage_jod": 320,
        "positions": 10,
        "mol_unit": "mol:east_amman",
    },
)


def demo_users() -> tuple[DemoUser, ...]:
    """The accounts of the demonstration."""
    at_places = [
        DemoUser(f"{role.value}.{place}", role, f"{kind}:{place}")
        for place in PLACES
        for role, kind in (
            (Role.CASE_WORKER, "naf"),
            (Role.BRANCH_HEAD, "naf"),
            (Role.MOL_OFFICER, "mol"),
        )
    ]
    at_providers = [
        DemoUser(f"service_provider.{row['id']}", Role.SERVICE_PROVIDER, row["unit"])
        for row in PROVIDERS
    ]
    at_hq = [
        DemoUser(f"{role.value}.hq", role, "hq")
        for role in (Role.HQ_COORDINATOR, Role.PROCESS_OWNER, Role.AUDITOR, Role.ADMIN)
    ]
    return (*at_places, *at_providers, *at_hq)


def mol_providers() -> list[dict[str, Any]]:
    """Each employment office as a destination (tools.yaml h, mandatory_entries)."""
    return [
        {
            "id": unit["code"].replace(":", "_"),
            "name_ar": unit["name_ar"],
            "name_en": unit["name_en"],
            "provider_kind": "mol_employment_office",
            "address": unit["name_ar"],
            "unit": unit["code"],
        }
        for unit in shipped_units()
        if unit["kind"] == "mol"
    ]


def mol_services() -> list[dict[str, Any]]:
    """Mediation by each employment office."""
    return [
        {
            "id": f"{office['id']}.mediation",
            "provider_id": office["id"],
            "name_ar": "وساطة في سوق العمل",
            "name_en": "Labour-market mediation",
            "intervention_type": "lm_mediation",
            "suggested_service_codes": [],
            "sites": [],
            "target_groups": ["all"],
            "duration_weeks": 1,
            "expected_result": "تشغيل",
            "contact_person": "مكتب التشغيل",
            "contact_phone": "0600000300",
            "commuting_support": False,
        }
        for office in mol_providers()
    ]


def load_demo(engine: Engine, journey: Journey, password: str) -> Loaded:
    """Load the demonstration into a database, as the system, with one password for everybody."""
    with engine.database.transaction() as tx:
        units = journey.units.load_shipped(tx, SINCE)
    since = min(SINCE, today(engine.clock.now()))
    added = 0
    for registry, rows in (
        (journey.providers, (*PROVIDERS, *mol_providers())),
        (journey.catalogue, (*SERVICES, *mol_services())),
        (journey.employers, EMPLOYERS),
        (journey.vacancies, VACANCIES),
    ):
        added += _add(registry, rows, since)
    made = []
    for user in demo_users():
        try:
            engine.identity.users.create(
                SYSTEM,
                user.username,
                name=user.name,
                password=password,
                roles=(user.role,),
                units=(user.unit,),
                must_change_password=False,
            )
        except AlreadyExists:
            continue
        made.append(user.username)
    return Loaded(units, added, tuple(made))


def _add(registry: Registry, rows: Sequence[Mapping[str, Any]], since: date) -> int:
    added = 0
    for row in rows:
        try:
            registry.create(SYSTEM, {**row, "valid_from": since})
        except AlreadyExists:
            continue
        added += 1
    return added
