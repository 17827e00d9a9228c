"""First answers of commands that may be sent twice, kept for 30 days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from engine.errors import KeyReused
from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction
from engine.wording import Text

KEPT = timedelta(days=30)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body_hash", sa.Text, nullable=False),
    sa.Column("response", sa.Text, nullable=False),  # JSON
    sa.Column("at", Instant, nullable=False, index=True),
)

_FIND = Statement(
    sa.select(idempotency.c.body_hash, idempotency.c.response).where(
        idempotency.c.scope == sa.bindparam("scope"), idempotency.c.key == sa.bindparam("key")
    )
)
_DROP = Statement(idempotency.delete().where(idempotency.c.at < sa.bindparam("before")))
_KEEP = Statement(idempotency.insert())


def find(tx: Transaction, scope: str, key: str, body_hash: str) -> Any | None:
    """The first answer to `key` within `scope`, or None when it is new.

    Raises `KeyReused` when it came with another body. A second transaction with the same key waits
    here until the first one is over.
    """
    tx.lock(f"idempotency:{scope}\n{key}")
    row = _FIND.first(tx, {"scope": scope, "key": key})
    if row is None:
        return None
    if row["body_hash"] != body_hash:
        raise KeyReused(
            Text(
                "استُخدم مفتاح Idempotency-Key هذا مع محتوى آخر؛ أرسل مفتاحاً جديداً لكل طلب جديد.",
                "This Idempotency-Key was used before with another body. "
                "Send a new key for a new request.",
            )
        )
    return msgspec.json.decode(row["response"])


def remember(  # noqa: PLR0917  the parts of one row, in its order
    tx: Transaction, scope: str, key: str, body_hash: str, response_json: Any, at: datetime
) -> None:
    """Store the answer of a command that succeeded, in its own transaction; drop expired ones."""
    _DROP.run(tx, {"before": at - KEPT})
    response = msgspec.json.encode(response_json).decode()
    values = {"scope": scope, "key": key, "body_hash": body_hash, "response": response, "at": at}
    _KEEP.run(tx, values)
