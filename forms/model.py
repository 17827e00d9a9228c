"""Frozen records of a compiled form: what each field is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class FieldType(StrEnum):
    """What an answer is, in JSON."""

    TEXT = "text"  # one line
    LONG_TEXT = "long_text"  # several lines
    NATIONAL_ID = "national_id"  # 10 Latin digits
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"  # Jordanian dinars, at most three decimals (fils)
    BOOLEAN = "boolean"
    ENUM = "enum"  # one of the values printed in the form
    MULTI_ENUM = "multi_enum"  # a list of them
    REFERENCE = "reference"  # one value of a source (a catalogue, a list of units)
    MULTI_REFERENCE = "multi_reference"  # a list of them
    DATE = "date"  # 2025-03-31
    DATETIME = "datetime"  # 2025-03-31T06:30:00Z, always UTC
    TIME = "time"  # 09:30, local
    LIST = "list"  # a list of rows; each row is an object

    @property
    def is_several(self) -> bool:
        """Whether the answer is a JSON array; an unanswered one is `[]`, not null."""
        return self in (FieldType.MULTI_ENUM, FieldType.MULTI_REFERENCE, FieldType.LIST)

    @property
    def is_number(self) -> bool:
        """Whether the answer is a JSON number."""
        return self in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)


@dataclass(frozen=True)
class Choice:
    """One printed option."""

    value: str
    label_ar: str
    label_en: str


@dataclass(frozen=True)
class Field:
    """One component that holds an answer.

    `path` is the key, or `list.key` for a field in the rows of a list. `required` is the plain
    mark in the file; `properties.required_if` may demand an answer as well. A `read_only` field
    shows a variable and takes no answer.
    """

    key: str
    path: str
    type: FieldType
    label_ar: str
    label_en: str
    hint_ar: str = ""
    hint_en: str = ""
    required: bool = False
    read_only: bool = False
    source: str | None = None
    choices: tuple[Choice, ...] = ()
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    items: tuple[Field, ...] = ()

    def label(self, language: str) -> str:
        """The label in `language` (`en`, else Arabic)."""
        return self.label_en if language == "en" else self.label_ar
