"""Absence, mandates of controllers, and organisations and roles that pages changed.

Revision ID: 0020
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, with forced row-level security, and the marks of what pages changed."""
    run_script(op.get_bind(), (_SQL / "0020_standing.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: nobody stands in, nobody holds a mandate, and the start files decide again."""
    run_script(
        op.get_bind(),
        "DROP TABLE absence; DROP TABLE mandate;"
        "ALTER TABLE organisation DROP COLUMN ended_at, DROP COLUMN edited_at;"
        "ALTER TABLE account DROP COLUMN roles_changed_at;",
    )
