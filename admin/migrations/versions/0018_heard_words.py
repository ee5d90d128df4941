"""What a machine heard: transcripts of messages, piece by piece until they are whole, and lines that hear speech and have two names."""

from alembic import op

revision = "0018"
down_revision = "0017"

SCHEMA = """
ALTER TABLE line ADD COLUMN hears_speech BOOLEAN DEFAULT 'false' NOT NULL, ADD COLUMN other_name TEXT;
ALTER TABLE recording ADD COLUMN transcript_by_machine BOOLEAN DEFAULT 'false' NOT NULL;

CREATE TABLE transcript_piece (
    call_sid TEXT NOT NULL,
    turn BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    text_sealed TEXT NOT NULL,
    heard_at timestamptz NOT NULL,
    CONSTRAINT pk_transcript_piece PRIMARY KEY (call_sid, turn, sequence)
);
CREATE INDEX ix_transcript_piece_heard_at ON transcript_piece (heard_at);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(SCHEMA)
