"""The access table against the hand-written one: every role, every verb, own and other units."""

from __future__ import annotations

import pytest

from engine.access import (
    ALL_UNITS,
    GRANTS,
    SEEN_BY,
    TASK_ROLES,
    Verb,
    may,
    own_work_only,
    require,
    task_roles,
    visible_units,
)
from engine.errors import Forbidden, NotFound
from engine.records import SYSTEM, Actor, Role
from tests.engine.permissions import rows

ROWS = rows()
OWN, OTHER = "naf:irbid", "naf:zarqa"
PEOPLE = [role for role in Role if role is not Role.SYSTEM]


def actor(*roles: Role) -> Actor:
    return Actor("somebody", frozenset(roles), frozenset({OWN}))


def test_every_verb_and_every_role_has_its_cell() -> None:
    assert set(ROWS) == {verb.value for verb in Verb}
    columns = {role.value for role in Role} - {Role.SYSTEM.value} | {"told"}
    assert all(set(row) == columns for row in ROWS.values())
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("verb", ROWS)
def test_a_role_may_what_its_cell_says(verb: str, role: Role) -> None:
    cell = ROWS[verb][role.value]
    asked = Verb(verb)
    who = actor(role)
    expected = {
        "all": (True, True, True, True),
        "own": (True, True, False, False),
        "mine": (True, True, False, False),
        "-": (False, False, False, False),
    }[cell]
    assert (
        may(who, asked),
        may(who, asked, OWN),
        may(who, asked, OTHER),
        may(who, asked, None),
    ) == expected
    visible = {"all": ALL_UNITS, "own": who.units, "mine": who.units, "-": frozenset()}[cell]
    assert visible_units(who, asked) == visible
    assert own_work_only(who, asked) is (cell == "mine")


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("verb", ROWS)
def test_a_refusal_says_as_much_as_one_may_know(verb: str, role: Role) -> None:
    asked, who = Verb(verb), actor(role)
    for unit in (OWN, OTHER, None):
        if may(who, asked, unit):
            require(who, asked, unit)
            continue
        hidden = ROWS[verb]["told"] == "404" and not may(who, SEEN_BY[asked], unit)
        with pytest.raises(NotFound if hidden else Forbidden):
            require(who, asked, unit)


def test_seeing_is_what_hides() -> None:
    assert {verb.value for verb in SEEN_BY} == {
        verb for verb, row in ROWS.items() if row["told"] == "404"
    }
    assert all(SEEN_BY[seen] is seen for seen in SEEN_BY.values())


def test_rights_of_two_roles_add_up_to_the_wider() -> None:
    both = actor(Role.CASE_WORKER, Role.AUDITOR)
    assert may(both, Verb.INSTANCE_SEE, OTHER)
    assert not may(both, Verb.PERSON_SEE, OTHER)
    assert not own_work_only(both, Verb.REPORT_SEE)


def test_nobody_without_a_role_may_anything() -> None:
    assert not any(may(actor(), verb) for verb in Verb)


@pytest.mark.parametrize("role", list(Role))
def test_a_link_is_for_its_tasks_and_for_nothing_else(role: Role) -> None:
    link = Actor("link:1", frozenset({role}), frozenset({OWN}), only_tasks=frozenset({"t"}))
    granted = {verb for verb in Verb if may(link, verb)}
    assert granted <= {Verb.TASK_SEE, Verb.TASK_WORK}


def test_the_system_may_everything_everywhere() -> None:
    assert all(may(SYSTEM, verb, unit) for verb in Verb for unit in (OWN, None))


def test_who_works_on_whose_tasks() -> None:
    assert {role.value for role in TASK_ROLES} == {
        "case_worker",
        "branch_head",
        "mol_officer",
        "service_provider",
        "hq_coordinator",
    }
    assert task_roles(actor(Role.BRANCH_HEAD)) == {Role.BRANCH_HEAD, Role.CASE_WORKER}
    assert task_roles(actor(Role.CASE_WORKER)) == {Role.CASE_WORKER}
    assert task_roles(actor(Role.AUDITOR)) == frozenset()
