"""A template of the rota can be removed; what was published from it stays, and its name is free again."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Note when one was removed; only the others must differ in name."""
    op.execute("ALTER TABLE template ADD COLUMN removed_at timestamptz, DROP CONSTRAINT uq_template_network_id_name")
    op.execute("CREATE UNIQUE INDEX uq_template_name ON template (network_id, name) WHERE removed_at IS NULL")
