"""How often the public form is sent, by number and by address."""

from alembic import op

revision = "0006"
down_revision = "0005"

SCHEMA = """
CREATE TABLE count (
    source BYTEA NOT NULL,
    begins timestamptz NOT NULL,
    times BIGINT NOT NULL,
    CONSTRAINT pk_count PRIMARY KEY (source, begins)
);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(SCHEMA)
