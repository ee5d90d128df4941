"""The alerts that somebody has to see are found by an index, however many there have been."""

from alembic import op

revision = "0027"
down_revision = "0024"


def upgrade() -> None:
    """Make the index; the one that also held what was over by itself goes."""
    op.execute("CREATE INDEX ix_alert_open ON alert (network_id, id) WHERE seen_at IS NULL AND resolved_at IS NULL")
    op.execute("DROP INDEX ix_alert_unseen")
