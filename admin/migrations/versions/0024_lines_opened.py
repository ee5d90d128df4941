"""Lines are opened on the pages, and tell how they stand with the operator; mailboxes are added there, and may rest."""

from alembic import op

revision = "0024"
down_revision = "0023"

SCHEMA = """
ALTER TABLE line ADD COLUMN connect_asked_at timestamptz,
    ADD COLUMN connect_tried_at timestamptz,
    ADD COLUMN connected_to TEXT,
    ADD COLUMN connect_trouble VARCHAR(40),
    ADD CONSTRAINT ck_line_linetrouble CHECK (connect_trouble IN ('no_such_number', 'refused', 'unreachable'));
ALTER TABLE mailbox ADD COLUMN paused BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE people_change DROP CONSTRAINT ck_people_change_peoplechangekind,
    ADD CONSTRAINT ck_people_change_peoplechangekind CHECK (kind IN ('added', 'edited', 'role_given', 'commitment_signed',
        'left', 'came_back', 'helper_changed', 'organisation_added', 'organisation_changed', 'boundaries_changed',
        'rights_changed', 'rules_published', 'rules_changed', 'rules_accepted', 'line_changed', 'settings_changed',
        'bulletin_on', 'bulletin_off', 'line_opened', 'bulletin_moved', 'mailbox_added', 'mailbox_changed',
        'mailbox_removed', 'sign_ins_ended', 'key_made', 'key_ended', 'account_bound', 'account_forgotten',
        'indicator_changed', 'indicator_removed'));
"""


def upgrade() -> None:
    """Make the columns."""
    op.execute(SCHEMA)
