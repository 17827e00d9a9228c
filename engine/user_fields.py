"""What an account may hold: its name, roles, places and language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from engine.access import UNIT_KINDS
from engine.errors import Invalid
from engine.records import SYSTEM, Role
from engine.wording import Text

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def check_username(username: str) -> None:
    """Raises `Invalid` for what cannot be a user name."""
    # Nobody may be taken in the journal for the product itself.
    if not _USERNAME.fullmatch(username) or username == SYSTEM.username:
        raise Invalid(
            Text("لا يمكن استخدام اسم المستخدم هذا.", "The user name cannot be used."),
            {
                "username": [
                    Text(
                        "أحرف لاتينية صغيرة وأرقام ونقطة وشرطة وشرطة سفلية، 64 على الأكثر.",
                        "Small letters a-z, digits, dot, dash and underscore, at most 64.",
                    )
                ]
            },
        )


def checked_name(name: str) -> str:
    """The name, trimmed and composed. Raises `Invalid`."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean or len(clean) > 200 or any(unicodedata.category(c) == "Cc" for c in clean):
        raise Invalid(
            Text("لا يمكن استخدام هذا الاسم.", "The name cannot be used."),
            {"name": [Text("من 1 إلى 200 حرف.", "From 1 to 200 characters.")]},
        )
    return clean


def checked_roles(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles, each once. Raises `Invalid`."""
    given = frozenset(roles)
    if not given or Role.SYSTEM in given:
        raise Invalid(
            Text("لا يمكن منح هذه الأدوار.", "The roles cannot be given."),
            {
                "roles": [
                    Text(
                        "اذكر دوراً واحداً على الأقل، غير system.", "Name at least one, not `system`."
                    )
                ]
            },
        )
    return given


def check_places(roles: Iterable[Role], units: Iterable[str]) -> None:
    """Raises `Invalid` when no role of the account works in a unit of that kind: a role reaches
    the tasks of all units that are given. An account without any unit is nobody's place yet."""
    kinds = {role.value: UNIT_KINDS[role] for role in sorted(roles)}
    wrong = {unit: unit.partition(":")[0] for unit in sorted(units)}
    wrong = {unit: kind for unit, kind in wrong.items() if kind not in kinds.values()}
    if not wrong:
        return
    wanted = ", ".join(f"{role}: {kind}" for role, kind in kinds.items())
    raise Invalid(
        Text("وحدة لا تناسب الدور.", "A unit does not fit the role."),
        {
            "units": [
                Text(
                    f"الوحدة {unit} من نوع {kind}، وأنواع وحدات الأدوار الممنوحة هي: {wanted}.",
                    f"{unit} is a unit of the kind {kind}; the roles work in units of these "
                    f"kinds: {wanted}.",
                )
                for unit, kind in wrong.items()
            ]
        },
    )


def checked_language(language: str) -> str:
    """The language of the user's reminders. Raises `Invalid`."""
    if language not in {"ar", "en"}:
        raise Invalid(
            Text("اللغة غير معروفة.", "The language is unknown."),
            {"language": [Text("المطلوب ar أو en.", "Must be `ar` or `en`.")]},
        )
    return language
