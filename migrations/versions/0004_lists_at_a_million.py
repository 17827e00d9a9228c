"""Lists at a million.

Each list has an index in its own order, of the rows that it is about: open tasks apart from closed
ones, cases that ended apart from those that move, tokens and name tokens by unit.

Revision 0004, after 0003. Migrations only go forward.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = "state = 'open'"
_TASKS = {
    "open_by_due": (["unit", "due_order", "id", "assignee", "candidate_groups", "state"], _OPEN),
    "open_by_creation": (["unit", "created_at", "id"], _OPEN),
    "open_by_priority": (["unit", "precedence", "due_order", "id"], _OPEN),
    "open_by_kind": (["unit", "element_id", "name", "due_order", "id"], _OPEN),
    "open_by_holder": (
        ["assignee", "due_order", "id", "unit", "candidate_groups", "state"],
        f"{_OPEN} AND assignee IS NOT NULL",
    ),
    "closed_by_due": (["unit", "due_order", "id"], "state <> 'open'"),
}
_OLD_OF_TASKS = (
    "instance_id_state", "state_unit_due_order_id", "state_unit_created_at_id", "state_assignee",
    "subject",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("active_element", sa.Column("unit", sa.Text(), comment="the case's"))
    op.execute(
        "UPDATE active_element SET unit = (SELECT process_instance.unit FROM process_instance "
        "WHERE process_instance.id = active_element.instance_id)"
    )
    op.create_index(
        "ix_active_element_element_id_unit_instance_id",
        "active_element",
        ["element_id", "unit", "instance_id"],
    )

    op.add_column("person_token", sa.Column("unit", sa.String(length=80)))
    op.execute(
        "UPDATE person_token SET unit = "
        "(SELECT person.unit FROM person WHERE person.id = person_token.person_id)"
    )
    op.create_index(
        "ix_person_token_token_unit_person_id", "person_token", ["token", "unit", "person_id"]
    )

    op.drop_index("ix_process_instance_business_key", table_name="process_instance")
    op.create_index(
        "ix_process_instance_business_key",
        "process_instance",
        ["business_key"],
        postgresql_ops={"business_key": "text_pattern_ops"},
    )
    for columns in (["status", "started_at", "id"], ["unit", "status", "started_at", "id"]):
        name = f"ix_process_instance_others_{'_'.join(columns)}"
        _partial(name, "process_instance", columns, "status <> 'active'")

    for old in _OLD_OF_TASKS:
        op.drop_index(f"ix_user_task_{old}", table_name="user_task")
    op.create_index("ix_user_task_instance_id", "user_task", ["instance_id"])
    for name, (columns, where) in _TASKS.items():
        _partial(f"ix_user_task_{name}", "user_task", columns, where)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
