"""The four registries: providers, catalogue entries, employers, vacancies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.access import Verb
from engine.errors import Invalid
from engine.records import Actor
from engine.store.transaction import Transaction
from engine.wording import UNKNOWN, Text
from journey.registry import CATALOGUE, VACANCIES, Registry
from journey.store import registry as rows
from journey.store import units
from journey.store.registry import Kind

INTERVENTIONS = (
    "lm_mediation",
    "vocational_information_guidance",
    "apprenticeship",
    "public_works",
    "training",
    "microfinance",
    "other",
)
PROVIDER_KINDS = (
    "mol_employment_office",
    "private_employment_agency",
    "ngo",
    "donor",
    "training_provider",
    "microfinance_institution",
    "other",
)


def _one_of(row: Mapping[str, Any], name: str, allowed: Collection[str]) -> None:
    if row[name] not in allowed:
        known = ", ".join(allowed)
        raise Invalid(
            Text(f"{row[name]} ليس من قيم {name}.", f"{row[name]} is not a {name}."),
            {name: [Text(f"القيم المسموحة: {known}.", f"One of {known}.")]},
        )


def _no_unit(field: str, code: str) -> Invalid:
    return Invalid(Text(f"لا توجد وحدة {code}.", f"There is no unit {code}."), {field: [UNKNOWN]})


class Providers(Registry):
    """Institutions, whatever their legal status (000:L31). A new one brings its unit along."""

    kind = Kind.PROVIDER
    rights = CATALOGUE

    def _place(self, tx: Transaction, row: Mapping[str, Any]) -> Collection[str] | None:
        # A branch head looks after any provider; a provider only after its own organisation.
        return None

    def _may(self, tx: Transaction, actor: Actor, verb: Verb, row: Mapping[str, Any]) -> bool:
        if all(unit.startswith("provider:") for unit in actor.units) and actor.units:
            return verb is self.rights.edit and row["unit"] in actor.units
        return super()._may(tx, actor, verb, row)

    def _authorise_proposal(self, tx: Transaction, actor: Actor, row: dict[str, Any]) -> None:
        # There are no draft providers: a worker proposes an entry of a known one.
        self._authorise_change(tx, actor, row)

    def _check(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        _one_of(row, "provider_kind", PROVIDER_KINDS)

    def _check_change(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        # Only a new provider brings its unit along; another one is moved to a unit that is there.
        if units.find(tx, row["unit"]) is None:
            raise _no_unit("unit", row["unit"])

    def _prepare(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        if units.find(tx, row["unit"]) is not None:
            return
        if not row["unit"].startswith("provider:"):
            raise _no_unit("unit", row["unit"])
        unit = {
            "code": row["unit"],
            "kind": "provider",
            "name_ar": row["name_ar"],
            "name_en": row["name_en"],
            "governorate": None,
            "paired_with": None,
            "active_from": row["valid_from"],
            "active_to": row["valid_to"],
            "position": units.AFTER_ALL,
        }
        units.insert(tx, [unit])


class Catalogue(Registry):
    """Services of providers (tools.yaml h). Who may only propose adds drafts."""

    kind = Kind.CATALOGUE_ENTRY
    rights = CATALOGUE

    def _place(self, tx: Transaction, row: Mapping[str, Any]) -> Collection[str] | None:
        provider = rows.find(tx, Kind.PROVIDER, row["provider_id"])
        own = [provider["unit"]] if provider is not None else []
        return [*(f"naf:{site}" for site in row["sites"]), *own]

    def _authorise_proposal(self, tx: Transaction, actor: Actor, row: dict[str, Any]) -> None:
        super()._authorise_proposal(tx, actor, row)
        row["entry_status"] = "draft"

    def _check(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        _one_of(row, "intervention_type", INTERVENTIONS)
        _one_of(row, "entry_status", ("draft", "active", "suspended"))
        if not 1 <= row["default_feedback_days"] <= 90:
            raise Invalid(
                Text("من 1 إلى 90 يوماً.", "From 1 to 90 days."),
                {"default_feedback_days": [Text("من 1 إلى 90.", "From 1 to 90.")]},
            )
        if rows.find(tx, Kind.PROVIDER, row["provider_id"]) is None:
            raise Invalid(
                Text(
                    f"لا يوجد مزود خدمة {row['provider_id']}.",
                    f"There is no provider {row['provider_id']}.",
                ),
                {"provider_id": [UNKNOWN]},
            )


class Employers(Registry):
    """Employers, the second client of the services (002:L317)."""

    kind = Kind.EMPLOYER
    rights = VACANCIES


class Vacancies(Registry):
    """Vacancies; the result of the last quality check stands on the row and is set by it alone."""

    kind = Kind.VACANCY
    rights = VACANCIES

    def _place(self, tx: Transaction, row: Mapping[str, Any]) -> Collection[str] | None:
        if row["mol_unit"] is None:
            return None
        # A branch and its MoL office look after the same vacancies.
        office = units.find(tx, row["mol_unit"])
        branch = office["paired_with"] if office is not None else None
        return [row["mol_unit"], *([branch] if branch is not None else [])]

    def _known(self, values: Mapping[str, Any]) -> dict[str, Any]:
        checked = sorted({"vacancy_admissible", "check_valid_until"} & set(values))
        if checked:
            raise Invalid(
                Text(
                    "نتيجة الفحص تأتي من فحص الجودة فقط.",
                    "The result of a check comes from the quality check only.",
                ),
                {
                    name: [Text("يحددها فحص الجودة.", "Set by the quality check.")]
                    for name in checked
                },
            )
        return super()._known(values)

    def _check(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        if rows.find(tx, Kind.EMPLOYER, row["employer_id"]) is None:
            raise Invalid(
                Text(
                    f"لا يوجد صاحب عمل {row['employer_id']}.",
                    f"There is no employer {row['employer_id']}.",
                ),
                {"employer_id": [UNKNOWN]},
            )
        if row["mol_unit"] is not None and units.find(tx, row["mol_unit"]) is None:
            raise _no_unit("mol_unit", row["mol_unit"])
        if row["positions"] < 1:
            raise Invalid(
                Text("شاغر واحد على الأقل.", "At least one position."),
                {"positions": [Text("1 على الأقل.", "At least 1.")]},
            )
        if round(row["offered_wage_jod"], 3) <= 0:  # kept to the fils
            raise Invalid(
                Text("الأجر أكثر من لا شيء.", "A wage is more than nothing."),
                {"offered_wage_jod": [Text("أكثر من 0.", "More than 0.")]},
            )
