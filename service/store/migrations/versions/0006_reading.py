"""Disclosures, consents, substitutes and the emergency button: what reading depends on beside roles.

Revision ID: 0006
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0006_reading.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: what was given and agreed is lost."""
    run_script(
        op.get_bind(),
        "DROP TABLE disclosure; DROP TABLE consent; DROP TABLE substitution; DROP TABLE emergency;"
        + "".join(f" DROP POLICY own_entry ON dossier_{klasse};" for klasse in "iozm"),
    )
