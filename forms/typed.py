"""Answers as people type and read them: 31/03/2025, 09:30, 1,250.500, Arabic-Indic digits; and the
same answers as the JSON that `Form.validate` takes.

What cannot be read stays the text that was typed, so that validating tells the error at its field
and the page shows the text again.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from forms.expressions import TIMEZONE
from forms.model import FieldType
from forms.moments import parse_date, parse_datetime, parse_time, write_datetime

_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬،−", "01234567890123456789.',-")
_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_DAY = re.compile(r"([0-9]{1,2})[/.\-\\]([0-9]{1,2})[/.\-\\]([0-9]{4})")
_DAY_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})[/\-]([0-9]{1,2})[/\-]([0-9]{1,2})")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?|([0-9]{2})([0-9]{2})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([,'])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]*)?")
_LONGEST = 60
_ISO_IN_WORDS = re.compile(
    r"\b([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})(?::[0-9]{2})?Z?)?"
)


def read_number(text: str) -> int | float | str | None:
    """A JSON number from `1250`, `1,250.5`, `12,5`, `١٢٫٥`; None when empty, else the text."""
    plain = _plain(text, "")
    if not plain:
        return None
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "").replace("'", "")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if len(plain) > _LONGEST or _NUMBER.fullmatch(plain) is None:
        return text
    return float(plain) if "." in plain else int(plain)


def read_day(text: str) -> str | None:
    """An ISO date from `31/3/2025`, `31-03-2025`, `31032025`, `2025-03-31`; else the text."""
    plain = _plain(text, "")
    if not plain:
        return None
    found = _DAY.fullmatch(plain) or _DAY_DIGITS.fullmatch(plain)
    if found is not None:
        day, month, year = found.groups()
    else:
        found = _ISO_DAY.fullmatch(plain)
        if found is None:
            return text
        year, month, day = found.groups()
    iso = f"{year}-{int(month):02}-{int(day):02}"
    return iso if parse_date(iso) else text


def read_clock(text: str) -> str | None:
    """`09:30` from `9:30`, `9.30`, `0930`; None when empty, else the text."""
    plain = _plain(text, "")
    if not plain:
        return None
    found = _CLOCK.fullmatch(plain)
    if found is None:
        return text
    hour, minute = found[1] or found[3], found[2] or found[4]
    clock = f"{int(hour):02}:{minute}"
    return clock if parse_time(clock) else text


def read_moment(day: str, clock: str) -> str | None:
    """A moment in UTC from a local date and time of day; None when both are empty, else the text
    of both, from which `typed_moment` gets them back."""
    day, clock = _plain(day, ""), _plain(clock, "")
    if not day and not clock:
        return None
    moment = parse_datetime(f"{read_day(day)}T{read_clock(clock)}", TIMEZONE)
    return f"{day} {clock}" if moment is None else write_datetime(moment)


def typed(type_: FieldType, value: object) -> str:
    """The answer as one types it into its box; text that is no such answer stays as it is."""
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{Decimal(str(value)):f}"
    text = str(value)
    if type_ is FieldType.DATE:
        return _local_day(text)
    if type_ is FieldType.DATETIME:
        return " ".join(typed_moment(text)).strip()
    return text


def typed_moment(value: object) -> tuple[str, str]:
    """The local date and time of day of a moment, or the two texts that were typed."""
    if not isinstance(value, str):
        return "", ""
    moment = parse_datetime(value, TIMEZONE)
    if moment is None:
        day, _, clock = value.partition(" ")
        return day, clock
    local = moment.astimezone(TIMEZONE)
    return _written(local), local.strftime("%H:%M")


def local_dates(words: str) -> str:
    """A message with its ISO dates written as people here write them."""
    return _ISO_IN_WORDS.sub(
        lambda m: f"{m[3]}/{m[2]}/{m[1]}" + (f" {m[4]}" if m[4] else ""), words
    )


def _plain(text: str, space: str) -> str:
    return _SPACE.sub(space, _MARKS.sub("", text).translate(_LATIN).strip())


def _local_day(text: str) -> str:
    day = parse_date(text)
    return text if day is None else f"{day.day:02}/{day.month:02}/{day.year:04}"


def _written(moment: datetime) -> str:
    return f"{moment.day:02}/{moment.month:02}/{moment.year:04}"
