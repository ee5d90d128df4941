"""Whether the caller was helped: when they were asked, and whether a network asks."""

from alembic import op

revision = "0011"
down_revision = "0010"

SCHEMA = """
ALTER TABLE network ADD COLUMN asks_feedback BOOLEAN DEFAULT 'true' NOT NULL;
ALTER TABLE ticket ADD COLUMN feedback_asked_at timestamptz,
    ADD CONSTRAINT ck_ticket_feedback CHECK (feedback BETWEEN 1 AND 3);
CREATE INDEX ix_ticket_closed ON ticket (closed_at) WHERE closed_at IS NOT NULL;
"""


def upgrade() -> None:
    """Widen the tables."""
    op.execute(SCHEMA)
