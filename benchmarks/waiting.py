"""Cases that wait for a moment: real ones to be fired, and rows that only have to be there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from app import Product
from benchmarks import models
from benchmarks.bulk import Bulk, microseconds
from benchmarks.places import UNIT, WORKER, Installation
from engine.opening import CaseAbout, Opening
from engine.store.cases import process_instance
from engine.store.database import Database
from engine.store.timers import timer

_BATCH = 200
_NEVER = timedelta(days=3650)


def wait_until(product: Product, moments: Sequence[datetime]) -> None:
    """Start one case for each moment, many of them in one transaction."""
    engine = product.engine
    opening = Opening(engine.commands)
    about = CaseAbout(UNIT, None, None)
    for begin in range(0, len(moments), _BATCH):
        with engine.database.transaction() as transaction:
            version = engine.definitions.version(transaction, models.WAIT)
            for moment in moments[begin : begin + _BATCH]:
                at = moment.astimezone(UTC).isoformat()
                variables = {"at": at}
                opening.start(transaction, WORKER, version, about=about, variables=variables)
    engine.parts.live.clear()


def crowd(place: Installation, count: int) -> None:
    """Add so many timers that are due in years; nothing will ever touch their cases."""
    now = microseconds(datetime.now(UTC))
    far = microseconds(datetime.now(UTC) + _NEVER)
    ids = [f"crowd-{number:08d}" for number in range(count)]
    with Bulk(place.settings.database_url) as bulk:
        columns = (
            "id", "version_id", "process_key", "version_number", "unit", "owner", "status",
            "active_elements", "started_by", "started_at", "revision", "journal_seq",
            "journal_hash", "state",
        )  # fmt: skip
        bulk.insert(
            "process_instance",
            columns,
            (
                (one, 1, models.WAIT, 1, UNIT, one, "active", '["pause"]', WORKER.username, now,
                 1, 1, "00", b"sealed")
                for one in ids
            ),
        )  # fmt: skip
        bulk.insert(
            "timer",
            ("instance_id", "key", "element_id", "due_at", "failures"),
            ((one, "2", "pause", far + number, 0) for number, one in enumerate(ids)),
        )


def still_waiting(database: Database, until: datetime) -> int:
    """How many timers are due by `until` and have not fired."""
    statement = sa.select(sa.func.count()).select_from(timer).where(timer.c.due_at <= until)
    with database.reading() as transaction:
        return int(transaction.execute(statement).scalar_one())


def ends(database: Database, since: datetime) -> list[datetime]:
    """When the waiting cases that were started since then were fired, in the order of starting."""
    c = process_instance.c
    statement = sa.select(c.ended_at).where(c.started_at >= since, c.ended_at.is_not(None))
    with database.reading() as transaction:
        return list(transaction.execute(statement.order_by(c.started_at, c.id)).scalars())
