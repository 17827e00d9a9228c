"""Seals.

Revision 0002, after 0001. Migrations only go forward.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.operations import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False, comment="chains in this tree"),
        sa.Column("chains", sa.BigInteger(), nullable=False, comment="chains there were at all"),
        sa.Column("entries", sa.BigInteger(), nullable=False, comment="entries in all chains"),
        sa.Column("root", sa.Text(), nullable=False, comment="hex"),
        sa.Column(
            "previous", sa.Text(), nullable=False, comment="hash of the seal before, or empty"
        ),
        sa.Column("hash", sa.Text(), nullable=False, comment="hex, over all of the above"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_seal")),
    )
    append_only("seal", ["day"])
    op.create_table(
        "seal_leaf",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False, comment="hex"),
        sa.Column("day", sa.Date(), nullable=False, comment="of the seal that found it"),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_seal_leaf")),
    )
    append_only("seal_leaf", ["stream", "seq"])
    op.create_index("ix_seal_leaf_day_stream", "seal_leaf", ["day", "stream"])
