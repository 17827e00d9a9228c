"""What notifications ask of ways to reach people outside the product (e-mail, SMS)."""

from __future__ import annotations

from typing import Protocol

from engine.store.notifications import Notification
from engine.store.transaction import Transaction


class NotificationChannel(Protocol):
    """One way out. None is registered by default: an installation that has a mail or SMS service
    gives its channels to `Notifications`."""

    def enqueue(self, transaction: Transaction, notification: Notification) -> None:
        """Store a call to the outside in the transaction that made `notification`, to be sent
        after its commit. Must not call anybody by itself; an exception undoes the command."""
