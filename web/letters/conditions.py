"""When a question is to be answered, in words for somebody who fills in a form on paper.

Covers the plain conditions that forms use (`a != "x"`, `a = true`, `not(a = "x" or a = "y")`); of
any other the reader is told to answer if it applies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from forms import Field, FieldType
from web.letters.values import isolated
from web.letters.wording import YES_NO, words

_ONE = re.compile(r'\s*(\w+)\s*(!?=)\s*(?:"([^"]*)"|(true|false))\s*', re.ASCII)
_NOT = re.compile(r"\s*not\((.*)\)\s*", re.DOTALL)


def asked_when(hide: str, fields: Mapping[str, Field], language: str) -> str:
    """The opposite of a form's `hide` condition: “Answer only if question 3: yes”."""
    told = _told(hide.removeprefix("="), fields, language)
    if told is None:
        return words("if_it_applies", language)
    return words("only_if", language).format(condition=told)


def _told(hide: str, fields: Mapping[str, Field], language: str) -> str | None:
    negated = _NOT.fullmatch(hide)
    if negated is None:
        return _one(hide, fields, language, shown_when_equal="!=")
    inner = negated.group(1)
    if " and " in inner and " or " in inner:
        return None
    joint = "and" if " and " in inner else "or"
    parts = [
        _one(part, fields, language, shown_when_equal="=") for part in inner.split(f" {joint} ")
    ]
    told = [part for part in parts if part is not None]
    if len(told) < len(parts):
        return None
    return f" {words(joint, language)} ".join(told)


def _one(
    condition: str, fields: Mapping[str, Field], language: str, *, shown_when_equal: str
) -> str | None:
    found = _ONE.fullmatch(condition)
    field = fields.get(found.group(1)) if found else None
    if found is None or field is None or found.group(2) != shown_when_equal:
        return None
    value = found.group(3) if found.group(4) is None else found.group(4)
    number = field.properties.get("number")
    question = (
        words("question", language).format(number=number)
        if number
        else f"«{isolated(field.label(language).rstrip(' :؟?'))}»"
    )
    answer = _answer(field, value, language)
    return None if answer is None else f"{question}: {isolated(answer)}"


def _answer(field: Field, value: str, language: str) -> str | None:
    for choice in field.choices:
        if choice.value == value:
            return choice.label_en if language == "en" else choice.label_ar
    if field.type is FieldType.BOOLEAN:
        return YES_NO[value == "true"].in_language(language)
    return None
