"""Creating something once, however often the same request arrives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.clock import SystemClock
from engine.commands import IdempotencyKey
from engine.store import idempotency
from engine.store.database import Transaction


def once(
    tx: Transaction,
    key: IdempotencyKey | None,
    make: Callable[[], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """What `make` answers, or answered when the same key and body came first.

    Keys are kept for 30 days of system time, as everywhere: a simulated clock that runs ahead must
    not throw them away. Raises `KeyReused` when the key came with another body.
    """
    if key is None:
        return make()
    earlier = idempotency.find(tx, key.scope, key.key, key.body_hash)
    if earlier is not None:
        found: Mapping[str, Any] = earlier
        return found
    answer = make()
    idempotency.remember(tx, key.scope, key.key, key.body_hash, dict(answer), SystemClock().now())
    return answer
