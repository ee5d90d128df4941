"""Which texts of callers have been taken, so that none is taken twice."""

from alembic import op

revision = "0005"
down_revision = "0004"

SCHEMA = """
CREATE TABLE heard_text (
    message_sid TEXT NOT NULL,
    heard_at timestamptz NOT NULL,
    CONSTRAINT pk_heard_text PRIMARY KEY (message_sid)
);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(SCHEMA)
