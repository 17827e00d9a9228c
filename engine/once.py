"""Creating something once, however often the same request arrives.

For what is no command on a case (`engine.commands` has its own way, which seals the answers).
Answers are kept as they are: they hold ids and names of files and accounts, nothing personal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.clock import SystemClock
from engine.commands import IdempotencyKey
from engine.store import idempotency
from engine.store.transaction import Transaction


def once(
    tx: Transaction,
    key: IdempotencyKey | None,
    make: Callable[[], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """What `make` answers, or answered when the same key and body came first.

    Raises `KeyReused` when the key came with another body.
    """
    first = first_answer(tx, key)
    if first is not None:
        return first
    answer = make()
    keep(tx, key, answer)
    return answer


def first_answer(tx: Transaction, key: IdempotencyKey | None) -> Mapping[str, Any] | None:
    """What was answered to `key` before; None when it is new, or none was sent.

    Raises `KeyReused` when it came with another body.
    """
    if key is None:
        return None
    found: Mapping[str, Any] | None = idempotency.find(tx, key.scope, key.key, key.body_hash)
    return found


def keep(tx: Transaction, key: IdempotencyKey | None, answer: Mapping[str, Any]) -> None:
    """Keep `answer` for who sends `key` again.

    Keys are kept for 30 days of system time, as everywhere: a simulated clock that runs ahead must
    not throw them away.
    """
    if key is not None:
        now = SystemClock().now()
        idempotency.remember(tx, key.scope, key.key, key.body_hash, dict(answer), now)
