"""Timers in order.

Thousands of deadlines fall on the same midnight; the index gives them in the order they fire in.

Revision 0003, after 0002. Migrations only go forward.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_timer_due_at_instance_id_key", "timer", ["due_at", "instance_id", "key"])
    op.drop_index("ix_timer_due_at", table_name="timer")
