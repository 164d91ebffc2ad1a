"""Messages wait for a while when nobody listens yet.

Revision ID: 0004
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables."""
    run_script(op.get_bind(), (_SQL / "0004_messages.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them; messages that wait are lost."""
    run_script(op.get_bind(), "DROP TABLE message_receipt; DROP TABLE message;")
