"""Bulletins: what every caller of a line, or of all lines, hears first while it is on. The log tells of them, of lines and settings too."""

from alembic import op

revision = "0021"
down_revision = "0020"

SCHEMA = """
CREATE TABLE bulletin (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    line_id BIGINT,
    text_fi TEXT NOT NULL,
    text_sv TEXT NOT NULL,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    put_on_by TEXT NOT NULL,
    ended_at timestamptz,
    ended_by TEXT,
    CONSTRAINT pk_bulletin PRIMARY KEY (id),
    CONSTRAINT fk_bulletin_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_bulletin_line_id FOREIGN KEY(line_id) REFERENCES line (id),
    CONSTRAINT ck_bulletin_span CHECK (ends_at > begins_at),
    CONSTRAINT ck_bulletin_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX uq_bulletin_on ON bulletin (network_id, line_id) NULLS NOT DISTINCT WHERE ended_at IS NULL;

ALTER TABLE people_change DROP CONSTRAINT ck_people_change_peoplechangekind,
    ADD CONSTRAINT ck_people_change_peoplechangekind CHECK (kind IN ('added', 'edited', 'role_given', 'commitment_signed',
        'left', 'came_back', 'helper_changed', 'organisation_added', 'organisation_changed', 'boundaries_changed',
        'rights_changed', 'rules_published', 'rules_changed', 'rules_accepted', 'line_changed', 'settings_changed',
        'bulletin_on', 'bulletin_off'));
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(SCHEMA)
