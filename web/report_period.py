"""The period, office and version that the reader of a report asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.errors import Invalid
from engine.wording import Text
from forms.typed import read_day

MONTH, QUARTER, YEAR, ALL, OWN = "month", "quarter", "year", "all", "own"
PRESETS = (MONTH, QUARTER, YEAR, ALL)
DEFAULT = YEAR


@dataclass(frozen=True)
class Asked:
    """What was asked for; days are None where the period is open."""

    preset: str
    first: date | None
    last: date | None
    unit: str | None
    sharing: bool

    def query(self, **changes: str | None) -> dict[str, str]:
        """The same question as parameters of an address, with `changes`."""
        values: dict[str, str | None] = {"period": self.preset, "unit": self.unit}
        if self.preset == OWN:
            values |= {
                "period": None,
                "from": f"{self.first:%d/%m/%Y}" if self.first else None,
                "to": f"{self.last:%d/%m/%Y}" if self.last else None,
            }
        values["share"] = "1" if self.sharing else None
        return {name: value for name, value in (values | changes).items() if value}


def asked(given: Mapping[str, str], today: date) -> Asked:
    """Read the parameters of an address. Typed days go before a preset. Raises `Invalid` for a
    day that cannot be read."""
    unit, sharing = given.get("unit") or None, bool(given.get("share"))
    first, last = _day(given, "from"), _day(given, "to")
    if first is not None or last is not None:
        return Asked(OWN, first, last, unit, sharing)
    preset = given.get("period", DEFAULT)
    if preset not in PRESETS:
        preset = DEFAULT
    return Asked(preset, begin(preset, today), None, unit, sharing)


def begin(preset: str, today: date) -> date | None:
    """The first day of this month, quarter or year; None for all the time there was."""
    if preset == MONTH:
        return today.replace(day=1)
    if preset == QUARTER:
        return today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    if preset == YEAR:
        return today.replace(month=1, day=1)
    return None


def _day(given: Mapping[str, str], name: str) -> date | None:
    typed = given.get(name, "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(read_day(typed) or "")
    except ValueError as error:
        message = Text("اكتب التاريخ هكذا: 22/11/2026.", "Write the date like this: 22/11/2026.")
        raise Invalid(message, {name: [message]}) from error
