"""The form of an account: which places fit which role, how it is read, the first password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from werkzeug.datastructures import MultiDict

from engine.access import UNIT_KINDS
from engine.records import Role
from engine.users import User
from journey.records import Unit
from web.context import actor, journey
from web.texts import _, lazy

PURPOSES: Final[Mapping[Role, str]] = {
    Role.CASE_WORKER: lazy("Interviews, plans, refers and follows up clients at a branch."),
    Role.BRANCH_HEAD: lazy("Leads a branch: sees all its cases and confirms exceptions."),
    Role.MOL_OFFICER: lazy("Mediates at an employment office of the Ministry of Labour."),
    Role.SERVICE_PROVIDER: lazy("Receives and reports on clients referred to an institution."),
    Role.HQ_COORDINATOR: lazy("Coordinates all branches and looks after the registers."),
    Role.PROCESS_OWNER: lazy("Changes and publishes processes, tables and forms."),
    Role.AUDITOR: lazy("Reads everything, changes nothing."),
    Role.ADMIN: lazy("Looks after accounts and technical faults; sees no client's answers."),
    Role.CONNECTOR: lazy("An account for another computer system, not for a person."),
}
"""Every role that can be given, and what it is for."""

_HEADQUARTERS = "hq"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is easily taken for something else when it is read out or copied by hand."""


@dataclass(frozen=True)
class PostedUser:
    """What somebody typed: as typed, and what is not right."""

    username: str
    name: str
    roles: frozenset[Role]
    units: tuple[str, ...]
    language: str
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def first_password() -> str:
    """A random password to hand over, 59 bits, such as `k7mw-q2xp-e4ht`."""
    groups = ("".join(secrets.choice(_LETTERS) for _each in range(4)) for _group in range(3))
    return "-".join(groups)


def read_user(form: MultiDict[str, str]) -> PostedUser:
    """Read a posted form. What an account may hold at all, its verb decides."""
    roles = frozenset(role for role in PURPOSES if role.value in form.getlist("roles"))
    units = tuple(unit for unit in form.getlist("units") if unit)
    errors: dict[str, list[str]] = {}
    username, name = form.get("username", "").strip(), form.get("name", "").strip()
    if not name:
        errors["name"] = [_("Write the name.")]
    if not roles:
        errors["roles"] = [_("Choose at least one role.")]
    elif problem := _misplaced(roles, units):
        errors["units"] = [problem]
    language = "en" if form.get("language") == "en" else "ar"
    return PostedUser(username, name, roles, units, language, errors)


def posted_of(user: User) -> PostedUser:
    """An account as its form shows it."""
    return PostedUser(
        user.username, user.name, user.roles, tuple(sorted(user.units)), user.language
    )


def fitting_units(roles: frozenset[Role], held: Sequence[str] = ()) -> list[Unit]:
    """The places where people of these roles work, and those that are held already."""
    kinds = {_kind(role) for role in roles}
    return [
        unit for unit in journey().units.list(actor()) if unit.kind in kinds or unit.code in held
    ]


def _kind(role: Role) -> str:
    return UNIT_KINDS.get(role, _HEADQUARTERS)


def _misplaced(roles: frozenset[Role], units: Sequence[str]) -> str:
    """What is wrong with the places of these roles; nothing when they fit."""
    kinds = {unit.code: unit.kind for unit in journey().units.list(actor())}
    wanted = {_kind(role) for role in roles}
    if any(kinds.get(unit) not in wanted for unit in units):
        return _("One of the places does not fit the role. Choose again from the list.")
    placed = {kinds[unit] for unit in units}
    if any(kind not in placed for kind in wanted if kind != _HEADQUARTERS):
        return _("Choose where this person works.")
    return ""
