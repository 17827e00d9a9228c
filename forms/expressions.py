"""The FEEL of a form: what each expression must give, and what its null means.

An expression reads the case's variables and the form's own answers; answers not yet given, and
hidden ones, are null. A condition that comes out null because it read such an answer is simply not
fulfilled; null for any other reason is a mistake in the form or the diagram and raises
FormExpressionError, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from dmn import Expression, FeelError, as_python, to_json
from forms.errors import FormExpressionError
from forms.model import FieldType
from forms.moments import (
    end_of_day,
    parse_date,
    parse_datetime,
    parse_time,
    start_of_day,
    write_datetime,
)

TIMEZONE = ZoneInfo("Asia/Amman")
"""Dates of a form are dates in Jordan."""

Comparable = Decimal | date | datetime | time


class Known(dict[str, object]):
    """Values by name; any other name is null, as in a case where nothing wrote it yet."""

    def __missing__(self, name: str) -> object:
        return None


@dataclass(frozen=True)
class Reading:
    """Everything an expression can see. `values` and `unanswered` (own fields without an answer)
    change as the answers are gone through."""

    form: str
    values: Known
    unanswered: set[str]
    now: datetime

    @property
    def local_now(self) -> datetime:
        """The moment in Jordan, for `today()` and `now()`."""
        return self.now.astimezone(TIMEZONE)


@dataclass(frozen=True)
class Rule:
    """One expression of one component, compiled."""

    what: str
    """What it is for, in the words of the file: hide, required_if, min, default ..."""
    path: str
    expression: Expression

    @property
    def names(self) -> frozenset[str]:
        """The free names it reads."""
        return self.expression.names

    def condition(self, reading: Reading, *, unknown: bool) -> bool:
        """True or false; `unknown` when it is null because of answers not yet given.

        Raises FormExpressionError for any other null and for values that are not boolean.
        """
        value = self._evaluate(reading)
        if isinstance(value, bool):
            return value
        if value is None and self._reads_unanswered(reading):
            return unknown
        raise self._error(reading)

    def limit(self, reading: Reading, type_: FieldType, *, upper: bool) -> Comparable | None:
        """A bound for answers of `type_`; None when it depends on answers not yet given.

        Raises FormExpressionError when there is no bound for any other reason.
        """
        value = self._evaluate(reading)
        if value is None and self._reads_unanswered(reading):
            return None
        found = as_limit(_python(value), type_, upper=upper)
        if found is None:
            raise self._error(reading)
        return found

    def value(self, reading: Reading) -> object:
        """The value as JSON; null where it gives none (a default that cannot be known yet)."""
        value = self._evaluate(reading)
        plain = _python(value)
        if isinstance(plain, datetime):
            return write_datetime(_moment(plain, upper=False) or plain)
        try:
            return to_json(value)
        except TypeError:
            return None

    def _evaluate(self, reading: Reading) -> object:
        return self.expression.evaluate(reading.values, now=reading.local_now).value

    def _reads_unanswered(self, reading: Reading) -> bool:
        return not self.names.isdisjoint(reading.unanswered)

    def _error(self, reading: Reading) -> FormExpressionError:
        diagnostics = self.expression.evaluate(reading.values, now=reading.local_now).diagnostics
        return FormExpressionError(
            reading.form, self.path, self.what, self.expression.text, diagnostics
        )


def as_limit(value: object, type_: FieldType, *, upper: bool) -> Comparable | None:
    """`value` (FEEL or literal) as a bound for answers of `type_`; None when it is no such thing.

    A date bounds a moment by its day in Jordan: from its first instant or up to its last.
    """
    if type_.is_number:
        return _number(value)
    if type_ is FieldType.DATE:
        if isinstance(value, datetime):
            return value.astimezone(TIMEZONE).date() if value.tzinfo else value.date()
        return value if isinstance(value, date) else parse_date(value)
    if type_ is FieldType.DATETIME:
        return _moment(value, upper=upper)
    if type_ is FieldType.TIME:
        return value.replace(tzinfo=None) if isinstance(value, time) else parse_time(value)
    return None


def _python(value: object) -> object:
    """A FEEL value with Python's own dates and times; None beyond the years that Python knows."""
    try:
        return as_python(value)
    except FeelError:
        return None


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _moment(value: object, *, upper: bool) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=TIMEZONE)
    day = value if isinstance(value, date) else parse_date(value)
    if day is not None:
        return end_of_day(day, TIMEZONE) if upper else start_of_day(day, TIMEZONE)
    return parse_datetime(value, TIMEZONE)
