"""The four registers as pages know them: services, institutions, vacancies, employers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine import access
from engine.access import Verb
from engine.clock import today
from engine.records import Actor
from journey.records import RegistryRow
from journey.registry import CATALOGUE, VACANCIES, Registry, Rights
from web import register_fields as fields
from web.context import actor, engine, journey
from web.formats import named, short_day
from web.register_choices import providers_ever
from web.register_fields import Field
from web.register_form import Typed
from web.texts import lazy


@dataclass(frozen=True)
class Register:
    """One register: its verbs and its words."""

    key: str
    verbs: Callable[[], Registry]
    rights: Rights
    add_verb: Verb
    """Asked for before the form for a new row is shown."""
    title: str
    lead: str
    add: str
    propose: str
    """As `add`, for who may only propose."""
    changed: str
    added: str
    nothing: str
    asked: tuple[Field, ...]
    columns: tuple[str, ...]
    """Fields shown in the list, beside the name and the state."""
    filters: tuple[str, ...]

    def field(self, name: str) -> Field:
        """A field by its name."""
        return next(one for one in self.shown if one.name == name)

    @property
    def shown(self) -> tuple[Field, ...]:
        """Every field of the form for who may edit."""
        return (*self.asked, fields.ENTRY_STATUS) if self.key == "catalogue" else self.asked

    def of_form(self, *, new: bool) -> tuple[Field, ...]:
        """What a form asks: an id is told once, the state of an entry by who may edit."""
        found = self.shown if access.may(actor(), self.rights.edit) else self.asked
        return found if new else tuple(one for one in found if one.name != "id")


REGISTERS: Final[Mapping[str, Register]] = {
    one.key: one
    for one in (
        Register(
            key="catalogue",
            verbs=lambda: journey().catalogue,
            rights=CATALOGUE,
            add_verb=Verb.CATALOGUE_PROPOSE,
            title=lazy("Services"),
            lead=lazy("What institutions offer to clients. Referrals are made to these services."),
            add=lazy("Add a service"),
            propose=lazy("Propose a service"),
            changed=lazy("The service is saved. What it was before is kept."),
            added=lazy("The service is in the catalogue."),
            nothing=lazy("No service fits."),
            asked=fields.SERVICE,
            columns=("provider_id", "intervention_type", "duration_weeks"),
            filters=("provider_id", "intervention_type", "entry_status"),
        ),
        Register(
            key="providers",
            verbs=lambda: journey().providers,
            rights=CATALOGUE,
            add_verb=Verb.CATALOGUE_EDIT,
            title=lazy("Institutions"),
            lead=lazy("Who serves the clients that are referred to them."),
            add=lazy("Add an institution"),
            propose=lazy("Add an institution"),
            changed=lazy("The institution is saved. What it was before is kept."),
            added=lazy("The institution is added. Now add its services."),
            nothing=lazy("No institution fits."),
            asked=fields.PROVIDER,
            columns=("provider_kind", "address"),
            filters=("provider_kind",),
        ),
        Register(
            key="vacancies",
            verbs=lambda: journey().vacancies,
            rights=VACANCIES,
            add_verb=Verb.VACANCY_PROPOSE,
            title=lazy("Vacancies"),
            lead=lazy("Jobs that employers have reported. A check of their quality holds 90 days."),
            add=lazy("Add a vacancy"),
            propose=lazy("Report a vacancy"),
            changed=lazy("The vacancy is saved. What it was before is kept."),
            added=lazy("The vacancy is saved. Its quality is checked when a client is placed."),
            nothing=lazy("No vacancy fits."),
            asked=fields.VACANCY,
            columns=("employer_id", "workplace_location", "positions"),
            filters=("employer_id", "workplace_location", "mol_unit"),
        ),
        Register(
            key="employers",
            verbs=lambda: journey().employers,
            rights=VACANCIES,
            add_verb=Verb.VACANCY_PROPOSE,
            title=lazy("Employers"),
            lead=lazy("Who offers work. Each vacancy belongs to one of them."),
            add=lazy("Add an employer"),
            propose=lazy("Add an employer"),
            changed=lazy("The employer is saved. What it was before is kept."),
            added=lazy("The employer is added. Now add the vacancies."),
            nothing=lazy("No employer fits."),
            asked=fields.EMPLOYER,
            columns=("location", "employer_ssc_number"),
            filters=("location",),
        ),
    )
}


def name_of(register: Register, row: RegistryRow) -> str:
    """What people call a row."""
    if register.key == "vacancies":
        return str(row.values["job_title"])
    return str(row.values["name"]) if register.key == "employers" else named(row.values)


def offers_adding(register: Register, who: Actor) -> bool:
    """Whether the page offers to add a row; the verb decides."""
    # People of one institution look after their own services, not after the list of institutions.
    only_partner = bool(who.units) and all(unit.startswith("provider:") for unit in who.units)
    return access.may(who, register.add_verb) and not (register.key == "providers" and only_partner)


def offers_change(register: Register, row: RegistryRow, who: Actor) -> bool:
    """Whether the page offers to change a row; the verb decides."""
    edit = register.rights.edit
    places = _places(register, row)
    if places is None:
        return access.may(who, edit)
    return any(access.may(who, edit, place) for place in places)


def fresh(register: Register, who: Actor, known: Mapping[str, str]) -> Typed:
    """What the form for a new row begins with; `known` comes with the link to it."""
    typed: dict[str, str | list[str]] = {"valid_from": short_day(today(engine().clock.now()))}
    own = sorted(who.units)
    if register.key == "catalogue":
        sites = [unit.removeprefix("naf:") for unit in own if unit.startswith("naf:")]
        typed |= {"default_feedback_days": "14", "entry_status": "active", "sites": sites}
        if len(offered := register.field("provider_id").options()) == 1:
            typed["provider_id"] = offered[0][0]
    if register.key == "vacancies":
        near = {unit.code: unit.paired_with for unit in journey().units.list(who)}
        offices = [unit if unit.startswith("mol:") else near.get(unit) or "" for unit in own]
        typed |= {"positions": "1", "mol_unit": next((one for one in offices if one), "")}
    for name in ("provider_id", "employer_id"):
        if name in known:
            typed[name] = known[name]
    return typed


def completed(register: Register, values: Mapping[str, Any], *, new: bool) -> dict[str, Any]:
    """The values for the verb: what stands empty in a form but not in a row."""
    done = dict(values)
    if new and not done.get("id"):
        done.pop("id", None)
    if register.key == "providers" and not done.get("unit"):
        done.pop("unit", None)
        if new:
            done["unit"] = f"provider:{done['id']}"
    return done


def _places(register: Register, row: RegistryRow) -> Sequence[str] | None:
    """The units that look after a row; None: everybody's who may edit anywhere."""
    if register.key == "catalogue":
        own = {one.id: str(one.values["unit"]) for one in providers_ever()}.get(
            str(row.values["provider_id"])
        )
        return [*(f"naf:{site}" for site in row.values["sites"]), *([own] if own else [])]
    if register.key == "vacancies" and row.values["mol_unit"]:
        office = str(row.values["mol_unit"])
        paired = {unit.code: unit.paired_with for unit in journey().units.list(actor(), "mol")}
        branch = paired.get(office)
        return [office, *([branch] if branch else [])]
    partner = [unit for unit in actor().units if unit.startswith("provider:")]
    if register.key == "providers" and partner:
        return [str(row.values["unit"])]
    return None
