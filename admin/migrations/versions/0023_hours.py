"""A network keeps its own hours: when it rings back, how soon at the earliest, how far ahead."""

from alembic import op

revision = "0023"
down_revision = "0022"

SCHEMA = """
ALTER TABLE network ADD COLUMN opens TIME NOT NULL DEFAULT '09:00', ADD COLUMN closes TIME NOT NULL DEFAULT '15:00',
    ADD COLUMN notice_minutes BIGINT NOT NULL DEFAULT 30, ADD COLUMN working_days BIGINT NOT NULL DEFAULT 10,
    ADD CONSTRAINT ck_network_hours CHECK (closes - opens >= INTERVAL '1 hour' AND closes < '24:00'
        AND extract(epoch FROM opens) % 900 = 0 AND extract(epoch FROM closes) % 900 = 0),
    ADD CONSTRAINT ck_network_notice CHECK (notice_minutes BETWEEN 15 AND 1440),
    ADD CONSTRAINT ck_network_window CHECK (working_days BETWEEN 1 AND 30);
"""


def upgrade() -> None:
    """Add the hours; what was the same for all stays as it was."""
    op.execute(SCHEMA)
