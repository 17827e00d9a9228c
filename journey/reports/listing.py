"""The list behind a number: what of each thing the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import access
from engine.access import Verb
from engine.access_log import AccessLog
from engine.clock import today
from engine.records import Actor
from engine.store.transaction import Transaction
from engine.wording import Text
from journey.reports.codes import STAGES
from journey.reports.records import Listed
from journey.store import cycles, registry
from journey.store.registry import Kind
from journey.store.reports import office_facts
from journey.store.reports.market import NOT_REGISTERED
from journey.vault import Vault

THROUGH = "reports.behind"
"""How the access log calls a reading of names in such a list."""


def listed(
    tx: Transaction,
    actor: Actor,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    vault: Vault,
    log: AccessLog,
) -> tuple[Listed, ...]:
    """The things of `rows`. In a writing transaction: names that are shown are logged."""
    if kind != "case":
        return tuple(_registered(tx, kind, row) for row in rows)
    cases = {
        row["instance_id"]: row
        for row in cycles.find_many(tx, {row["instance_id"] for row in rows})
    }
    names = _names(tx, actor, list(cases.values()), vault, log)
    units = {
        row["code"]: Text(row["name_ar"], row["name_en"]) for row in office_facts.unit_rows(tx)
    }
    return tuple(_case(actor, cases.get(row["instance_id"]), names, units) for row in rows)


def _names(
    tx: Transaction,
    actor: Actor,
    cases: Sequence[Mapping[str, Any]],
    vault: Vault,
    log: AccessLog,
) -> Mapping[str, str]:
    wanted = {
        case["person_id"]
        for case in cases
        if access.may(actor, Verb.INSTANCE_VARIABLES, case["unit"])
    }
    if not wanted:
        return {}
    names = vault.names(tx, wanted)
    log.record_all(tx, actor, tuple(names), THROUGH)
    return names


def _case(
    actor: Actor,
    case: Mapping[str, Any] | None,
    names: Mapping[str, str],
    units: Mapping[str, Text],
) -> Listed:
    if case is None:
        return Listed("case", None)
    number, unit = Text.worded(case["journey_number"]), case["unit"]
    if not access.may(actor, Verb.INSTANCE_SEE, unit):
        # A partner knows the journey's number from the referral; where it stands is not told.
        return Listed("case", None, number, unit, units.get(unit))
    return Listed(
        "case",
        case["instance_id"],
        number,
        unit,
        units.get(unit),
        STAGES.get(case["stage"], Text.worded(case["stage"])),
        names.get(case["person_id"]),
        today(case["opened_at"]),
    )


def _registered(tx: Transaction, kind: str, row: Mapping[str, Any]) -> Listed:
    name = str(row["counted"])
    if kind == "entry":
        entry = registry.find(tx, Kind.CATALOGUE_ENTRY, name)
        title = Text(entry["name_ar"], entry["name_en"]) if entry else None
        return Listed(kind, name if entry else None, title or Text.worded(name))
    vacancy = registry.find(tx, Kind.VACANCY, name)
    if vacancy is not None:
        return Listed(kind, name, Text.worded(f"{name} · {vacancy['job_title']}"))
    if name.startswith(NOT_REGISTERED):
        return Listed(kind, None, Text("شاغر غير مسجل", "A vacancy without a number"))
    return Listed(kind, None, Text.worded(name))
