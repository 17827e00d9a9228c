"""The registers' forms: how typed text is read, how a row fills them in, how values are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from forms.typed import read_number
from journey.records import RegistryRow
from web.context import language
from web.formats import day, money, number, short_day
from web.person_form import typed_day
from web.register_fields import Field, Shape
from web.texts import _

Typed = Mapping[str, str | list[str]]

_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:\-]{0,63}")
_SMALL_CODE = re.compile(r"[a-z0-9_]{2,60}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Posted:
    """What somebody typed: as typed, as values for the verb, and what cannot be read."""

    typed: Typed
    values: Mapping[str, Any]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read(fields: Sequence[Field], form: MultiDict[str, str]) -> Posted:
    """Read a posted form. Empty fields are None, so that a change can clear them."""
    typed: dict[str, str | list[str]] = {}
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for asked in fields:
        if asked.shape is Shape.MANY:
            chosen = [value for value in form.getlist(asked.name) if value in asked.named()]
            typed[asked.name] = values[asked.name] = chosen
            continue
        text = form.get(asked.name, "").strip()
        typed[asked.name] = text
        value, problem = _value(asked, text)
        values[asked.name] = value
        if problem:
            errors[asked.name] = [problem]
    first, last = values.get("valid_from"), values.get("valid_to")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        errors["valid_to"] = [_("The last day cannot lie before the first.")]
    return Posted(typed, values, errors)


def filled(fields: Sequence[Field], row: RegistryRow) -> Typed:
    """A row as its form shows it."""
    return {asked.name: _as_typed(asked, value_of(row, asked.name)) for asked in fields}


def value_of(row: RegistryRow, name: str) -> Any:
    """A field of a row, its validity included."""
    return getattr(row, name) if name in ("id", "valid_from", "valid_to") else row.values[name]


def told(asked: Field, value: Any) -> str:
    """A value for reading, in words; days may come as ISO text, as the history keeps them."""
    if value is None or value in ("", []):
        return ""
    return _TOLD.get(asked.shape, _told_plain)(asked, value)


def _told_plain(_asked: Field, value: Any) -> str:
    return str(value)


def _told_many(asked: Field, value: Any) -> str:
    names = asked.named()
    return ("، " if language() == "ar" else ", ").join(names.get(one, one) for one in value)


def _told_day(_asked: Field, value: Any) -> str:
    return day(date.fromisoformat(value) if isinstance(value, str) else value)


_TOLD: Mapping[Shape, Callable[[Field, Any], str]] = {
    Shape.MANY: _told_many,
    Shape.CHOICE: lambda asked, value: asked.named().get(value, str(value)),
    Shape.YES_NO: lambda _asked, value: _("Yes") if value else _("No"),
    Shape.DAY: _told_day,
    Shape.MONEY: lambda _asked, value: money(value),
    Shape.COUNT: lambda _asked, value: number(value),
    Shape.AMOUNT: lambda _asked, value: number(value),
}


def _value(asked: Field, text: str) -> tuple[Any, str]:
    """The value, and why it cannot be one."""
    if not text:
        return None, _("Fill this in.") if asked.required else ""
    return _READ.get(asked.shape, _text)(asked, text)


def _day(_asked: Field, text: str) -> tuple[Any, str]:
    found = typed_day(text)
    return found, "" if found else _("Write the date as day/month/year, such as 15/06/2026.")


def _choice(asked: Field, text: str) -> tuple[Any, str]:
    known = text in asked.named() or text in dict(asked.options())
    return text, "" if known else _("Choose one of the list.")


def _text(asked: Field, text: str) -> tuple[Any, str]:
    problem = ""
    if len(text) > asked.longest:
        problem = _("Please write less: at most %(longest)s letters.", longest=asked.longest)
    elif not text.isprintable():
        problem = _("There are signs in it that cannot be kept.")
    elif asked.name == "id":
        pattern = _SMALL_CODE if asked.required else _CODE
        problem = "" if pattern.fullmatch(text) else _("This cannot be a code; see the hint.")
    elif asked.shape is Shape.EMAIL and not _EMAIL.fullmatch(text):
        problem = _("This is no e-mail address.")
    return text, problem


def _number(asked: Field, text: str) -> tuple[Any, str]:
    read_ = read_number(text)
    whole = asked.shape is Shape.COUNT
    if not isinstance(read_, int | float) or (whole and read_ != int(read_)):
        example = "12" if whole else "12.5"
        return text, _("Write a number, such as %(example)s.", example=example)
    if not asked.low <= read_ <= asked.high:
        return text, _("From %(low)s to %(high)s.", low=number(asked.low), high=number(asked.high))
    return int(read_) if whole else float(read_), ""


_READ: Mapping[Shape, Callable[[Field, str], tuple[Any, str]]] = {
    Shape.COUNT: _number,
    Shape.AMOUNT: _number,
    Shape.MONEY: _number,
    Shape.DAY: _day,
    Shape.YES_NO: lambda _asked, text: ({"true": True, "false": False}.get(text), ""),
    Shape.CHOICE: _choice,
}


def _as_typed(asked: Field, value: Any) -> str | list[str]:
    if asked.shape is Shape.MANY:
        return list(value or ())
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return short_day(value)
    return f"{value:g}" if isinstance(value, float) and value < 1e6 else str(value)
