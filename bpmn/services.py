"""What a step needs from outside: the time, the names every expression may read, decisions and
forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Decided:
    """What a decision said, and by which exact version (`decision_hash`)."""

    value: Any
    diagnostics: Sequence[Any]
    matched: Sequence[Any]
    decision_hash: str


class Services(Protocol):
    """Pure and in memory: a step may be computed again after a conflict."""

    @property
    def now(self) -> datetime:
        """The moment of the step, with a time zone."""

    @property
    def timezone(self) -> ZoneInfo:
        """The zone of calendar days and of local midnight."""

    @property
    def context(self) -> Mapping[str, Any]:
        """Names every expression may read and nothing can write (`case`)."""

    def decide(self, decision_id: str, binding: str, context: Mapping[str, Any]) -> Decided:
        """Evaluates a decision. Raises LookupError when there is none of this id."""

    def has_form(self, form_id: str) -> bool:
        """Whether a task can be asked with this form."""
