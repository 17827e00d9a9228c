"""What a person's record may hold, and how it must be written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from engine.errors import Invalid
from engine.wording import REQUIRED, UNKNOWN_FIELD, Text
from journey.records import PersonData

NATIONAL_ID = re.compile(r"[0-9]{10}")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MISLEADING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters and those that turn the order of letters: a name could pose as another."""
_NAMES = frozenset(field.name for field in fields(PersonData))
_FIXED = frozenset({"age_told_on"})


def latin_digits(text: str) -> str:
    """`text` with Arabic-Indic digits written as Latin ones and outer blanks removed."""
    return text.translate(_DIGITS).strip()


def known_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` as JSON holds it. Raises `Invalid` for fields that a person does not have."""
    unknown = sorted(set(data) - _NAMES | (set(data) & _FIXED))
    if unknown:
        raise Invalid(
            Text("حقول غير معروفة: " + ", ".join(unknown), "Unknown fields: " + ", ".join(unknown)),
            {name: [UNKNOWN_FIELD] for name in unknown},
        )
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in data.items()
    }


def checked_person(
    data: Mapping[str, Any], today: date, before: PersonData | None = None
) -> PersonData:
    """The person of `data`, with the age's day noted. `before` is how the person was recorded.

    Raises `Invalid` by field (tools.yaml, the individual data set).
    """
    errors: dict[str, list[Text]] = {}
    for name in ("national_id", "first_name", "last_name", "sex", "residence_location"):
        if not isinstance(data.get(name), str) or not data[name].strip():
            errors[name] = [REQUIRED]
    if errors:
        raise Invalid(
            Text("تنقص بعض بيانات الشخص.", "Some fields of the person are missing."), errors
        )
    try:
        person = PersonData.from_json(data)
    except ValueError as error:
        raise Invalid(
            Text("تاريخ الميلاد ليس تاريخاً.", "The date of birth is not a date."),
            {"date_of_birth": [Text("المطلوب YYYY-MM-DD.", "YYYY-MM-DD.")]},
        ) from error
    errors = _misleading(person)
    person = replace(person, national_id=latin_digits(person.national_id))
    if person.age is not None and (before is None or before.age != person.age):
        person = replace(person, age_told_on=today)
    if not NATIONAL_ID.fullmatch(person.national_id):
        errors["national_id"] = [Text("الرقم الوطني من 10 أرقام.", "A national id has 10 digits.")]
    if person.sex not in ("female", "male"):
        errors["sex"] = [Text("القيم المسموحة: female، male.", "female or male.")]
    age = person.age_on(today)
    if age is None:
        errors["date_of_birth"] = [
            Text("أعطِ تاريخ الميلاد أو العمر.", "Give the date of birth, or the age.")
        ]
    elif not 0 <= age <= 120:
        errors["date_of_birth" if person.date_of_birth else "age"] = [
            Text("من 0 إلى 120 سنة.", "From 0 to 120 years.")
        ]
    if person.job_search_elsewhere and not person.job_search_location:
        errors["job_search_location"] = [
            Text(
                "مطلوب عند البحث عن عمل في مكان آخر.",
                "Required when work is sought elsewhere.",
            )
        ]
    if errors:
        raise Invalid(
            Text("بعض بيانات الشخص غير صحيحة.", "Some fields of the person are not right."),
            errors,
        )
    return person


def _misleading(person: PersonData) -> dict[str, list[Text]]:
    told = Text("فيه رموز خفية؛ اكتبه من جديد.", "Has hidden characters; type it again.")
    return {
        name: [told]
        for name, value in person.to_json().items()
        if isinstance(value, str) and _MISLEADING.search(value)
    }
