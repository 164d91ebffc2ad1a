"""Tasks of called processes know their definition; start events that the service itself starts are kept.

Revision ID: 0005
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Add the columns and the table."""
    run_script(op.get_bind(), (_SQL / "0005_versions.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take them away; start events of deployed processes no longer start anything."""
    run_script(
        op.get_bind(),
        "DROP TABLE start_event; DROP TABLE message_start; ALTER TABLE user_task DROP COLUMN definition_key;"
        " ALTER TABLE definition DROP COLUMN version_tag; ALTER TABLE message DROP COLUMN message_id;",
    )
