"""One question of the view: what it is answered with, and its answer typed and in words."""

from __future__ import annotations

from collections.abc import Sequence

from forms.codecs import MAX_LINE, MAX_LONG, Text
from forms.layout import Asked
from forms.model import Choice, Field, FieldType
from forms.typed import typed, typed_moment
from forms.view import Offered, Pick, Question

_KINDS: dict[FieldType, str] = {
    FieldType.TEXT: "line",
    FieldType.LONG_TEXT: "long",
    FieldType.NATIONAL_ID: "digits",
    FieldType.INTEGER: "whole",
    FieldType.DECIMAL: "decimal",
    FieldType.MONEY: "money",
    FieldType.REFERENCE: "select",
    FieldType.MULTI_ENUM: "many",
    FieldType.MULTI_REFERENCE: "many",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.TIME: "time",
}
_YES_NO = {"ar": ("نعم", "لا"), "en": ("Yes", "No")}


def question(
    part: Asked,
    value: object,
    path: str,
    *,
    english: bool,
    options: Sequence[Offered],
    errors: tuple[str, ...],
    warnings: tuple[str, ...],
    hidden: bool,
    required: bool,
) -> Question:
    """The question of a component that is no list, with `value` in it."""
    node = part.node
    field, type_ = node.field, node.field.type
    picks = _picks(field, value, options, english=english)
    day, clock = typed_moment(value) if type_ is FieldType.DATETIME else (typed(type_, value), "")
    unit = field.properties.get("unit", "")
    return Question(
        kind=_kind(part),
        path=path,
        label=field.label_en if english else field.label_ar,
        hint=field.hint_en if english else field.hint_ar,
        number=field.properties.get("number", ""),
        unit=(field.properties.get("unit.en") or unit) if english else unit,
        typed=day,
        typed_time=clock,
        picks=picks,
        shown=_shown(field, value, picks, english=english),
        is_code=not picks and type_ not in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.BOOLEAN),
        errors=errors,
        warnings=warnings,
        hidden=hidden,
        required=required,
        may_change=node.required_if is not None,
        longest=_longest(part),
        sensitive=field.properties.get("sensitive") == "true",
    )


def _kind(part: Asked) -> str:
    field = part.node.field
    if field.read_only:
        return "shown"
    if part.node.is_checkbox:
        return "tick"
    if field.type in (FieldType.ENUM, FieldType.BOOLEAN):
        return "select" if part.widget == "select" else "one"
    return _KINDS[field.type]


def _picks(
    field: Field, value: object, options: Sequence[Offered], *, english: bool
) -> tuple[Pick, ...]:
    offered: Sequence[Offered | Choice] = field.choices or options
    written = typed(field.type, value) if not isinstance(value, list) else ""
    chosen = {str(one) for one in value} if isinstance(value, list) else {written}
    return tuple(
        Pick(one.value, one.label_en if english else one.label_ar, one.value in chosen)
        for one in offered
    )


def _shown(field: Field, value: object, picks: Sequence[Pick], *, english: bool) -> tuple[str, ...]:
    if value is None or value in ("", []):
        return ()
    named = tuple(pick.label for pick in picks if pick.chosen)
    if named:
        return named
    if isinstance(value, bool):
        return (_YES_NO["en" if english else "ar"][0 if value else 1],)
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    if field.type.is_number and isinstance(value, int | float):
        return (_grouped(typed(field.type, value), money=field.type is FieldType.MONEY),)
    return (typed(field.type, value),)


def _grouped(number: str, *, money: bool) -> str:
    whole, _, rest = number.partition(".")
    if money and rest:
        rest = rest.ljust(3, "0")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}" + (f".{rest}" if rest else "")


def _longest(part: Asked) -> int | None:
    codec = part.node.codec
    if not isinstance(codec, Text):
        return None
    return codec.maximum or (MAX_LONG if codec.several_lines else MAX_LINE)
