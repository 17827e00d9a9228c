"""One marshmallow field per answer type: JSON in, clean JSON out.

Text is trimmed and in Unicode NFC, moments are UTC, whole numbers are integers. What is clean comes
out unchanged when it goes in again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from forms.expressions import TIMEZONE
from forms.messages import Message
from forms.model import Choice
from forms.moments import parse_date, parse_datetime, parse_time, write_datetime
from forms.patterns import MAX_TEXT

MAX_LINE = 500
MAX_LONG = 5_000
MAX_LENGTH = 20_000
"""No file may allow longer texts than this; documents are attachments, not answers."""

_MAX_NUMBER = Decimal(10) ** 15  # exact in a double, whatever reads the JSON
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_NATIONAL_ID = re.compile(r"[0-9]{10}")


def refuse(code: str, *, choices: tuple[Choice, ...] = (), **values: object) -> ValidationError:
    """The error with this message, put into words only when the caller's language is known."""
    message = Message(code, {name: str(value) for name, value in values.items()}, choices)
    return ValidationError([message])


class Answer(fields.Field[Any]):
    """Base of all: a missing, null or empty answer is None."""

    def __init__(self, key: str) -> None:
        super().__init__(data_key=key, attribute=key, allow_none=True)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        return self.read(value)

    def read(self, value: object) -> object:
        """The clean answer. Raises ValidationError."""
        raise NotImplementedError


class Text(Answer):
    """One or several lines of text."""

    def __init__(
        self,
        key: str,
        *,
        several_lines: bool = False,
        minimum: int = 0,
        maximum: int | None = None,
        pattern: re.Pattern[str] | None = None,
        pattern_code: str = "wrong_pattern",
    ) -> None:
        super().__init__(key)
        self.several_lines = several_lines
        self.minimum = minimum
        longest = maximum or (MAX_LONG if several_lines else MAX_LINE)
        self.maximum = min(longest, MAX_TEXT) if pattern else longest
        self.pattern = pattern
        self.pattern_code = pattern_code

    def read(self, value: object) -> object:
        if not isinstance(value, str):
            raise refuse("not_text")
        if len(value) > 2 * MAX_LENGTH:
            raise refuse("too_long", maximum=self.maximum)
        if self.several_lines:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        if not self._clean(value):
            raise refuse("control_character")
        value = unicodedata.normalize("NFC", value).strip()
        if not value:
            return None
        if len(value) > self.maximum:
            raise refuse("too_long", maximum=self.maximum)
        if len(value) < self.minimum:
            raise refuse("too_short", minimum=self.minimum)
        if self.pattern is not None and self.pattern.search(value) is None:
            raise refuse(self.pattern_code, pattern=self.pattern.pattern)
        return value

    def _clean(self, value: str) -> bool:
        allowed = "\n\t" if self.several_lines else ""
        # Cc: control; Cs: halves of a character, which no database stores; bidi overrides can make
        # a text look like another one (ordinary direction marks stay)
        return not any(
            (unicodedata.category(char) in ("Cc", "Cs") and char not in allowed)
            or "\u202a" <= char <= "\u202e"
            for char in value
        )


class NationalId(Answer):
    """Ten digits; Arabic-Indic ones become Latin."""

    def read(self, value: object) -> object:
        if not isinstance(value, str):
            raise refuse("not_text")
        if len(value) > 100:
            raise refuse("not_national_id")
        digits = value.strip().translate(_DIGITS)
        if not digits:
            return None
        if _NATIONAL_ID.fullmatch(digits) is None:
            raise refuse("not_national_id")
        return digits


class Number(Answer):
    """A JSON number with at most `decimals` decimal places."""

    def __init__(self, key: str, *, decimals: int | None) -> None:
        super().__init__(key)
        self.decimals = decimals

    def read(self, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise refuse("not_a_number")
        if isinstance(value, int) and value.bit_length() > 64:
            raise refuse("number_too_large")
        number = Decimal(str(value))
        if not number.is_finite():
            raise refuse("not_a_number")
        if abs(number) > _MAX_NUMBER:
            raise refuse("number_too_large")
        if number == number.to_integral_value():
            return int(number)
        if self.decimals == 0:
            raise refuse("not_an_integer")
        exponent = number.normalize().as_tuple().exponent
        if self.decimals is not None and isinstance(exponent, int) and -exponent > self.decimals:
            raise refuse("too_many_decimals", digits=self.decimals)
        return float(value)


class YesNo(Answer):
    """JSON true or false."""

    def read(self, value: object) -> object:
        if value == "" and isinstance(value, str):
            return None
        if not isinstance(value, bool):
            raise refuse("not_a_boolean")
        return value


class OneOf(Answer):
    """One printed option; without `choices` any code, which the caller checks with its source."""

    def __init__(self, key: str, choices: tuple[Choice, ...] | None) -> None:
        super().__init__(key)
        self.choices = choices
        self.allowed = None if choices is None else frozenset(c.value for c in choices)

    def read(self, value: object) -> object:
        if not isinstance(value, str):
            raise self._refusal()
        if value == "":
            return None
        if self.allowed is None:
            if len(value) > MAX_LINE or not value.isprintable():
                raise refuse("not_an_option")
        elif value not in self.allowed:
            raise self._refusal()
        return value

    def _refusal(self) -> ValidationError:
        if self.choices is None:
            return refuse("not_an_option")
        return refuse("not_a_choice", choices=self.choices)


class SeveralOf(Answer):
    """A list of options, each once."""

    def __init__(self, key: str, choices: tuple[Choice, ...] | None) -> None:
        super().__init__(key)
        self.one = OneOf(key, choices)

    def read(self, value: object) -> object:
        if not isinstance(value, list):
            raise refuse("not_a_list_of_choices")
        if len(value) > 1_000:
            raise refuse("too_many_choices")
        found = [self.one.read(item) for item in value]
        return list(dict.fromkeys(item for item in found if item is not None))


class Day(Answer):
    """A calendar date."""

    def read(self, value: object) -> object:
        if value == "":
            return None
        found = parse_date(value)
        if found is None:
            raise refuse("not_a_date")
        return found.isoformat()


class Moment(Answer):
    """A moment, kept in UTC."""

    def read(self, value: object) -> object:
        if value == "":
            return None
        found = parse_datetime(value, TIMEZONE)
        if found is None:
            raise refuse("not_a_datetime")
        return write_datetime(found)


class ClockTime(Answer):
    """A time of day."""

    def read(self, value: object) -> object:
        if value == "":
            return None
        found = parse_time(value)
        if found is None:
            raise refuse("not_a_time")
        return found.strftime("%H:%M")


class Rows(Answer):
    """The rows of a list, each an object; the rows' own schema reads them."""

    def __init__(self, key: str, *, minimum: int, maximum: int) -> None:
        super().__init__(key)
        self.minimum = minimum
        self.maximum = maximum

    def read(self, value: object) -> object:
        if not isinstance(value, list):
            raise refuse("not_rows")
        if len(value) > self.maximum:
            raise refuse("too_many_rows", maximum=self.maximum)
        if value and len(value) < self.minimum:
            raise refuse("too_few_rows", minimum=self.minimum)
        return value or None
