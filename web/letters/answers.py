"""One answer on paper: as it was given, or room to give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from forms import Field, FieldType
from web.letters.values import (
    clean,
    day,
    moment,
    number,
    parsed_day,
    parsed_moment,
    written,
    written_list,
)
from web.letters.wording import YES_NO, words

if TYPE_CHECKING:
    from web.letters.blocks import Choice

_MOST_PRINTED = 15
"""More choices than these are not printed: the answer is written down in words."""
_SHORT = 26
_FEW = 5

_ROOM: Mapping[FieldType, dict[str, Any]] = {
    FieldType.TEXT: {"kind": "lines", "count": 1},
    FieldType.LONG_TEXT: {"kind": "lines", "count": 4},
    FieldType.NATIONAL_ID: {"kind": "digits", "count": 10},
    FieldType.DATE: {"kind": "date"},
    FieldType.DATETIME: {"kind": "moment"},
    FieldType.TIME: {"kind": "time"},
}


def blank_answer(
    field: Field, options: Sequence[Choice], language: str, *, in_table: bool = False
) -> dict[str, Any]:
    """Room for the answer to `field`."""
    labels = _labels(field, options, language)
    if field.type is FieldType.BOOLEAN and not field.choices:
        return _boxes([YES_NO[True].in_language(language)], several=True)
    if labels and len(labels) <= _MOST_PRINTED:
        return _boxes(labels, several=field.type.is_several)
    if in_table and field.type not in (FieldType.DATE, FieldType.TIME):
        return {"kind": "empty"}
    if field.type.is_number:
        return {"kind": "number", "unit": _unit(field, language)}
    return dict(_ROOM.get(field.type, {"kind": "lines", "count": 1}))


def filled_answer(
    field: Field, value: object, options: Sequence[Choice], language: str
) -> dict[str, Any]:
    """The answer in words; `{"kind": "none"}` when there is none."""
    if value is None or value in ("", []):
        return {"kind": "none"}
    if isinstance(value, list):
        return written_list([_named(field, one, options, language) for one in value], language)
    return written(_in_words(field, value, options, language), language)


def _in_words(field: Field, value: object, options: Sequence[Choice], language: str) -> str:
    if isinstance(value, bool):
        known = {choice.value for choice in field.choices}
        return (
            _named(field, str(value).lower(), options, language)
            if known
            else YES_NO[value].in_language(language)
        )
    if field.type is FieldType.DATE and (on := parsed_day(value)) is not None:
        return day(on, language)
    if field.type is FieldType.DATETIME and (at := parsed_moment(value)) is not None:
        return moment(at, language)
    if isinstance(value, int | float):
        unit = _unit(field, language)
        return f"{number(value, language)} {unit}".strip()
    return _named(field, value, options, language)


def _named(field: Field, value: object, options: Sequence[Choice], language: str) -> str:
    for choice in (*field.choices, *options):
        if choice.value == value:
            return choice.label_en if language == "en" else choice.label_ar
    return str(value)


def _labels(field: Field, options: Sequence[Choice], language: str) -> list[str]:
    choices: Sequence[Choice] = field.choices or options
    return [clean(one.label_en if language == "en" else one.label_ar) for one in choices]


def _boxes(labels: Sequence[str], *, several: bool) -> dict[str, Any]:
    short = len(labels) <= _FEW and all(len(label) <= _SHORT for label in labels)
    return {"kind": "choices", "labels": list(labels), "several": several, "inline": short}


def _unit(field: Field, language: str) -> str:
    if field.type is FieldType.MONEY:
        return words("money", language)
    name = "unit.en" if language == "en" else "unit"
    return clean(field.properties.get(name, ""))
