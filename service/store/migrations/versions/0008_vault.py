"""The service's own data keys, and the vault of citizen service numbers.

Revision ID: 0008
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0008_vault.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: the numbers are gone, and keyed digests of before match nothing afterwards."""
    run_script(
        op.get_bind(),
        "DROP TABLE vault.bsn; DROP SCHEMA vault; DROP FUNCTION scope_vault(); DROP TABLE service_key;",
    )
