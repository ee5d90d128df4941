"""A line's own words, version by version, and pieces in somebody's own voice."""

from alembic import op

revision = "0016"
down_revision = "0015"

SCHEMA = """
ALTER TABLE line ADD COLUMN wording_version BIGINT DEFAULT '0' NOT NULL;

CREATE TABLE line_sentence (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    line_id BIGINT NOT NULL,
    language VARCHAR(40) NOT NULL,
    key TEXT NOT NULL,
    version BIGINT NOT NULL,
    say TEXT[] NOT NULL,
    again TEXT[] NOT NULL,
    text TEXT,
    written_at timestamptz NOT NULL,
    written_by TEXT NOT NULL,
    CONSTRAINT pk_line_sentence PRIMARY KEY (id),
    CONSTRAINT uq_line_sentence_line_id_language_key_version UNIQUE (line_id, language, key, version),
    CONSTRAINT fk_line_sentence_line_id FOREIGN KEY(line_id) REFERENCES line (id),
    CONSTRAINT ck_line_sentence_language CHECK (language IN ('fi', 'sv'))
);
CREATE TABLE line_recording (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    line_id BIGINT,
    language VARCHAR(40) NOT NULL,
    piece TEXT NOT NULL,
    text TEXT NOT NULL,
    sound BYTEA NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_line_recording PRIMARY KEY (id),
    CONSTRAINT fk_line_recording_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_line_recording_line_id FOREIGN KEY(line_id) REFERENCES line (id),
    CONSTRAINT ck_line_recording_language CHECK (language IN ('fi', 'sv'))
);
CREATE UNIQUE INDEX uq_line_recording_piece ON line_recording (network_id, line_id, piece) NULLS NOT DISTINCT;
CREATE TRIGGER line_sentence_append_only BEFORE UPDATE OR DELETE ON line_sentence
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(SCHEMA)
