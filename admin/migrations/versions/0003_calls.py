"""What happens on the phone: calls, their journals, texts on their way."""

from alembic import op

revision = "0003"
down_revision = "0002"

SCHEMA = """
CREATE TABLE message (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    key TEXT NOT NULL,
    ticket_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    template TEXT NOT NULL,
    body_sealed TEXT NOT NULL,
    state varchar(40) NOT NULL,
    message_sid TEXT,
    error_code BIGINT,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_message PRIMARY KEY (id),
    CONSTRAINT uq_message_key UNIQUE (key),
    CONSTRAINT fk_message_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT fk_message_line_id FOREIGN KEY(line_id) REFERENCES line (id),
    CONSTRAINT ck_message_messagestate CHECK (state IN ('sending', 'sent', 'delivered', 'failed')),
    CONSTRAINT uq_message_message_sid UNIQUE (message_sid)
);
CREATE INDEX ix_message_ticket_id ON message (ticket_id);
CREATE TABLE call (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    call_sid TEXT NOT NULL,
    part varchar(40) NOT NULL,
    network_id BIGINT NOT NULL,
    line_id BIGINT,
    attempt_id BIGINT,
    facts_sealed TEXT NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_call PRIMARY KEY (id),
    CONSTRAINT uq_call_call_sid UNIQUE (call_sid),
    CONSTRAINT ck_call_part CHECK (part IN ('caller', 'helper', 'resident', 'announcement')),
    CONSTRAINT fk_call_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_call_line_id FOREIGN KEY(line_id) REFERENCES line (id),
    CONSTRAINT fk_call_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
);
CREATE INDEX ix_call_attempt_id ON call (attempt_id);
CREATE INDEX ix_call_live ON call (started_at) WHERE ended_at IS NULL;
CREATE TABLE journal (
    call_id BIGINT NOT NULL,
    place BIGINT NOT NULL,
    key TEXT NOT NULL,
    value_sealed TEXT NOT NULL,
    heard_at timestamptz,
    CONSTRAINT pk_journal PRIMARY KEY (call_id, place),
    CONSTRAINT fk_journal_call_id FOREIGN KEY(call_id) REFERENCES call (id)
);
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(SCHEMA)
