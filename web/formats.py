"""How dates, times, numbers and bilingual texts look to the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup

from engine.clock import TIMEZONE, last_day, today
from engine.tasks import MOST_COUNTED
from engine.wording import Text
from web.context import engine, language
from web.texts import LOCALES, _, ngettext


def register(app: Flask) -> None:
    """Make the formats filters of the templates."""
    app.jinja_env.filters.update(
        day=day,
        short_day=short_day,
        moment=moment,
        clock_time=clock_time,
        number=number,
        counted=counted,
        money=money,
        ltr=ltr,
        words=words,
        due=due,
        due_day=due_day,
        named=named,
    )
    app.jinja_env.tests["late"] = is_late


def day(value: date | datetime | None) -> str:
    """22 تشرين الثاني 2026; a moment counts as its day in Amman."""
    return "" if value is None else format_date(_local(value), "d MMMM y", _locale())


def short_day(value: date | datetime | None) -> str:
    """22/11/2026, as it is typed."""
    return "" if value is None else f"{_local(value):%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """22 تشرين الثاني 2026 14:05, in Amman."""
    if value is None:
        return ""
    return format_datetime(value.astimezone(TIMEZONE), "d MMMM y HH:mm", locale=_locale())


def clock_time(value: datetime | None) -> str:
    """14:05, in Amman."""
    return "" if value is None else f"{value.astimezone(TIMEZONE):%H:%M}"


def counted(count: int) -> str:
    """A number of tasks, which are counted up to a limit: `1,000+` when there are as many, kept
    in its own direction by isolating characters."""
    return number(count) if count < MOST_COUNTED else f"\u2066{number(count)}+\u2069"


def number(value: int | float | Decimal | None) -> str:
    """1,234.5 with Latin digits in both languages."""
    return "" if value is None else format_decimal(value, locale=_locale(), numbering_system="latn")


def money(value: int | float | Decimal | None) -> str:
    """260 د.أ or 260 JOD."""
    return "" if value is None else _("%(amount)s JOD", amount=number(value))


def ltr(value: object) -> Markup:
    """A code, id or number that keeps its own direction inside Arabic text."""
    return Markup('<bdi dir="ltr">{}</bdi>').format("" if value is None else value)


def words(value: Text | str | None) -> str:
    """A text of the engine or the journey in the reader's language. Reasons that stand in both
    languages in one string (`عربي | English`) are split."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.in_language(language())
    arabic, bar, english = value.partition(" | ")
    if not bar:
        return value
    return english if language() == "en" else arabic


def named(value: Any) -> str:
    """`name_ar` or `name_en` (or the labels) of a record or a mapping."""
    tongue = language()
    for stem in ("name", "label"):
        found = _part(value, f"{stem}_{tongue}") or _part(value, f"{stem}_ar")
        if found:
            return str(found)
    return ""


def due(value: datetime | None) -> str:
    """How far away a deadline is, in whole days in Amman."""
    if value is None:
        return ""
    days = (last_day(value) - today(engine().clock.now())).days
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days)
    if is_late(value):
        return _("late today")
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(num)s day", "in %(num)s days", days)


def due_day(value: datetime | None) -> str:
    """The last day on which a task is in time, as `day` writes it."""
    return "" if value is None else day(last_day(value))


def is_late(value: datetime | None) -> bool:
    """Whether a deadline has passed."""
    return value is not None and value <= engine().clock.now()


def _local(value: date | datetime) -> date:
    return value.astimezone(TIMEZONE).date() if isinstance(value, datetime) else value


def _locale() -> str:
    return LOCALES[language()]


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
