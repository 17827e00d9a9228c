"""A country's worth of open tasks, for lists to be read from: rows as the product would have
written them, but sealed parts that nobody can open."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from app import Product
from benchmarks import models
from benchmarks.bulk import Bulk, Row, microseconds
from benchmarks.places import UNIT, Installation
from engine.store.tasks import LAST
from journey.names import TokenHasher

ENTRIES = 5
"""Journal entries a case."""
TASKS_A_PERSON = 10
UNITS = (UNIT, *(f"naf:branch_{number}" for number in range(1, 12)))
FIRST_NAMES = (
    "محمد", "أحمد", "خالد", "عمر", "يوسف", "علي", "حسن", "إبراهيم", "محمود", "سامي", "فاطمة",
    "مريم", "عائشة", "زينب", "هدى", "نور", "سلمى", "رنا", "إيمان", "سعاد", "ليلى", "منى", "هبة",
    "سناء", "رحمة",
)  # fmt: skip
LAST_NAMES = (
    "العبادي", "الزعبي", "الخطيب", "النجار", "الحداد", "السعدي", "المصري", "الشامي", "القاسم",
    "الرفاعي", "العمري", "الحسيني", "الطراونة", "المجالي", "العجارمة", "البطاينة", "الروسان",
    "الشرمان", "عبيدات", "حجازي",
)  # fmt: skip
_SEALED = bytes(240)
_HASH = bytes(32)
_YEAR = timedelta(days=365)


def case_id(number: int) -> str:
    """Ids grow with time, as the engine's own do."""
    return f"{number:012x}{0:020x}"


def unit_of(number: int) -> str:
    """Where a case belongs: every branch has as many."""
    return UNITS[number % len(UNITS)]


def person_id(number: int) -> str:
    """Whom a case is about. Each person has cases at one branch only."""
    return f"{number % len(UNITS)}-{number // len(UNITS) // TASKS_A_PERSON}"


def names_of(person: str) -> tuple[str, str]:
    """First and last name."""
    branch, number = map(int, person.split("-"))
    turn = number + branch * 7
    return FIRST_NAMES[turn % len(FIRST_NAMES)], LAST_NAMES[turn // 3 % len(LAST_NAMES)]


def fill(place: Installation, count: int) -> None:
    """Add so many cases, each with one open task and `ENTRIES` journal entries."""
    product = place.open()
    now = datetime.now(UTC)
    people = sorted({person_id(number) for number in range(count)})
    with Bulk(place.settings.database_url) as bulk:
        bulk.insert("process_instance", _CASE, _cases(count, now))
        bulk.insert(
            "active_element",
            ("element_id", "instance_id", "unit"),
            sorted((_step(number), case_id(number), unit_of(number)) for number in range(count)),
        )
        bulk.insert("user_task", _TASK, _tasks(count, now))
        bulk.insert("journal", _ENTRY, _entries(count, now))
        bulk.insert("person", _PERSON, _people(people, now))
        bulk.insert("person_token", ("token", "person_id", "unit"), _tokens(product, people))
    product.engine.close()


def _step(number: int) -> str:
    return f"step_{number % len(models.STEPS) + 1}"


def _started(number: int, count: int, now: datetime) -> datetime:
    return now - _YEAR + _YEAR * number / count


_CASE = (
    "id", "version_id", "process_key", "version_number", "business_key", "unit", "subject",
    "owner", "status", "active_elements", "started_by", "started_at", "revision", "journal_seq",
    "journal_hash", "state",
)  # fmt: skip


def _cases(count: int, now: datetime) -> Iterator[Row]:
    for number in range(count):
        person = person_id(number)
        yield (
            case_id(number), 1, models.FIVE, 1, f"J-{number:07d}", unit_of(number), person, person,
            "active", f'["{_step(number)}"]', "case_worker.irbid",
            microseconds(_started(number, count, now)), ENTRIES, ENTRIES, "00" * 32, _SEALED,
        )  # fmt: skip


_TASK = (
    "id", "instance_id", "key", "process_key", "version_number", "element_id", "name", "form",
    "state", "assignee", "candidate_groups", "unit", "business_key", "subject", "created_at",
    "due_at", "due_order", "priority", "precedence", "revision",
)  # fmt: skip


def _tasks(count: int, now: datetime) -> Iterator[Row]:
    chance = random.Random(1)  # noqa: S311  the same rows each time
    for number in range(count):
        case, step = case_id(number), _step(number)
        due: int | None = None
        if chance.random() < 0.8:
            due = microseconds(now + timedelta(seconds=chance.randint(-2_592_000, 2_592_000)))
        holder = chance.randrange(120)
        priority = chance.choice((50, 50, 50, 80))
        yield (
            f"{case}.t", case, "5", models.FIVE, 1, step, f"{step} task", f"bench_{step}",
            "open", f"worker.{holder}" if holder < 40 else None,
            "|branch_head|" if number % 5 == 0 else "|case_worker|", unit_of(number),
            f"J-{number:07d}", person_id(number), microseconds(_started(number, count, now)),
            due, LAST if due is None else due, priority, -priority, 1,
        )  # fmt: skip


_ENTRY = (
    "stream", "seq", "at", "kind", "actor", "element_id", "element_name", "flow_ids", "header",
    "owner", "payload", "hash",
)  # fmt: skip


def _entries(count: int, now: datetime) -> Iterator[Row]:
    for number in range(count):
        stream, owner = f"case:{case_id(number)}", person_id(number)
        at = microseconds(_started(number, count, now))
        for seq in range(1, ENTRIES + 1):
            yield (
                stream, seq, at + seq, "complete", "case_worker.irbid", "step_1", "step_1 task",
                '["step_1_step_2"]', '{"task":"t"}', owner, _SEALED, _HASH,
            )  # fmt: skip


_PERSON = (
    "id", "unit", "national_id_hash", "sealed", "version", "created_at", "created_by",
    "identity_changed_at",
)  # fmt: skip


def _people(people: Sequence[str], now: datetime) -> Iterator[Row]:
    at = microseconds(now - _YEAR)
    for number, person in enumerate(people):
        unit = _branch_of(person)
        digest = number.to_bytes(32)
        yield person, unit, digest, _SEALED, 1, at + number, "case_worker.irbid", at


def _branch_of(person: str) -> str:
    return UNITS[int(person.split("-", maxsplit=1)[0])]


def _tokens(product: Product, people: Sequence[str]) -> list[tuple[bytes, str, str]]:
    hasher = TokenHasher(product.engine.keyring.derive("person name"))
    known: dict[tuple[str, str], frozenset[bytes]] = {}
    found: list[tuple[bytes, str, str]] = []
    for person in people:
        names = names_of(person)
        if names not in known:
            known[names] = hasher.of_names(names)
        found += [(token, person, _branch_of(person)) for token in known[names]]
    return sorted(found)
