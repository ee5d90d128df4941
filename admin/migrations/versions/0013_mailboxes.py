"""Mailboxes that are read, and the messages that were taken from them."""

from alembic import op

revision = "0013"
down_revision = "0012"

SCHEMA = """
CREATE TABLE mailbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    host TEXT NOT NULL,
    port BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    password_sealed TEXT NOT NULL,
    folder TEXT NOT NULL,
    done_folder TEXT,
    active BOOLEAN NOT NULL,
    busy_until timestamptz,
    read_at timestamptz,
    trouble VARCHAR(40),
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_mailbox PRIMARY KEY (id),
    CONSTRAINT fk_mailbox_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_mailbox_line_id FOREIGN KEY(line_id) REFERENCES line (id),
    CONSTRAINT ck_mailbox_mailtrouble CHECK (trouble IN ('unreachable', 'log_in_refused', 'no_folder', 'refused'))
);
CREATE UNIQUE INDEX uq_mailbox_address ON mailbox (address) WHERE active;
CREATE TABLE mail_message (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    mailbox_id BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    came VARCHAR(40) NOT NULL,
    language VARCHAR(40) NOT NULL,
    message_id_sealed TEXT,
    message_index BYTEA,
    answer_index BYTEA NOT NULL,
    refused_sealed TEXT,
    whole BOOLEAN NOT NULL,
    arrived_at timestamptz NOT NULL,
    answered_at timestamptz,
    CONSTRAINT pk_mail_message PRIMARY KEY (id),
    CONSTRAINT uq_mail_message_key UNIQUE (key),
    CONSTRAINT fk_mail_message_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id),
    CONSTRAINT fk_mail_message_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT ck_mail_message_came CHECK (came IN ('opened', 'added', 'reopened')),
    CONSTRAINT ck_mail_message_written CHECK (language IN ('fi', 'sv', 'en'))
);
CREATE INDEX ix_mail_message_answer ON mail_message (answer_index);
CREATE INDEX ix_mail_message_index ON mail_message (message_index) WHERE message_index IS NOT NULL;
CREATE INDEX ix_mail_message_ticket_id ON mail_message (ticket_id);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(SCHEMA)
