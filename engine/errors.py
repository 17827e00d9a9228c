"""The engine's exceptions: one base class, one subclass per thing a caller can do something about.

Every message names the thing and the way out. `api/errors.py` maps each class to one HTTP status.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.wording import Text


class EngineError(Exception):
    """Base of everything the engine refuses. `str(error)` is fit to be shown to a person.

    `message` is a `Text` where callers with an account may meet it, else English alone.
    """

    def __init__(self, message: str | Text = "") -> None:
        super().__init__(str(message))
        self.message = message if isinstance(message, Text) else Text.worded(message)


class NotFound(EngineError):
    """The thing does not exist, or the caller may not see it: both look the same from outside."""


class Forbidden(EngineError):
    """The caller may see the thing but not do this to it."""


class NotSignedIn(EngineError):
    """No valid token, or a wrong user name or password."""


class Conflict(EngineError):
    """Somebody else was first: the task is closed, claimed, or its revision is stale."""


class NewerVersion(Conflict):
    """What somebody wants to publish was made from a version that is no longer the newest.

    `key` names the process and `number` its newest version (0: there is none).
    """

    def __init__(self, key: str, number: int) -> None:
        super().__init__(
            Text(
                f"نُشر في هذه الأثناء إصدار أحدث من {key}؛ أعد التعديل عليه.",
                f"A newer version of {key} was published meanwhile. Make your change in that one.",
            )
        )
        self.key = key
        self.number = number


class AlreadyExists(Conflict):
    """A unique thing exists already (an open journey, a national id, a user name)."""


class Invalid(EngineError):
    """Input of a right shape but a wrong content.

    `errors` maps a field's path (`steps.0.due_date`; `_` for the whole body) to its messages.
    """

    def __init__(self, message: Text, errors: Mapping[str, Sequence[Text]] | None = None) -> None:
        super().__init__(message)
        self.errors: dict[str, list[Text]] = {k: list(v) for k, v in (errors or {}).items()}


class KeyReused(EngineError):
    """The same idempotency key came with another body."""


class Refused(EngineError):
    """A deployment was refused; `findings` say what is wrong in which file and element."""

    def __init__(self, message: str | Text, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class KeyDestroyed(EngineError):
    """The personal data was erased by destroying its key; nothing can bring it back."""


class Unavailable(EngineError):
    """The database cannot be reached or is too busy; the same call may be made again later."""


class TooManyAttempts(EngineError):
    """Too many sign-ins were tried; `retry_after` is how many seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            Text(
                f"محاولات كثيرة. انتظر {retry_after} ثانية ثم حاول من جديد.",
                f"Too many attempts. Wait {retry_after} seconds and try again.",
            )
        )
        self.retry_after = retry_after
