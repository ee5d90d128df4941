"""Tickets that showed that somebody needs training are found by an index, however few they are among how many."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Make the index."""
    op.execute("""
        CREATE INDEX ix_ticket_training ON ticket (network_id, id DESC)
            INCLUDE (status, language, municipality, channel, outcome, owner_organisation_id, owner_person_id, non_disclosure,
                deadline, created_at) WHERE training_need
    """)
