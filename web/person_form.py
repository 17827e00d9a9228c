"""The form of a person's data: what it asks, how it is read, how a record fills it in."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from engine.errors import Invalid
from engine.wording import Text
from journey.person_fields import latin_digits
from journey.records import PersonData
from web.context import language
from web.formats import short_day, words
from web.texts import _, lazy

LABELS: Final[Mapping[str, str]] = {
    "national_id": lazy("National id"),
    "first_name": lazy("First name"),
    "last_name": lazy("Family name"),
    "sex": lazy("Sex"),
    "date_of_birth": lazy("Date of birth"),
    "age": lazy("Age in years, if the date of birth is not known"),
    "residence_location": lazy("Place of residence"),
    "phone": lazy("Telephone"),
    "address": lazy("Address"),
    "email": lazy("E-mail"),
    "household_id": lazy("Household number"),
    "education_level": lazy("Level of education"),
    "work_experience_years": lazy("Years of work experience"),
    "occupations": lazy("Occupations"),
    "job_search_elsewhere": lazy("Is work sought outside the place of residence?"),
    "job_search_location": lazy("Where is work sought?"),
    "ever_changed_occupation": lazy("Has the occupation ever been changed?"),
    "has_car_or_can_commute": lazy("Has a car, or can get to work?"),
    "unit": lazy("Branch"),
}
"""Field → what it is called, in the order of reading."""

SEXES: Final = (("female", lazy("Female")), ("male", lazy("Male")))
EDUCATION: Final = (
    ("none", lazy("No schooling")),
    ("primary", lazy("Primary")),
    ("lower_secondary", lazy("Lower secondary (basic)")),
    ("secondary", lazy("Secondary")),
    ("vocational", lazy("Vocational secondary")),
    ("diploma", lazy("College diploma")),
    ("bachelor", lazy("Bachelor")),
    ("higher", lazy("Higher than bachelor")),
)
"""Levels after ISCED 2011 (002:L202); an older record may hold another word."""
YES_NO: Final = (("true", lazy("Yes")), ("false", lazy("No")))

_TEXTS = (
    "national_id",
    "first_name",
    "last_name",
    "sex",
    "residence_location",
    "phone",
    "address",
    "email",
    "household_id",
    "education_level",
    "job_search_location",
)
_NUMBERS = ("age", "work_experience_years")
_QUESTIONS = ("job_search_elsewhere", "ever_changed_occupation", "has_car_or_can_commute")
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_LONGEST = 300


@dataclass(frozen=True)
class PostedPerson:
    """What somebody typed: as typed, as data, and what cannot be read."""

    typed: Mapping[str, str]
    data: Mapping[str, Any]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_person(form: Mapping[str, str]) -> PostedPerson:
    """Read a posted form. Empty fields are None, so that a change can clear them."""
    typed = {name: form.get(name, "").strip() for name in LABELS}
    data: dict[str, Any] = {name: typed[name] or None for name in _TEXTS}
    errors: dict[str, list[str]] = {
        name: [_("Please write less.")] for name, text in typed.items() if len(text) > _LONGEST
    }
    data["occupations"] = [
        part.strip() for part in re.split(r"[,،\n]", typed["occupations"]) if part.strip()
    ]
    for name in _NUMBERS:
        text = latin_digits(typed[name])
        if text and not text.isdecimal():
            errors[name] = [_("Write a whole number of years, such as 12.")]
        data[name] = int(text) if text.isdecimal() and len(text) < 4 else None
        if text.isdecimal() and len(text) > 3:
            errors[name] = [_("Write a whole number of years, such as 12.")]
    data["phone"] = latin_digits(typed["phone"]) or None
    for name in _QUESTIONS:
        data[name] = {"true": True, "false": False}.get(typed[name])
    data["job_search_elsewhere"] = bool(data["job_search_elsewhere"])
    born = typed_day(typed["date_of_birth"])
    if typed["date_of_birth"] and born is None:
        errors["date_of_birth"] = [_("Write the date as day/month/year, such as 15/06/1994.")]
    data["date_of_birth"] = born.isoformat() if born else None
    return PostedPerson(typed, data, errors)


def field_errors(error: Invalid) -> dict[str, list[str]]:
    """The verb's errors by field, in the reader's language."""
    return {name: [words(text) for text in texts] for name, texts in error.errors.items()}


def filled(data: PersonData) -> dict[str, str]:
    """A record as its form shows it."""
    values: dict[str, str] = {}
    for name in LABELS:
        value = getattr(data, name, None)
        if value is None:
            values[name] = ""
        elif isinstance(value, bool):
            values[name] = "true" if value else "false"
        elif isinstance(value, date):
            values[name] = short_day(value)
        elif isinstance(value, tuple):
            values[name] = ("، " if language() == "ar" else ", ").join(value)
        else:
            values[name] = str(value)
    return values


def locations() -> list[tuple[str, str]]:
    """Localities to choose from, in the reader's language."""
    tongue = language()
    return [(code, text.in_language(tongue)) for code, text in _places().items()]


def education_choices(present: str = "") -> list[tuple[str, str]]:
    """Levels of education to choose from, with what an older record says."""
    known = [(value, str(label)) for value, label in EDUCATION]
    if present and present not in dict(known):
        known.append((present, present))
    return known


def shown(data: PersonData) -> list[tuple[str, str, str]]:
    """A record for reading: field, label, value in words; what is not known is left out."""
    choices = {
        "sex": dict(SEXES),
        "education_level": dict(EDUCATION),
        "residence_location": dict(locations()),
        "job_search_location": dict(locations()),
        **{name: dict(YES_NO) for name in _QUESTIONS},
    }
    told = filled(data)
    if not data.job_search_elsewhere:
        told["job_search_elsewhere"] = ""  # "no" and "not asked" are one in the record
    return [
        (name, str(label), str(choices.get(name, {}).get(told[name], told[name])))
        for name, label in LABELS.items()
        if told[name] and not (name == "age" and data.date_of_birth is not None)
    ]


def typed_day(text: str) -> date | None:
    """15/06/1994 or 1994-06-15, in Latin or Arabic digits; None when it is no day."""
    plain = latin_digits(text)
    found = _DAY.fullmatch(plain)
    try:
        if found is not None:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(plain)
    except ValueError:
        return None


@cache
def _places() -> dict[str, Text]:
    """The localities that the journey knows, each with its governorate."""
    text = (files("journey") / "locations.csv").read_text("utf-8")
    return {
        row["code"]: Text(
            f"{row['governorate_ar']} · {row['name_ar']}",
            f"{row['governorate_en']} · {row['name_en']}",
        )
        for row in csv.DictReader(text.splitlines())
    }
