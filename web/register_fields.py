"""The fields of the registers' forms: what each is called, what it takes, what may be chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from web import register_choices as choices
from web.texts import lazy

Choices = Callable[[], list[tuple[str, str]]]


class Shape(Enum):
    """What a field takes."""

    TEXT = auto()
    LINES = auto()
    CODE = auto()  # Latin letters and digits, written from left to right
    PHONE = auto()
    EMAIL = auto()
    COUNT = auto()
    AMOUNT = auto()
    MONEY = auto()
    DAY = auto()
    CHOICE = auto()
    MANY = auto()
    YES_NO = auto()


@dataclass(frozen=True)
class Field:
    """One field. `offered` are the choices of its form; `names` names every value there may be."""

    name: str
    label: str
    shape: Shape = Shape.TEXT
    required: bool = False
    hint: str = ""
    offered: Choices | None = None
    names: Choices | None = None
    longest: int = 200
    low: float = 0
    high: float = 100_000
    further: bool = False
    """Asked below the fold: it can wait."""

    def options(self) -> list[tuple[str, str]]:
        """The choices of its form."""
        return self.offered() if self.offered else []

    def named(self) -> dict[str, str]:
        """Value → words, for every value there may be."""
        source = self.names or self.offered
        return dict(source()) if source else {}


_FROM = Field("valid_from", lazy("Valid from"), Shape.DAY, required=True, further=True)
_TO = Field(
    "valid_to",
    lazy("Valid to"),
    Shape.DAY,
    hint=lazy("The last day. Leave it empty as long as it goes on."),
    further=True,
)
_CODE_HINT = lazy("Latin letters, digits, dot, dash or underscore. Left empty, one is made.")

PROVIDER: Final = (
    Field("name_ar", lazy("Name in Arabic"), required=True),
    Field("name_en", lazy("Name in English"), required=True),
    Field(
        "provider_kind",
        lazy("Kind of institution"),
        Shape.CHOICE,
        required=True,
        offered=choices.provider_kinds,
    ),
    Field("address", lazy("Address"), required=True, longest=300),
    Field(
        "unit",
        lazy("Where its people work"),
        Shape.CHOICE,
        hint=lazy(
            "Referrals go to this place. Left empty, the institution gets a place of its own."
        ),
        offered=choices.provider_units,
        names=choices.unit_names,
    ),
    Field(
        "id",
        lazy("Short code"),
        Shape.CODE,
        required=True,
        hint=lazy(
            "Small Latin letters, digits and underscore, such as vtc_zarqa. It never changes."
        ),
        longest=60,
    ),
    _FROM,
    _TO,
)
SERVICE: Final = (
    Field(
        "provider_id",
        lazy("Institution"),
        Shape.CHOICE,
        required=True,
        offered=choices.providers_now,
        names=choices.provider_names,
    ),
    Field("name_ar", lazy("Service name in Arabic"), required=True),
    Field("name_en", lazy("Service name in English"), required=True),
    Field(
        "intervention_type",
        lazy("Type of intervention"),
        Shape.CHOICE,
        required=True,
        offered=choices.interventions,
    ),
    Field(
        "suggested_service_codes",
        lazy("Which suggestions of the interview does it answer?"),
        Shape.MANY,
        offered=choices.services,
    ),
    Field(
        "sites",
        lazy("Branches it serves"),
        Shape.MANY,
        hint=lazy("With none chosen it serves all branches."),
        offered=choices.sites,
    ),
    Field("duration_weeks", lazy("Duration in weeks"), Shape.AMOUNT, required=True, high=520),
    Field("expected_result", lazy("Expected result"), required=True, longest=300),
    Field("contact_person", lazy("Contact person"), required=True, longest=120),
    Field("contact_phone", lazy("Contact telephone"), Shape.PHONE, required=True, longest=40),
    Field(
        "default_feedback_days",
        lazy("Days until the institution reports back"),
        Shape.COUNT,
        required=True,
        hint=lazy("From 1 to 90 days; usually 14."),
        low=1,
        high=90,
    ),
    Field(
        "commuting_support", lazy("Is help with commuting included?"), Shape.YES_NO, required=True
    ),
    Field(
        "target_groups",
        lazy("Target groups"),
        Shape.MANY,
        offered=choices.target_groups,
        further=True,
    ),
    Field("capacity_per_intake", lazy("Places per intake"), Shape.COUNT, low=1, further=True),
    Field("next_intake_date", lazy("Next intake"), Shape.DAY, further=True),
    Field("cost_to_client_jod", lazy("Cost to the client (JOD)"), Shape.MONEY, further=True),
    Field("stipend_jod_month", lazy("Monthly stipend (JOD)"), Shape.MONEY, further=True),
    Field("certified", lazy("Is it accredited?"), Shape.YES_NO, further=True),
    Field("funding_source", lazy("Source of funding"), further=True),
    Field("contact_email", lazy("Contact e-mail"), Shape.EMAIL, longest=120, further=True),
    Field(
        "eligibility_rule",
        lazy("Rule of eligibility"),
        Shape.CODE,
        hint=lazy("Written as in the decision tables, for example: age <= 29"),
        longest=500,
        further=True,
    ),
    Field("id", lazy("Service code"), Shape.CODE, hint=_CODE_HINT, longest=64, further=True),
    _FROM,
    _TO,
)
ENTRY_STATUS: Final = Field(
    "entry_status",
    lazy("Entry status"),
    Shape.CHOICE,
    required=True,
    hint=lazy("Only active services are offered for referrals."),
    offered=choices.entry_states,
)
"""Asked of who may edit; a proposal is always a draft."""
EMPLOYER: Final = (
    Field("name", lazy("Employer name"), required=True),
    Field(
        "employer_ssc_number",
        lazy("Number of the establishment at social security"),
        Shape.CODE,
        longest=40,
    ),
    Field("location", lazy("Location"), Shape.CHOICE, offered=choices.locations),
    Field("contact_phone", lazy("Contact telephone"), Shape.PHONE, longest=40),
    _FROM,
    _TO,
)
VACANCY: Final = (
    Field(
        "employer_id",
        lazy("Employer"),
        Shape.CHOICE,
        required=True,
        offered=choices.employers_now,
        names=choices.employer_names,
    ),
    Field("job_title", lazy("Job title"), required=True),
    Field(
        "workplace_location",
        lazy("Workplace"),
        Shape.CHOICE,
        required=True,
        offered=choices.locations,
    ),
    Field(
        "offered_wage_jod",
        lazy("Offered wage (JOD a month, gross)"),
        Shape.MONEY,
        required=True,
        low=1,
    ),
    Field("positions", lazy("Number of positions"), Shape.COUNT, required=True, low=1),
    Field(
        "mol_unit",
        lazy("Employment office that looks after it"),
        Shape.CHOICE,
        offered=choices.employment_offices,
        names=choices.unit_names,
    ),
    Field(
        "occupation_code",
        lazy("Occupation"),
        Shape.CHOICE,
        offered=choices.occupations,
        further=True,
    ),
    Field(
        "age_requirement",
        lazy("Age requirement, if any"),
        hint=lazy("Kept for monitoring only; clients are never ranked by it."),
        further=True,
    ),
    Field("id", lazy("Vacancy number"), Shape.CODE, hint=_CODE_HINT, longest=64, further=True),
    _FROM,
    _TO,
)
