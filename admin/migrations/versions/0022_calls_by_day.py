"""A network's calls of a day are found by an index, however many there are."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the index."""
    op.execute("CREATE INDEX ix_call_newest ON call (network_id, started_at DESC, id DESC)")
