"""All tables, the chained history, row-level security and grants.

Revision ID: 0001
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make everything."""
    for name in ("0001_tables.sql", "0001_history.sql", "0001_security.sql"):
        run_script(op.get_bind(), (_SQL / name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove everything."""
    run_script(op.get_bind(), (_SQL / "0001_down.sql").read_text(encoding="utf-8"))
