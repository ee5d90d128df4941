"""A key says what it is for and when it was last used."""

from alembic import op

revision = "0028"
down_revision = "0027"

SCHEMA = """
ALTER TABLE api_token ADD COLUMN purpose TEXT NOT NULL DEFAULT '',
    ADD COLUMN used_at timestamptz;
ALTER TABLE api_token ALTER COLUMN purpose DROP DEFAULT;
"""


def upgrade() -> None:
    """Add them; the keys there are say nothing yet."""
    op.execute(SCHEMA)
