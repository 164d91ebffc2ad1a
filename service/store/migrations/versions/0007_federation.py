"""Signing in at a provider: external identities, requests under way, sessions that end on both sides.

Revision ID: 0007
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0007_federation.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: who signed in at a provider gets a new account afterwards."""
    run_script(
        op.get_bind(),
        "DROP TABLE external_session; DROP TABLE external_identity; DROP TABLE sign_in_request;"
        " DROP TABLE logout_receipt;"
        " ALTER TABLE web_session DROP COLUMN assurance; ALTER TABLE web_session DROP COLUMN proved_at;",
    )
