"""How the statements of one transaction reach the driver, and when their answers are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import exc


class Answer(Protocol):
    """What the database answers to one statement. Looking at it makes sure that it was sent."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed or found."""

    def fetchall(self) -> Sequence[Sequence[Any]]:
        """The rows that it found, once."""


class Channel(Protocol):
    """The way of one transaction's statements to the driver, in the order in which they come.

    A statement may wait until an answer is looked at. Whatever is wrong then is told as if each
    had run at once: the first fault is raised, and nothing after it was done.
    """

    def run(self, text: str, parameters: Any) -> Answer:
        """Run SQL in the driver's own form. The answer must be read before the next statement."""

    def run_many(self, text: str, parameters: Sequence[Any]) -> Answer:
        """As `run`, once for each of `parameters`."""

    def expect(self, answer: Answer, rows: int, otherwise: Exception) -> None:
        """Raise `otherwise`, now or in `settle`, unless the answer's statement changed `rows`."""

    def settle(self) -> None:
        """See to it that every statement so far was run and did what is expected of it."""

    def close(self) -> None:
        """The transaction is over, or given up: what still waits is never sent."""


def wrapped(text: str, error: Exception, dialect: sa.Dialect) -> Exception:
    """The driver's error as SQLAlchemy tells it, without the values."""
    of_driver: type[Exception] = dialect.loaded_dbapi.Error
    told: Exception = exc.DBAPIError.instance(
        text, None, error, of_driver, hide_parameters=True, dialect=dialect
    )
    return told
