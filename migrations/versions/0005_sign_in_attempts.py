"""Sign-in attempts counted by all server processes.

Revision 0005, after 0004. Migrations only go forward.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.LargeBinary(32), nullable=False, comment="hash of what is limited"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="system time, microseconds"),
        sa.Column("nonce", sa.LargeBinary(8), nullable=False),
        sa.PrimaryKeyConstraint("key", "at", "nonce", name=op.f("pk_sign_in_attempt")),
        comment="who tries too often is stopped; nothing here is older than an hour",
    )
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])
