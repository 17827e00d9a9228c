"""What every page of a register asks about its rows, and the rows as a page may reach them."""

from __future__ import annotations

from typing import Any

from flask import abort

from engine.clock import today
from engine.errors import Forbidden
from engine.wording import Text
from journey.records import RegistryRow
from web import vacancy_state
from web.context import actor, engine
from web.register_choices import check_results
from web.register_fields import Field, Shape
from web.register_form import told, value_of
from web.register_history import Change, changes
from web.registers import REGISTERS, Register, name_of, offers_change
from web.repeated import new_key


def words_of(register: Register) -> dict[str, Any]:
    """What the templates ask about rows."""
    day = today(engine().clock.now())
    of_vacancies = register.key == "vacancies"
    minimum = vacancy_state.minimum_wage(engine(), actor()) if of_vacancies else None
    return {
        "register": register,
        "registers": REGISTERS,
        "name_of": name_of,
        "told": told,
        "value_of": value_of,
        "vacancy_state": lambda row: vacancy_state.state_of(row, day, minimum),
        "check_result": dict(check_results()),
        "today": day,
        "Shape": Shape,
        "new_key": new_key,
    }


def row_of(register: Register, row_id: str) -> RegistryRow:
    """The row of an address. Raises `NotFound`, `Forbidden`."""
    if not row_id.isprintable():
        abort(404)
    return register.verbs().get(actor(), row_id)


def changeable(register: Register, row_id: str) -> RegistryRow:
    """The row, for whom the page offers to change it. Raises `NotFound`, `Forbidden`."""
    row = row_of(register, row_id)
    if not offers_change(register, row, actor()):
        raise Forbidden(Text("لا يحق لحسابك تغيير هذا.", "Your account may not change this."))
    return row


def facts_of(register: Register, row: RegistryRow) -> list[tuple[Field, str]]:
    """What is known, for reading; what was left empty is left out."""
    named_above = {
        "job_title",
        "name",
        "valid_from",
        "valid_to",
        "entry_status",
        "offered_wage_jod",
    }
    return [
        (asked, text)
        for asked in register.shown
        if asked.name not in named_above and (text := told(asked, value_of(row, asked.name)))
    ]


def changes_of(register: Register, row: RegistryRow) -> tuple[Change, ...]:
    """Every change of a row, newest first."""
    return changes(register.shown, row, register.verbs().history(actor(), row.id))
